//! Answers and notifications of v3, by WeChat Pay's keys.

use serde_json::Value;
use wxpay_proto::v3::{CLOCK_WINDOW, PlatformKeys, SignatureHeaders, statement_digest};
use wxpay_proto::{KeyId, UnixTime, VerifyError};

use super::verdict::Verdict;
use crate::captured::{Captured, Start};
use crate::ended::NotSent;
use crate::moment;
use crate::profile::Reader;

/// The checks, in the order in which the core makes them.
const CHECKS: [&str; 4] = ["headers", "clock", "key", "signature"];

pub(super) fn verify(captured: &Captured, keys: &Reader, now: UnixTime) -> Result<Verdict, NotSent> {
    let keys = keys.platform_keys()?;
    if keys.is_empty() {
        return Err(NotSent::new(
            "no key of WeChat Pay's is at hand: give --profile, --public-key with --public-key-id, or \
             --platform-certificate",
        ));
    }
    let mut verdict = Verdict::default();
    match check(captured, &keys, now) {
        Ok(id) => {
            for name in CHECKS {
                verdict.ok(name, passed(name, captured, now, Some(&id)));
            }
            verdict.by = Some(named(&id));
            verdict.notes.extend(content(captured));
        }
        Err(error) => {
            let at = stage(&error);
            for (index, name) in CHECKS.into_iter().enumerate() {
                match index.cmp(&at) {
                    std::cmp::Ordering::Less => verdict.ok(name, passed(name, captured, now, None)),
                    std::cmp::Ordering::Equal => verdict.failed(name, error.to_string()),
                    std::cmp::Ordering::Greater => verdict.skipped(name),
                }
            }
            verdict.notes.extend(apart_from_clock(captured, &keys, &error));
            verdict.notes.extend(never_signed(captured, &error));
        }
    }
    Ok(verdict)
}

fn check(captured: &Captured, keys: &PlatformKeys, now: UnixTime) -> Result<KeyId, VerifyError> {
    if captured.headers.contains_key("wechatpay-statement-sha1") {
        let (digest, key) = statement_digest(&captured.headers, keys, now)?;
        digest.check(&captured.body)?;
        return Ok(key);
    }
    SignatureHeaders::read(&captured.headers)?.verify(&captured.body, keys, now)
}

/// Which check an error is about.
fn stage(error: &VerifyError) -> usize {
    match error {
        VerifyError::MissingHeader { .. } | VerifyError::UnsupportedType { .. } => 0,
        VerifyError::InvalidTimestamp { .. } | VerifyError::Expired { .. } => 1,
        VerifyError::UnknownSerial { .. } | VerifyError::CertificateExpired { .. } => 2,
        _ => 3,
    }
}

fn passed(check: &str, captured: &Captured, now: UnixTime, key: Option<&KeyId>) -> String {
    let header = |name| captured.header(name).unwrap_or_default();
    match check {
        "headers" => "timestamp, nonce, serial and signature are there".to_owned(),
        "clock" => {
            let text = header("wechatpay-timestamp");
            let apart = text
                .parse()
                .map_or(0, |signed: i64| now.as_secs().abs_diff(signed));
            format!("signed at {text}, {apart} s from {now}; {CLOCK_WINDOW} s are allowed")
        }
        "key" => {
            let id = key.map_or_else(|| header("wechatpay-serial").to_owned(), named);
            format!("{id} is at hand")
        }
        _ if captured.headers.contains_key("wechatpay-statement-sha1") => {
            "it fits the SHA-1 in the headers, and that fits the file".to_owned()
        }
        _ => format!("it fits the body of {} bytes", captured.body.len()),
    }
}

fn named(id: &KeyId) -> String {
    match id {
        KeyId::PublicKey(_) => format!("public key {id}"),
        _ => format!("platform certificate {id}"),
    }
}

/// Whether an old message would verify at its own time: then it is a replay or a capture, and nothing was changed.
fn apart_from_clock(captured: &Captured, keys: &PlatformKeys, error: &VerifyError) -> Option<String> {
    let VerifyError::Expired { signed_at, .. } = error else {
        return None;
    };
    let then = UnixTime::from_secs(*signed_at);
    Some(match check(captured, keys, then) {
        Ok(_) => format!(
            "apart from the clock all is well: signed at {}; for an old capture say --at {signed_at}",
            moment::in_words(then)
        ),
        Err(error) => format!("at its own time it does not verify either: {error}"),
    })
}

/// Refusals come without a signature: that they cannot be verified is no alarm (protocol section 2.3).
fn never_signed(captured: &Captured, error: &VerifyError) -> Option<String> {
    let Start::Answer { status } = captured.start else {
        return None;
    };
    if !matches!(error, VerifyError::MissingHeader { .. }) || status < 400 {
        return None;
    }
    let often = if status == 401 { "is never" } else { "may not be" };
    Some(format!(
        "an answer with status {status} {often} signed: its text is a hint and proves nothing (`wxpay explain` compares a \
         SIGN_ERROR with what was signed)"
    ))
}

/// What it is about, once it is proven.
fn content(captured: &Captured) -> Option<String> {
    let body: Value = serde_json::from_slice(&captured.body).ok()?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let (Some(id), Some(resource)) = (text("id"), body.get("resource")) {
        let event = text("event_type").unwrap_or("(no event_type)");
        let cipher = resource.get("algorithm").and_then(Value::as_str);
        return Some(format!(
            "a notification: {event}, id {id}, its resource is sealed with {}; `wxpay decrypt` opens it",
            cipher.unwrap_or("nothing that it names")
        ));
    }
    let code = text("code").filter(|_| body.get("message").is_some())?;
    Some(format!(
        "a refusal: {code}: {}",
        text("message").unwrap_or_default()
    ))
}
