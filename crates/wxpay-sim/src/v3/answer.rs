//! Writes and signs answers (protocol section 2), and spoils them on demand.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;
use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::v3::canonical::answer_message;

use super::refusal::Refusal;
use crate::fault::{self, Fault};
use crate::ids::Sequence;
use crate::profile::PlatformIdentity;

/// What a successful operation says.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    status: u16,
    body: Body,
    proof: Proof,
    headers: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
enum Body {
    Nothing,
    Json(Value),
    File { media_type: String, content: Bytes },
}

/// What proves an answer (protocol sections 2.3 and 2.4).
#[derive(Clone, Debug)]
enum Proof {
    /// A signature over the body.
    Signed,
    /// A signature over something else.
    SignedText(String),
    /// Nothing, or a digest that an earlier answer told.
    Unsigned,
}

impl Reply {
    fn new(status: u16, body: Body) -> Self {
        Self {
            status,
            body,
            proof: Proof::Signed,
            headers: Vec::new(),
        }
    }

    pub(super) fn ok(body: Value) -> Self {
        Self::new(200, Body::Json(body))
    }

    pub(super) fn no_content() -> Self {
        Self::new(204, Body::Nothing)
    }

    /// A file, which is not signed.
    pub(super) fn file(media_type: impl Into<String>, content: impl Into<Bytes>) -> Self {
        let (media_type, content) = (media_type.into(), content.into());
        Self::new(200, Body::File { media_type, content }).unsigned()
    }

    /// Another status than `200`.
    pub(super) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Nothing is signed.
    pub(super) fn unsigned(mut self) -> Self {
        self.proof = Proof::Unsigned;
        self
    }

    /// This is signed in the body's place.
    pub(super) fn signed_text(mut self, text: impl Into<String>) -> Self {
        self.proof = Proof::SignedText(text.into());
        self
    }

    /// Tells that the catalogue alone speaks here, and of which operation: nothing is stored.
    pub(super) fn documented(self, operation: &str) -> Self {
        self.header("wxpay-sim-documented", operation)
    }

    /// A header beside those that every answer has. One that no message can hold is left out.
    pub(super) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
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
    let (reply, inner) = match outcome {
        Ok(reply) => (reply, 0),
        Err(refusal) => {
            let mut reply = Reply::ok(refusal.body()).status(refusal.status);
            if refusal.status == 401 || refusal.status >= 500 {
                reply = reply.unsigned();
            }
            if let Some(operation) = refusal.documented {
                reply = reply.documented(operation);
            }
            (reply, refusal.inner)
        }
    };
    let (media_type, body) = match reply.body {
        Body::Nothing => (None, Bytes::new()),
        Body::Json(mut body) => {
            if fault == Some(Fault::OtherOrder) {
                name_another_order(&mut body);
            }
            let json = "application/json; charset=utf-8".to_owned();
            (Some(json), Bytes::from(body.to_string()))
        }
        Body::File { media_type, content } => (Some(media_type), content),
    };
    let mut response = Response::new(body);
    // Invariant: every status above is one of HTTP's.
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(media_type) = media_type {
        put(&mut response, "content-type", &media_type);
    }
    for (name, value) in &reply.headers {
        put(&mut response, name, value);
    }
    put(
        &mut response,
        "request-id",
        &format!("{}-{inner}", sequence.hex()),
    );
    let nonce = sequence.hex();
    let signed = match &reply.proof {
        Proof::Unsigned => return response,
        Proof::Signed => None,
        Proof::SignedText(text) => Some(text.as_bytes()),
    };
    sign(&mut response, signed, identity, nonce, wire, fault);
    response
}

fn sign(
    response: &mut Response<Bytes>,
    instead: Option<&[u8]>,
    identity: &PlatformIdentity,
    mut nonce: String,
    wire: UnixTime,
    fault: Option<Fault>,
) {
    let late = if fault == Some(Fault::Stale) { 301 } else { 0 };
    let timestamp = wire.as_secs().saturating_sub(late).to_string();
    let mut message = answer_message(&timestamp, &nonce, instead.unwrap_or(response.body()));
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
    // The values are made of digits, letters and the base64 alphabet, but for some of a reply's own headers.
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
