//! Why a request was refused, in words: what the platform knows, and a client cannot.

use serde_json::Value;
use wxpay_proto::crypto::{Algorithm, Signature, Verifier as _};
use wxpay_proto::v2::xml;
use wxpay_proto::v3::Authorization;
use wxpay_proto::v3::canonical::request_message;
use wxpay_proto::{ApiV2Key, ApiV3Key, explain};

use crate::clocks::Clocks;
use crate::handled::Handled;
use crate::multipart;
use crate::profile::{Merchant, Profile};

/// The code of a refusal: v3's `code`, v2's `err_code` or `return_code`; nothing in a good answer.
pub(crate) fn code(exchange: &Handled) -> Option<String> {
    let body = exchange.response.body();
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        return Some(members.get("code")?.as_str()?.to_owned()).filter(|_| !exchange.status().is_success());
    }
    let fields = xml::read(body).ok()?;
    let told = |name: &str| fields.get(name).filter(|value| !value.is_empty()).cloned();
    told("err_code").or_else(|| told("return_code").filter(|code| code != "SUCCESS"))
}

/// What can be said about a refusal, the surest first; nothing about a good answer.
pub(crate) fn refusal(exchange: &Handled, profile: &Profile, clocks: Clocks) -> Vec<String> {
    let Some(code) = code(exchange) else {
        return Vec::new();
    };
    let mut causes = match serde_json::from_slice::<Value>(exchange.response.body()) {
        Ok(answer) => {
            let mut causes = pointed_at(&answer);
            if code == "SIGN_ERROR" {
                causes.extend(v3_signature(exchange, profile, clocks));
            }
            causes
        }
        Err(_) => v2_signature(exchange, profile),
    };
    if causes.is_empty() {
        causes.push(format!("{code}: the answer says all there is to say"));
    }
    causes
}

/// The member of the request that the answer names.
fn pointed_at(answer: &Value) -> Vec<String> {
    let detail = &answer["detail"];
    let issue = detail["issue"]
        .as_str()
        .or_else(|| detail["detail"]["issue"].as_str());
    let told = detail["field"].as_str().zip(issue);
    told.map(|(field, issue)| format!("{field}: {issue}"))
        .into_iter()
        .collect()
}

/// Tries what clients usually sign instead of the message.
fn v3_signature(exchange: &Handled, profile: &Profile, clocks: Clocks) -> Vec<String> {
    let header = exchange.request.headers().get(http::header::AUTHORIZATION);
    let Some(Ok(authorization)) =
        header.map(|header| Authorization::parse(header.to_str().unwrap_or_default()))
    else {
        return Vec::new();
    };
    let mut causes = Vec::new();
    let Some(account) = profile.find(&authorization.identity) else {
        let known: Vec<&str> = profile
            .merchants()
            .iter()
            .map(|known| known.id().as_str())
            .collect();
        return vec![format!(
            "{} is no account here; there are {}",
            authorization.identity,
            known.join(", ")
        )];
    };
    if !authorization
        .serial_no
        .eq_ignore_ascii_case(account.serial().as_str())
    {
        causes.push(format!(
            "serial_no is {}, and the certificate's is {}",
            authorization.serial_no,
            account.serial()
        ));
    }
    if let Ok(signed_at) = authorization.timestamp.parse::<i64>() {
        let off = signed_at.saturating_sub(clocks.wire.as_secs());
        if off.abs() > wxpay_proto::v3::CLOCK_WINDOW.try_into().unwrap_or(i64::MAX) {
            causes.push(format!(
                "the timestamp is {off} s off by now; 300 s are let through"
            ));
        }
    }
    if let Ok(signature) = Signature::from_base64(&authorization.signature) {
        causes.extend(tried(exchange, &authorization, &signature, account, profile));
    }
    causes
}

fn tried(
    exchange: &Handled,
    authorization: &Authorization,
    signature: &Signature,
    account: &Merchant,
    profile: &Profile,
) -> Option<String> {
    let body = exchange.request.body();
    let target = exchange.target();
    let path = exchange.request.uri().path();
    let method = exchange.request.method().as_str();
    let content_type = exchange.request.headers().get(http::header::CONTENT_TYPE);
    let meta = content_type
        .and_then(|value| value.to_str().ok())
        .and_then(|content_type| multipart::meta(content_type, body));
    let signed = meta.unwrap_or(body);
    let message = |method: &str, target: &str, body: &[u8]| {
        request_message(
            method,
            target,
            &authorization.timestamp,
            &authorization.nonce_str,
            body,
        )
    };
    let whole = message(method, target, signed);
    let fits = |who: &Merchant, message: &[u8]| {
        let verified = who.public_key().verify(Algorithm::RsaSha256, message, signature);
        verified.is_ok()
    };
    if fits(account, &whole) {
        return Some("the signature itself fits: what is refused is something else".to_owned());
    }
    let another = profile.merchants().iter().find(|other| fits(other, &whole));
    if let Some(other) = another {
        return Some(format!(
            "proven: it was signed with the private key of {}, not of {}",
            other.id(),
            account.id()
        ));
    }
    let decoded = percent_encoding::percent_decode_str(target).decode_utf8_lossy();
    let host = exchange.request.headers().get(http::header::HOST);
    let host = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
    let with_host = format!("https://{host}{target}");
    let mut cut = whole.clone();
    cut.pop();
    let compact = serde_json::from_slice::<Value>(signed).map(|value| value.to_string());
    let compact = compact.unwrap_or_default();
    let attempts = [
        (cut, "without the line feed at the end"),
        (message(method, target, b""), "without the body"),
        (message(method, path, signed), "without the query"),
        (
            message(method, &decoded, signed),
            "with a target that is not percent-encoded",
        ),
        (message(method, &with_host, signed), "with the host in the target"),
        (
            message(&method.to_ascii_lowercase(), target, signed),
            "with the method in small letters",
        ),
        (
            message(method, target, compact.as_bytes()),
            "with the body written in another way than it was sent",
        ),
        (
            message(method, target, body),
            "with the whole upload, where only `meta` is signed",
        ),
    ];
    let found = attempts.iter().find(|(message, _)| fits(account, message));
    Some(match found {
        Some((_, how)) => format!("proven: the message was signed {how}"),
        None => format!(
            "no usual mistake explains the signature. Compare the message that was signed, byte for byte, with this \
             one: {:?}",
            String::from_utf8_lossy(&whole)
        ),
    })
}

fn v2_signature(exchange: &Handled, profile: &Profile) -> Vec<String> {
    let Ok(fields) = xml::read(exchange.request.body()) else {
        return vec!["the request is no XML of v2's form".to_owned()];
    };
    let number = ["mch_id", "mchid", "combine_mch_id"]
        .iter()
        .find_map(|name| fields.get(*name));
    let Some(account) = number.and_then(|number| profile.find(number)) else {
        return vec!["the request names no account that is known here".to_owned()];
    };
    let Ok(key) = ApiV2Key::new(account.api_v2_key()) else {
        return Vec::new();
    };
    let api_v3_key = ApiV3Key::new(account.api_v3_key()).ok();
    let causes = explain::v2_message(&fields, &key, api_v3_key.as_ref());
    causes.iter().map(ToString::to_string).collect()
}
