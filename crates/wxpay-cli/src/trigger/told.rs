//! What was sent, and what came of it.

use std::io::{self, Write};
use std::time::Duration;

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{HeaderName, Request};
use serde_json::json;
use wxpay_sim::{Delivery, EventDraft, Platform, Reply};
use wxpay_types::schema::{EventSchema, Protocol};

use super::sealed_for::SealedFor;

/// How much of a reply is shown, in characters.
const SHOWN: usize = 500;

/// Writes a request as it goes over the wire.
pub(super) fn print(request: &Request<Bytes>, out: &mut dyn Write) -> io::Result<()> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let host = uri.authority().map_or("", |authority| authority.as_str());
    write!(out, "{} {target} HTTP/1.1\r\nHost: {host}\r\n", request.method())?;
    for (name, value) in request.headers() {
        write!(out, "{}: ", spelled(name))?;
        out.write_all(value.as_bytes())?;
        out.write_all(b"\r\n")?;
    }
    write!(out, "Content-Length: {}\r\n\r\n", request.body().len())?;
    out.write_all(request.body())
}

/// As WeChat Pay spells it: `Wechatpay-Nonce`.
fn spelled(name: &HeaderName) -> String {
    let words = name.as_str().split('-').map(|word| {
        let (first, rest) = word.split_at(word.len().min(1));
        format!("{}{rest}", first.to_ascii_uppercase())
    });
    words.collect::<Vec<_>>().join("-")
}

/// Tells of deliveries, to people or to machines.
pub(super) struct Teller<'a> {
    pub(super) event: &'a EventSchema,
    pub(super) draft: &'a EventDraft,
    pub(super) json: bool,
}

impl Teller<'_> {
    pub(super) fn head(
        &self,
        sealed_for: &SealedFor,
        certificate: bool,
        url: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.json {
            return Ok(());
        }
        let label = match self.event.label.as_str() {
            "" => String::new(),
            label => format!(" ({label})"),
        };
        writeln!(
            out,
            "{}{label} of merchant {} to {url}",
            self.event.name(),
            self.draft.mchid
        )?;
        match self.event.protocol {
            Protocol::V2 => writeln!(out, "sealed with the merchant's APIv2 key")?,
            _ => writeln!(out, "signed by {}", sealed_for.signer(certificate))?,
        }
        writeln!(out, "{:#}", self.draft.document)
    }

    pub(super) fn reply(
        &self,
        platform: &Platform,
        delivery: &Delivery,
        reply: &Reply,
        took: Duration,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let known = platform.notifications().into_iter();
        let attempts = known.filter(|known| known.id == delivery.id.notification);
        let mut attempts = attempts.flat_map(|known| known.attempts);
        let Some(attempt) = attempts.find(|attempt| attempt.number == delivery.id.attempt) else {
            return Ok(());
        };
        let (status, text) = match reply {
            Reply::Answered { status, body } => (Some(*status), String::from_utf8_lossy(body).into_owned()),
            Reply::Failed { problem } => (None, problem.clone()),
        };
        let text: String = text.chars().take(SHOWN).collect();
        if self.json {
            let line = json!({
                "event": self.event.name(),
                "id": delivery.id.notification,
                "probe": attempt.probe,
                "document": self.draft.document,
                "status": status,
                "reply": text,
                "milliseconds": u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
                "counts": attempt.acknowledged,
                "verdict": attempt.verdict(),
            });
            return writeln!(out, "{line}");
        }
        let what = if attempt.probe { "probe " } else { "" };
        let status = status.map_or_else(|| "no reply".to_owned(), |status| status.to_string());
        let counts = if attempt.acknowledged {
            "counts"
        } else {
            "does NOT count"
        };
        writeln!(
            out,
            "{what}{} → {status} after {} ms: {text}",
            delivery.id.notification,
            took.as_millis()
        )?;
        writeln!(out, "{counts}: {}", attempt.verdict())
    }
}
