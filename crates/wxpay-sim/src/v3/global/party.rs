//! On whose behalf a global operation is: `mchid`, or `sp_mchid` with `sub_mchid`.

use serde_json::Value;

use crate::v3::call::Call;
use crate::v3::refusal::Refusal;

/// The merchants in a request; the first of them is always the signer.
pub(super) struct Party {
    pub(super) sub_mchid: Option<String>,
}

impl Party {
    /// From the query.
    pub(super) fn in_query(call: &Call<'_>) -> Result<Self, Refusal> {
        let mut found = [const { None }; 3];
        for (slot, name) in found.iter_mut().zip(NAMES) {
            *slot = call.query_parameter(name)?;
        }
        Self::new(call, "query", "", found)
    }

    /// From the body.
    pub(super) fn in_body(call: &Call<'_>, body: &Value) -> Result<Self, Refusal> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        Self::new(call, "body", "/", NAMES.map(text))
    }

    fn new(
        call: &Call<'_>,
        location: &str,
        prefix: &str,
        found: [Option<String>; 3],
    ) -> Result<Self, Refusal> {
        let field = |index: usize| format!("{prefix}{}", NAMES[index]);
        let missing =
            |index: usize| Refusal::param(location, &field(index), Value::Null, "the parameter is missing");
        match found {
            [Some(mchid), None, None] => {
                call.check_signer(location, &field(0), &mchid)?;
                Ok(Self { sub_mchid: None })
            }
            [None, Some(sp_mchid), Some(sub_mchid)] => {
                call.check_signer(location, &field(1), &sp_mchid)?;
                Ok(Self {
                    sub_mchid: Some(sub_mchid),
                })
            }
            [None, None, None] => Err(missing(0)),
            [None, Some(_), None] => Err(missing(2)),
            [None, None, Some(_)] => Err(missing(1)),
            [Some(mchid), ..] => {
                let issue =
                    "it stands beside sp_mchid or sub_mchid: a request is a merchant's or an institution's";
                Err(Refusal::param(location, &field(0), mchid.into(), issue))
            }
        }
    }
}

const NAMES: [&str; 3] = ["mchid", "sp_mchid", "sub_mchid"];
