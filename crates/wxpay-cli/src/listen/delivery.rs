//! One attempt at a notification, as the simulator tells of it.

use std::io::{self, Write};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::forwarded::Forwarded;

/// A notification as it went out.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) id: String,
    pub(super) attempt: u64,
    pub(super) probe: bool,
    pub(super) mchid: String,
    pub(super) event_type: String,
    pub(super) about: String,
    pub(super) url: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Delivery {
    pub(super) fn read(told: &Value) -> Option<Self> {
        let mut headers = HeaderMap::new();
        for pair in told["headers"].as_array()? {
            let name = HeaderName::from_bytes(pair[0].as_str()?.as_bytes()).ok()?;
            headers.append(name, HeaderValue::from_str(pair[1].as_str()?).ok()?);
        }
        Some(Self {
            id: text(told, "id")?,
            attempt: told["attempt"].as_u64()?,
            probe: told["probe"].as_bool().unwrap_or_default(),
            mchid: text(told, "mchid").unwrap_or_default(),
            event_type: text(told, "event_type").unwrap_or_default(),
            about: text(told, "about").unwrap_or_default(),
            url: text(told, "url")?,
            headers,
            body: STANDARD.decode(told["body"].as_str()?).ok()?.into(),
        })
    }

    pub(super) fn json(&self, forwarded: Option<&Forwarded>) -> Value {
        json!({
            "id": self.id,
            "attempt": self.attempt,
            "probe": self.probe,
            "mchid": self.mchid,
            "event_type": self.event_type,
            "about": self.about,
            "url": self.url,
            "status": forwarded.and_then(|forwarded| forwarded.status),
            "reply": forwarded.map(|forwarded| forwarded.reply.as_str()),
            "counts": forwarded.map(|forwarded| forwarded.counts),
            "verdict": forwarded.map(|forwarded| forwarded.verdict.as_str()),
        })
    }

    pub(super) fn write(&self, forwarded: Option<&Forwarded>, out: &mut dyn Write) -> io::Result<()> {
        let event = match self.event_type.as_str() {
            "" => "v2",
            event => event,
        };
        let probe = if self.probe { ", a probe" } else { "" };
        writeln!(
            out,
            "{event} about {} of {} to {} (attempt {}{probe}, {})",
            self.about, self.mchid, self.url, self.attempt, self.id
        )?;
        let Some(forwarded) = forwarded else {
            return Ok(());
        };
        let status = match forwarded.status {
            Some(status) => status.to_string(),
            None => "no reply".to_owned(),
        };
        let counts = if forwarded.counts {
            "counts"
        } else {
            "does NOT count"
        };
        writeln!(out, "  → {status}: {}", forwarded.reply)?;
        writeln!(out, "  {counts}: {}", forwarded.verdict)
    }
}

/// A text member.
fn text(value: &Value, name: &str) -> Option<String> {
    Some(value.get(name)?.as_str()?.to_owned())
}
