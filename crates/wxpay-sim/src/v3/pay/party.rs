//! On whose behalf a call is: a merchant's own, or a partner's for a sub-merchant. The path says which.

use serde_json::Value;

use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::shape;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Merchant,
    Partner,
}

/// The merchants in a request; the first of them is always the signer.
#[derive(Debug)]
pub(super) struct Party {
    pub(super) sub_mchid: Option<String>,
}

impl Mode {
    /// An operation's name in the catalogue.
    pub(super) fn operation(self, name: &str) -> String {
        match self {
            Self::Merchant => format!("v3.pay-transactions.{name}"),
            Self::Partner => format!("v3.pay-partner-transactions.{name}"),
        }
    }

    /// What the signer's appid is called.
    pub(super) fn appid(self) -> &'static str {
        match self {
            Self::Merchant => "/appid",
            Self::Partner => "/sp_appid",
        }
    }

    /// The merchants in a body whose members have been checked.
    pub(super) fn in_body(self, call: &Call<'_>, body: &Value) -> Result<Party, Refusal> {
        match self {
            Self::Merchant => {
                call.check_signer("body", "/mchid", shape::text(body, "/mchid"))?;
                Ok(Party { sub_mchid: None })
            }
            Self::Partner => {
                call.check_signer("body", "/sp_mchid", shape::text(body, "/sp_mchid"))?;
                partner(call, shape::text(body, "/sub_mchid"))
            }
        }
    }

    /// The merchants in the query: all of them must be there.
    pub(super) fn in_query(self, call: &Call<'_>) -> Result<Party, Refusal> {
        let needed = |name: &str| {
            let issue = "the parameter is missing";
            let missing = || Refusal::param("query", name, Value::Null, issue);
            call.query_parameter(name)?.ok_or_else(missing)
        };
        match self {
            Self::Merchant => {
                call.check_signer("query", "mchid", &needed("mchid")?)?;
                Ok(Party { sub_mchid: None })
            }
            Self::Partner => {
                call.check_signer("query", "sp_mchid", &needed("sp_mchid")?)?;
                partner(call, &needed("sub_mchid")?)
            }
        }
    }
}

fn partner(call: &Call<'_>, sub_mchid: &str) -> Result<Party, Refusal> {
    let sub_mchid = Some(call.sub_merchant(sub_mchid)?);
    Ok(Party { sub_mchid })
}
