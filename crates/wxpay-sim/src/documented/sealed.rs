//! Opens the encrypted fields of a request (protocol section 5).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::crypto::{Decryptor as _, MerchantKey, Padding};
use wxpay_types::schema::{Protocol, Sure};

use super::check::place;
use super::facts::Facts;
use super::problem::{Location, Problem, ProblemKind};
use super::request::Request;
use super::walk;

/// What v2 asks for, where no header names a key.
const V2_KEYS: &str = "not encrypted for a key of the platform's: that of /risk/getpublickey, or a certificate of \
                       /risk/getcertficates";

/// The request with its encrypted fields in plaintext. `key` is the platform's, which
/// `Wechatpay-Serial` names in v3.
///
/// # Errors
/// A [`Problem`] when a field is to be encrypted and there is no key, or is not encrypted for it. A field that the facts
/// do not call encrypted for certain stays as it is.
pub(crate) fn open(request: &Request<'_>, facts: Facts, key: Option<&MerchantKey>) -> Result<Value, Problem> {
    let padding = if request.info.pkcs1 {
        Padding::Pkcs1v15
    } else {
        Padding::OaepSha1
    };
    let mut opened = Value::Object(request.values().clone());
    walk::leaves(
        &request.info.request,
        &mut opened,
        &mut |pointer, field, value| {
            // The empty text is left as it is by clients (protocol section 5).
            let Some(text) = value.as_str().filter(|text| field.sensitive && !text.is_empty()) else {
                return Ok(());
            };
            let counts = facts.count(field.sure == Sure::Everything || request.info.sure);
            let Some(key) = key else {
                let issue = format!(
                    "the header is missing or empty: it names the key that {pointer} is encrypted for"
                );
                let problem = Problem::wrong(Location::Header, "Wechatpay-Serial", Value::Null, issue);
                return if counts {
                    Err(problem.of_kind(ProblemKind::Missing))
                } else {
                    Ok(())
                };
            };
            let sealed = STANDARD.decode(text).ok();
            let plain = sealed.and_then(|sealed| key.decrypt(padding, &sealed).ok());
            match plain.and_then(|plain| String::from_utf8(plain.to_vec()).ok()) {
                Some(plain) => *value = plain.into(),
                None if counts => {
                    let (location, field) = place(request.info, pointer);
                    let issue = match request.info.protocol {
                        Protocol::V2 => V2_KEYS,
                        _ => "not encrypted for the key that Wechatpay-Serial names",
                    };
                    return Err(Problem::wrong(location, &field, text.into(), issue));
                }
                None => {}
            }
            Ok(())
        },
    )?;
    Ok(opened)
}
