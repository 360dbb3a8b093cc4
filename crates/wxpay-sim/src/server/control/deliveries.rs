//! Deliveries as they go out, and replies that somebody else brings: what `wxpay listen` lives on.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use crate::outbox::{Delivery, DeliveryId, Reply};

/// How long a listener may be kept waiting, in seconds.
const LONGEST: u64 = 60;

/// What a listener asks for.
#[derive(Debug, Default)]
struct Asked {
    /// Deliveries behind this number; when nothing is said, those from now on.
    after: Option<u64>,
    /// Seconds.
    wait: u64,
}

/// What came back from a receiver that the simulator did not send to itself.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    id: String,
    attempt: u32,
    status: Option<u16>,
    #[serde(default)]
    body: String,
    problem: Option<String>,
}

pub(super) async fn list(desk: &Desk, query: &str) -> Answer {
    let asked = Asked::read(query)?;
    let outgone = desk.outgone();
    let Some(after) = asked.after else {
        return Ok(json!({ "last": outgone.last(), "deliveries": [] }));
    };
    // Whoever knows a number that there never was knew an earlier run: he begins anew.
    let after = if after > outgone.last() { 0 } else { after };
    let found = outgone.after(after, Duration::from_secs(asked.wait)).await;
    let last = found.last().map_or(after, |(number, _)| *number);
    let deliveries: Vec<Value> = found
        .iter()
        .map(|(number, delivery)| shown(desk, *number, delivery))
        .collect();
    Ok(json!({ "last": last, "deliveries": deliveries }))
}

impl Asked {
    fn read(query: &str) -> Result<Self, Problem> {
        let mut asked = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            let number = text.parse::<u64>();
            match (name, number) {
                ("after", Ok(number)) => asked.after = Some(number),
                ("wait", Ok(seconds)) => asked.wait = seconds.min(LONGEST),
                _ => {
                    return Err(Problem::bad(format!(
                        "`{pair}`: wanted are after=NUMBER and wait=SECONDS"
                    )));
                }
            }
        }
        Ok(asked)
    }
}

fn shown(desk: &Desk, number: u64, delivery: &Delivery) -> Value {
    let id = &delivery.id;
    let known = desk.look(|platform, _| platform.notification(&id.notification));
    let attempt = known.as_ref().and_then(|known| {
        let mut attempts = known.attempts.iter();
        attempts.find(|attempt| attempt.number == id.attempt)
    });
    let headers = delivery.request.headers().iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        json!([name.as_str(), value])
    });
    json!({
        "number": number,
        "id": id.notification,
        "attempt": id.attempt,
        "probe": attempt.is_some_and(|attempt| attempt.probe),
        "mchid": known.as_ref().map(|known| known.mchid.as_str()),
        "event_type": known.as_ref().map(|known| known.event_type.as_str()),
        "about": known.as_ref().map(|known| known.about.as_str()),
        "url": delivery.request.uri().to_string(),
        "headers": headers.collect::<Vec<_>>(),
        "body": STANDARD.encode(delivery.request.body()),
    })
}

/// Takes a reply that somebody else brought, and says whether it counts.
pub(super) async fn reply(desk: &Desk, body: &[u8]) -> Answer {
    let told: Told =
        serde_json::from_slice(body).map_err(|error| Problem::bad(format!("the body: {error}")))?;
    let reply = match (told.status, told.problem) {
        (Some(status), None) => Reply::Answered {
            status,
            body: Bytes::from(told.body),
        },
        (None, Some(problem)) => Reply::Failed { problem },
        _ => return Err(Problem::bad("wanted is `status`, with `body`, or `problem`")),
    };
    let id = DeliveryId {
        notification: told.id,
        attempt: told.attempt,
    };
    let counts = desk
        .act(|platform, clocks| platform.delivered(&id, &reply, clocks))
        .await?;
    let known = desk.look(|platform, _| platform.notification(&id.notification));
    let attempt = known.and_then(|known| {
        let mut attempts = known.attempts.into_iter();
        attempts.find(|attempt| attempt.number == id.attempt)
    });
    let attempt = attempt.ok_or_else(|| {
        Problem::missing(format!(
            "there is no attempt {} at a notification {}",
            id.attempt, id.notification
        ))
    })?;
    Ok(json!({ "counts": counts, "verdict": attempt.verdict() }))
}
