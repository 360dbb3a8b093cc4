//! v3's error bodies (protocol section 9.1), read leniently: any of it may be missing, and the body may be a page.

use bytes::Bytes;
use serde_json::Value;

use crate::meta::Effect;
use crate::protocol::{Question, RawAnswer};
use crate::refusal::ApiError;
use crate::retry_after::retry_after;

/// Reads a refusal from a status, a `Request-ID` and a body.
///
/// `authentic` is false in what comes out: reading proves nothing.
#[must_use]
pub fn read(
    operation: &'static str,
    effect: Effect,
    status: u16,
    request_id: Option<&str>,
    body: Bytes,
) -> ApiError {
    let mut members = match serde_json::from_slice(without_bom(&body)) {
        Ok(Value::Object(members)) => members,
        _ => serde_json::Map::new(),
    };
    let mut text = |name: &str| match members.remove(name)? {
        Value::String(text) => Some(text).filter(|text| !text.is_empty()),
        Value::Null => None,
        other => Some(other.to_string()),
    };
    let (code, message) = (text("code"), text("message"));
    ApiError {
        operation,
        status,
        code,
        message,
        detail: members.remove("detail").filter(|detail| !detail.is_null()),
        request_id: request_id.map(str::to_owned),
        retry_after: None,
        authentic: false,
        body,
        effect,
    }
}

pub(super) fn refusal(answer: &RawAnswer, question: Question) -> ApiError {
    let request_id = answer.request_id();
    let error = read(
        question.operation,
        question.effect,
        answer.status.as_u16(),
        request_id,
        answer.body.clone(),
    );
    ApiError {
        retry_after: retry_after(&answer.headers),
        ..error
    }
}

pub(super) fn without_bom(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)
}
