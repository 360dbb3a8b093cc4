//! The log of exchanges, and why requests were refused.

use http::HeaderMap;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use crate::explain;
use crate::fault::Fault;
use crate::handled::Handled;

/// How many exchanges a list shows, the newest first.
const LISTED: usize = 200;

/// How much of a body is shown, in characters.
const SHOWN: usize = 20_000;

pub(super) fn list(desk: &Desk) -> Value {
    let (first, log) = desk.log();
    let end = first + log.len() as u64;
    let numbered = (first..end).rev().zip(log.iter().rev()).take(LISTED);
    numbered
        .map(|(number, exchange)| line(number, exchange))
        .collect()
}

fn line(number: u64, exchange: &Handled) -> Value {
    json!({
        "number": number,
        "method": exchange.request.method().as_str(),
        "target": exchange.target(),
        "status": exchange.status().as_u16(),
        "code": explain::code(exchange),
        "request_id": exchange.request_id(),
        "fault": exchange.fault().map(Fault::name),
    })
}

pub(super) fn one(desk: &Desk, number: &str) -> Answer {
    let number: u64 = number
        .parse()
        .map_err(|_| Problem::missing(format!("there is no exchange {number}")))?;
    let (first, log) = desk.log();
    let index = number
        .checked_sub(first)
        .and_then(|index| usize::try_from(index).ok());
    let exchange = index.and_then(|index| log.get(index)).ok_or_else(|| {
        Problem::missing(format!(
            "there is no exchange {number}: the log begins with {first} and has {}",
            log.len()
        ))
    })?;
    let causes = desk.look(|platform, clocks| explain::refusal(exchange, platform.profile(), clocks));
    let mut shown = line(number, exchange);
    shown["request"] = message(exchange.request.headers(), exchange.request.body());
    shown["response"] = message(exchange.response.headers(), exchange.response.body());
    shown["explanation"] = json!(causes);
    Ok(shown)
}

fn message(headers: &HeaderMap, body: &[u8]) -> Value {
    let headers = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        json!([name.as_str(), value])
    });
    let text = String::from_utf8_lossy(body);
    json!({
        "headers": headers.collect::<Vec<_>>(),
        "body": text.chars().take(SHOWN).collect::<String>(),
        "body_bytes": body.len(),
    })
}
