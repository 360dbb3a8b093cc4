//! The v2 protocol: flat XML over HTTPS, signed with MD5 or HMAC-SHA256 and the APIv2 key.

mod asked;
mod call;
pub mod canonical;
mod credentials;
mod nested;
pub mod notification;
pub mod page;
mod refusal;
mod render;
pub mod request_payment;
mod sign;
pub mod xml;

use bytes::Bytes;
use serde_json::{Map, Value};

pub use asked::Asked;
pub use call::{Call, File, Raw};
pub use credentials::{Credentials, SignType};
pub use notification::{
    Acknowledgement, NotificationError, UnauthenticatedRefund, UnverifiedNotification, VerifiedNotification,
};
pub use sign::{sign, verify_sign};
pub use xml::{Fields, XmlError};

use crate::crypto::{Algorithm, Signature};
use crate::draft::Draft;
use crate::error::{BuildError, VerifyError};
use crate::proof::{SignatureRule, VerifiedBy};
use crate::protocol::{Failure, Opened, Protocol, Question, RawAnswer, sealed};
use crate::secret::ApiV2Key;
use crate::stamp::{Stamp, UnixTime};

/// The v2 protocol.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct V2;

impl sealed::Sealed for V2 {}

impl Protocol for V2 {
    type Credentials = Credentials;
    type Keys = ApiV2Key;
    type Rendered = render::Rendered;
    type Asked = Asked;

    fn render(draft: Draft, credentials: &Credentials, stamp: &Stamp) -> Result<Self::Rendered, BuildError> {
        render::render(draft, credentials, stamp)
    }

    fn message(rendered: &Self::Rendered) -> Vec<u8> {
        rendered.message()
    }

    fn algorithm(rendered: &Self::Rendered) -> Algorithm {
        rendered.asked().algorithm
    }

    fn asked(rendered: &Self::Rendered) -> Asked {
        rendered.asked()
    }

    fn attach(rendered: Self::Rendered, signature: &Signature) -> Result<http::Request<Bytes>, BuildError> {
        rendered.attach(signature)
    }

    fn open(
        answer: &RawAnswer,
        asked: &Asked,
        key: &ApiV2Key,
        _: UnixTime,
        rule: SignatureRule,
        question: Question,
    ) -> Result<Opened, Failure> {
        if !answer.status.is_success() {
            let fields = xml::read(&answer.body).unwrap_or_default();
            return Err(Failure::Refused(Box::new(refusal::refusal(
                answer, &fields, question,
            ))));
        }
        // Files come as text or gzip and are XML only when they fail (protocol section 7.10).
        let is_xml = answer
            .body
            .iter()
            .find(|b| !b.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(b));
        if rule != SignatureRule::Always && is_xml != Some(&b'<') {
            return Ok(Opened::default());
        }
        let (fields, nested) =
            fields(&answer.body, rule).map_err(|error| Failure::Unreadable(error.to_string()))?;
        if let Some(code) = fields.get("return_code").filter(|code| *code != "SUCCESS") {
            // A communication failure carries no signature, so there is nothing to verify.
            let _ = code;
            return Err(Failure::Refused(Box::new(refusal::refusal(
                answer, &fields, question,
            ))));
        }
        let failed = fields.get("result_code").is_some_and(|code| code != "SUCCESS");
        let by = prove(&fields, asked, key, rule).map_err(|problem| {
            let claimed = failed.then(|| Box::new(refusal::refusal(answer, &fields, question)));
            Failure::Unverified(problem, claimed)
        })?;
        if failed {
            let mut error = refusal::refusal(answer, &fields, question);
            error.authentic = by.is_some();
            return Err(Failure::Refused(Box::new(error)));
        }
        Ok(Opened {
            by,
            fields: Some(fields),
            nested,
        })
    }

    fn members(_: &RawAnswer, opened: &Opened, names: &[&str]) -> Vec<Option<String>> {
        let fields = opened.fields.as_ref();
        // Empty fields stand for missing ones in v2.
        let text = |name: &&str| fields?.get(*name).filter(|text| !text.is_empty()).cloned();
        names.iter().map(text).collect()
    }
}

/// The fields of an answer. With elements inside a field it is read only where no signature covers it.
fn fields(body: &[u8], rule: SignatureRule) -> Result<(Fields, Map<String, Value>), XmlError> {
    match xml::read(body) {
        Ok(fields) => Ok((fields, Map::new())),
        Err(flat @ XmlError::Nested { .. }) if rule != SignatureRule::Always => {
            let (fields, nested) = nested::read(body)?;
            match rule == SignatureRule::IfPresent && is_signed(&fields) {
                true => Err(flat),
                false => Ok((fields, nested)),
            }
        }
        Err(error) => Err(error),
    }
}

fn is_signed(fields: &Fields) -> bool {
    fields.get("sign").is_some_and(|sign| !sign.is_empty())
}

fn prove(
    fields: &Fields,
    asked: &Asked,
    key: &ApiV2Key,
    rule: SignatureRule,
) -> Result<Option<VerifiedBy>, VerifyError> {
    match rule {
        SignatureRule::Never => return Ok(None),
        SignatureRule::IfPresent if !is_signed(fields) => return Ok(None),
        _ => {}
    }
    let algorithm = verify_sign(fields, key)?;
    if asked.hmac_only && algorithm != Algorithm::HmacSha256 {
        return Err(VerifyError::WeakAlgorithm {
            found: algorithm.as_str(),
        });
    }
    Ok(Some(VerifiedBy::ApiV2Key {
        algorithm,
        asked: asked.algorithm,
    }))
}
