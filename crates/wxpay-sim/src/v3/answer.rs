//! Writes and signs answers (protocol section 2), and spoils them on demand.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;
use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::v3::canonical::answer_message;

use super::refusal::Refusal;
use crate::fault::{self, Fault};
use crate::ids::Sequence;
use crate::profile::PlatformIdentity;

/// What a successful operation says: `200` with a body, or `204`.
#[derive(Clone, Debug)]
pub(super) struct Reply(Option<Value>);

impl Reply {
    pub(super) fn ok(body: Value) -> Self {
        Self(Some(body))
    }

    pub(super) fn no_content() -> Self {
        Self(None)
    }
}

/// What an operation answers with.
pub(super) type Answer = Result<Reply, Refusal>;

/// A key that nobody has.
const NOBODYS_SERIAL: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

pub(super) fn write(
    outcome: Answer,
    identity: &PlatformIdentity,
    sequence: &mut Sequence,
    wire: UnixTime,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let (status, body, inner) = match outcome {
        Ok(Reply(Some(body))) => (200, Some(body), 0),
        Ok(Reply(None)) => (204, None, 0),
        Err(refusal) => (refusal.status, Some(refusal.body()), refusal.inner),
    };
    let body = body.map(|mut body| {
        if fault == Some(Fault::OtherOrder) {
            name_another_order(&mut body);
        }
        Bytes::from(body.to_string())
    });
    let mut response = Response::new(body.unwrap_or_default());
    // Invariant: every status above is one of HTTP's.
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !response.body().is_empty() {
        let json = HeaderValue::from_static("application/json; charset=utf-8");
        response.headers_mut().insert(CONTENT_TYPE, json);
    }
    put(
        &mut response,
        "request-id",
        &format!("{}-{inner}", sequence.hex()),
    );
    let nonce = sequence.hex();
    if status != 401 && status < 500 {
        sign(&mut response, identity, nonce, wire, fault);
    }
    response
}

fn sign(
    response: &mut Response<Bytes>,
    identity: &PlatformIdentity,
    mut nonce: String,
    wire: UnixTime,
    fault: Option<Fault>,
) {
    let late = if fault == Some(Fault::Stale) { 301 } else { 0 };
    let timestamp = wire.as_secs().saturating_sub(late).to_string();
    let mut message = answer_message(&timestamp, &nonce, response.body());
    if fault == Some(Fault::WrongSignature) {
        message.push(b'\n');
    }
    let Ok(signature) = identity.private().sign(Algorithm::RsaSha256, &message) else {
        // Invariant: an RSA key of 2048 bits signs every message. Without a signature the client refuses the answer.
        return;
    };
    let mut signature = signature.to_base64();
    let mut serial = identity.id().as_str();
    match fault {
        Some(Fault::MissingSignature) => return,
        Some(Fault::Probe) => signature = format!("WECHATPAY/SIGNTEST/{signature}"),
        Some(Fault::UnknownSerial) => serial = NOBODYS_SERIAL,
        Some(Fault::TamperBody) if response.body().is_empty() => nonce = fault::change_a_digit(&nonce),
        Some(Fault::TamperBody) => {
            let tampered = fault::change_a_digit(&String::from_utf8_lossy(response.body()));
            *response.body_mut() = Bytes::from(tampered);
        }
        _ => {}
    }
    put(response, "wechatpay-timestamp", &timestamp);
    put(response, "wechatpay-nonce", &nonce);
    put(response, "wechatpay-signature", &signature);
    put(response, "wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048");
    put(response, "wechatpay-serial", serial);
}

fn put(response: &mut Response<Bytes>, name: &'static str, value: &str) {
    // Invariant: the values are made of digits, letters and the base64 alphabet.
    if let Ok(value) = HeaderValue::from_str(value) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
}

fn name_another_order(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(number) if name.ends_with("out_trade_no") => {
                        *number = fault::another(number)
                    }
                    _ => name_another_order(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(name_another_order),
        _ => {}
    }
}
