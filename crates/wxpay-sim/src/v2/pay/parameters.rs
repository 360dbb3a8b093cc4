//! Holds a call's fields against the catalogue. v2 ignores what it does not know, but where an order is queried.

use serde_json::Value;
use wxpay_types::check::{Trouble, check_value};
use wxpay_types::schema::Place;
use wxpay_types::table;

use crate::documented::{Location, Request};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;

/// What the envelope has looked at already; the catalogue's limits for a signature are MD5's.
const ENVELOPE: [&str; 3] = ["nonce_str", "sign", "sign_type"];

/// What is said of a field that is not documented, where the real platform refuses those.
///
/// That is the query of an order alone: of no other operation has it been shown, and an order is made whatever else is in
/// its call. It is a communication failure: users of yansongda/pay, which prints `return_msg` with `err_code_des` behind
/// it, have shown this text alone (its issues 723, 731 and 862), and a business failure would begin with `OK`.
pub(crate) fn stranger(path: &str, envelope: &Envelope<'_>) -> Option<String> {
    let info = table::named("v2.pay.order_query").filter(|info| info.path == path)?;
    let mut given = envelope.fields.iter().filter(|(_, text)| !text.is_empty());
    let (name, _) =
        given.find(|(name, _)| !ENVELOPE.contains(&name.as_str()) && info.request.field(name).is_none())?;
    Some(format!("请求中含有未在API文档中定义的参数 ({name})"))
}

/// Checks the fields of an operation, given by its name in the catalogue, and that the appid is the merchant's.
pub(super) fn check(envelope: &Envelope<'_>, operation: &str) -> Result<(), Refusal> {
    let Some(info) = table::named(operation) else {
        return Ok(());
    };
    let mut given = Request::new(info);
    for (name, text) in &envelope.fields {
        given.text(Place::Body, Location::Body, name, text);
    }
    let findings = check_value(info, &Value::Object(given.values().clone()));
    let known = findings
        .iter()
        .filter(|finding| finding.trouble != Trouble::Unknown)
        .map(|finding| (finding.pointer.trim_start_matches('/'), &finding.trouble))
        .find(|(name, _)| !ENVELOPE.contains(name));
    if let Some((name, trouble)) = known {
        return Err(match trouble {
            Trouble::Missing => Refusal::missing(name),
            Trouble::NotExactlyOne { fields } => Refusal::missing(&fields.join(", ")),
            trouble => Refusal::param(name, &trouble.to_string()),
        });
    }
    if !envelope.merchant.has_appid(envelope.field("appid")) {
        return Err(Refusal::appid_mismatch());
    }
    Ok(())
}
