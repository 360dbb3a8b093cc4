//! A verified request, as operations see it.

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use wxpay_proto::TimeText;
use wxpay_proto::UnixTime;

use super::inner;
use super::refusal::Refusal;
use crate::profile::{Merchant, PlatformIdentity};

pub(super) struct Call<'a> {
    pub(super) signer: &'a Merchant,
    /// The key that `Wechatpay-Serial` names: it signs the answer, and it opens sealed fields.
    pub(super) opener: Option<&'a PlatformIdentity>,
    pub(super) query: &'a str,
    pub(super) body: &'a Bytes,
}

impl Call<'_> {
    /// The body, which must be a JSON object.
    pub(super) fn json(&self) -> Result<Value, Refusal> {
        let refuse = |issue: &str| Refusal::param("body", "", Value::Null, issue);
        match serde_json::from_slice(self.body) {
            Ok(body @ Value::Object(_)) => Ok(body),
            Ok(_) => Err(refuse("the body is no JSON object")),
            Err(_) if self.body.is_empty() => Err(refuse("the body is empty")),
            Err(error) => Err(refuse(&format!("the body is no JSON: {error}"))),
        }
    }

    /// The merchant in the request must be the one in `Authorization`.
    pub(super) fn check_signer(&self, location: &str, field: &str, mchid: &str) -> Result<(), Refusal> {
        if mchid == self.signer.id().as_str() {
            return Ok(());
        }
        let message = "http header mchid and payload mchid do not match";
        let mut refusal = Refusal::param(location, field, mchid.into(), message);
        message.clone_into(&mut refusal.message);
        Err(refusal.with_inner(inner::OTHER_MERCHANT))
    }

    /// A sub-merchant that the signer may act for.
    pub(super) fn sub_merchant(&self, sub_mchid: &str) -> Result<String, Refusal> {
        if sub_mchid == self.signer.id().as_str() {
            let message = "子商户号与商户号相同 (sub_mchid is the partner itself)";
            let inner = inner::SUB_MERCHANT_IS_OWN;
            return Err(Refusal::new(400, "INVALID_REQUEST", inner, message));
        }
        if !self.signer.acts_for(sub_mchid) {
            return Err(Refusal::no_relation(sub_mchid));
        }
        Ok(sub_mchid.to_owned())
    }

    /// A parameter of the query, decoded. An empty one counts as missing.
    pub(super) fn query_parameter(&self, name: &str) -> Result<Option<String>, Refusal> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.find(|(found, _)| *found == name).map(|(_, value)| value);
        value
            .filter(|value| !value.is_empty())
            .map(|value| decode("query", name, value))
            .transpose()
    }
}

/// Decodes a part of the request target.
pub(super) fn decode(location: &str, name: &str, text: &str) -> Result<String, Refusal> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded
        .map(Into::into)
        .map_err(|_| Refusal::param(location, name, text.into(), "not UTF-8"))
}

/// A merchant's number of an order (protocol section 13.2).
pub(super) fn check_number(pointer: &str, number: &str, at_least: usize, extra: &str) -> Result<(), Refusal> {
    let known = |c: char| c.is_ascii_alphanumeric() || "_-|*".contains(c) || extra.contains(c);
    if (at_least..=32).contains(&number.len()) && number.chars().all(known) {
        return Ok(());
    }
    let issue = format!("{at_least} to 32 characters, each a letter, a digit or one of _-|*{extra}");
    Err(Refusal::param("body", pointer, number.into(), &issue))
}

/// Only the form is looked at, as the real platform does.
pub(super) fn check_notify_url(body: &Value) -> Result<(), Refusal> {
    match body.get("notify_url").and_then(Value::as_str) {
        None => Ok(()),
        Some(url)
            if ["https://", "http://"]
                .iter()
                .any(|scheme| url.starts_with(scheme))
                && !url.contains('?') =>
        {
            Ok(())
        }
        Some(url) => {
            let issue = "an absolute address, http or https, without a query";
            Err(Refusal::param("body", "/notify_url", url.into(), issue))
        }
    }
}

/// The time at which an order is to end, which must lie ahead.
pub(super) fn time_expire(body: &Value, now: UnixTime) -> Result<Option<UnixTime>, Refusal> {
    for member in ["time_start", "time_expire"] {
        let Some(text) = body.get(member).and_then(Value::as_str) else {
            continue;
        };
        let pointer = format!("/{member}");
        let time = TimeText::from(text).parse();
        let time = time.map_err(|error| Refusal::param("body", &pointer, text.into(), &error.to_string()))?;
        if member == "time_expire" {
            if time <= now {
                let refusal = Refusal::param("body", &pointer, text.into(), "it lies in the past");
                return Err(refusal.with_inner(inner::OUT_OF_RANGE));
            }
            return Ok(Some(time));
        }
    }
    Ok(None)
}
