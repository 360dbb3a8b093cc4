//! Holds a call's fields against the catalogue. v2 ignores what it does not know.

use serde_json::Value;
use wxpay_types::check::{Trouble, check_value};
use wxpay_types::schema::Place;
use wxpay_types::table;

use crate::documented::{Location, Request};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;

/// What the envelope has looked at already; the catalogue's limits for a signature are MD5's.
const ENVELOPE: [&str; 3] = ["/nonce_str", "/sign", "/sign_type"];

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
        .find(|finding| finding.trouble != Trouble::Unknown && !ENVELOPE.contains(&finding.pointer.as_str()));
    if let Some(finding) = known {
        let name = finding.pointer.trim_start_matches('/');
        return Err(match &finding.trouble {
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
