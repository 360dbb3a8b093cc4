//! What a saved message is: WeChat Pay's answer or notification, a message of v2, or a request of one's own.

mod meta;

use std::borrow::Cow;

use wxpay_proto::v2::{self, Fields};
use wxpay_proto::v3::Authorization;

use crate::captured::{Captured, Start};
use crate::ended::NotSent;

/// A saved message, by what proves it.
#[derive(Debug)]
pub(crate) enum Subject {
    /// v3: an answer or a notification, with `Wechatpay-Signature`.
    Theirs(Captured),
    /// v2: fields with `sign`.
    V2(Fields),
    /// v3: a request, with `Authorization`.
    Ours(Sent),
}

/// A request of one's own.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) authorization: Authorization,
    /// What the signature covers of the body.
    pub(crate) signed: Vec<u8>,
}

impl Subject {
    /// Tells what it is by its headers and the first byte of its body.
    pub(crate) fn of(captured: Captured) -> Result<Self, NotSent> {
        if captured.headers.contains_key("wechatpay-signature") {
            return Ok(Self::Theirs(captured));
        }
        if let Some(header) = captured.header("authorization") {
            return Sent::read(header, &captured).map(Self::Ours);
        }
        if captured.is_xml() {
            let fields = v2::xml::read(&captured.body).map_err(|error| NotSent::new(error.to_string()))?;
            return Ok(Self::V2(fields));
        }
        Ok(Self::Theirs(captured))
    }

    /// Its name for people.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Theirs(captured) => match captured.start {
                Start::Answer { .. } => "an answer of v3",
                Start::Request { .. } => "a notification of v3",
                Start::Unknown => "an answer or notification of v3",
            },
            Self::V2(_) => "a message of v2",
            Self::Ours(_) => "a request of v3",
        }
    }
}

impl Sent {
    fn read(header: &str, captured: &Captured) -> Result<Self, NotSent> {
        let authorization = Authorization::parse(header).map_err(|error| NotSent::new(error.to_string()))?;
        let Start::Request { method, target } = &captured.start else {
            return Err(NotSent::new(
                "the message has `Authorization` and no request line: put `POST /v3/… HTTP/1.1` above its headers",
            ));
        };
        Ok(Self {
            method: method.clone(),
            target: target_of(target).to_owned(),
            authorization,
            signed: meta::signed_part(captured),
        })
    }

    /// The message that has to be signed (待签名串).
    pub(crate) fn message(&self) -> Vec<u8> {
        wxpay_proto::v3::canonical::request_message(
            &self.method,
            &self.target,
            &self.authorization.timestamp,
            &self.authorization.nonce_str,
            &self.signed,
        )
    }
}

/// A proxy's dump has the whole address in the request line.
fn target_of(target: &str) -> &str {
    let rest = ["https://", "http://"]
        .iter()
        .find_map(|scheme| target.strip_prefix(scheme));
    match rest {
        Some(rest) => rest.find('/').map_or("/", |at| &rest[at..]),
        None => target,
    }
}

/// A message for showing: line feeds are marked.
pub(crate) fn marked(message: &[u8]) -> String {
    let text: Cow<'_, str> = String::from_utf8_lossy(message);
    text.replace('\r', "␍").replace('\n', "⏎\n")
}
