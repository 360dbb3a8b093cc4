//! What control shows.

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use super::super::desk::Desk;
use super::super::front::Front;
use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::outbox::{Attempted, Notified};

pub(super) fn status(front: &Front) -> Value {
    let profile = front.desk.look(|platform, _| platform.profile().clone());
    let accounts: Vec<Value> = profile
        .merchants()
        .iter()
        .map(|account| {
            json!({
                "mchid": account.id().as_str(),
                "role": account.role().name(),
                "serial": account.serial().as_str(),
                "appids": account.appids(),
                "sub_merchants": account.sub_merchants(),
            })
        })
        .collect();
    let limits = front.limits;
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "clocks": clocks(front.desk.clocks()),
        "accounts": accounts,
        "platform_public_key": profile.platform_public_key().id().as_str(),
        "platform_certificate": profile.platform_certificate().id().as_str(),
        "connections": limits.connections - front.places.available_permits(),
        "limits": {
            "connections": limits.connections,
            "body_bytes": limits.body_bytes,
            "bodies_kib": limits.bodies_kib,
            "header_seconds": limits.headers.as_secs(),
            "body_seconds": limits.body.as_secs(),
        },
    })
}

pub(super) fn clocks(clocks: Clocks) -> Value {
    json!({
        "wire": time(clocks.wire),
        "business": time(clocks.business),
        "turned_seconds": clocks.business.seconds_since(clocks.wire),
    })
}

pub(super) fn time(time: UnixTime) -> String {
    TimeText::beijing(time).as_str().to_owned()
}

pub(super) fn orders(desk: &Desk) -> Value {
    desk.look(|platform, clocks| json!(platform.orders(clocks)))
}

pub(super) fn refunds(desk: &Desk) -> Value {
    desk.look(|platform, _| json!(platform.refunds()))
}

pub(super) fn transfers(desk: &Desk) -> Value {
    desk.look(|platform, _| json!(platform.transfers()))
}

pub(super) fn notifications(desk: &Desk) -> Value {
    let all = desk.look(|platform, _| platform.notifications());
    all.iter().map(notification).collect()
}

fn notification(known: &Notified) -> Value {
    // Invariant: it was made of JSON; a text if somebody has changed the store by hand.
    let resource: Value =
        serde_json::from_str(&known.resource).unwrap_or_else(|_| Value::from(known.resource.as_str()));
    json!({
        "id": known.id,
        "mchid": known.mchid,
        "url": known.url,
        "event_type": known.event_type,
        "about": known.about,
        "resource": resource,
        "created": time(known.created),
        "next": known.next.map(time),
        "delivered": known.delivered,
        "given_up": known.given_up,
        "attempts": known.attempts.iter().map(attempt).collect::<Vec<_>>(),
    })
}

fn attempt(attempt: &Attempted) -> Value {
    json!({
        "number": attempt.number,
        "at": time(attempt.at),
        "probe": attempt.probe,
        "status": attempt.status,
        "reply": attempt.reply,
        "acknowledged": attempt.acknowledged,
        "verdict": attempt.verdict(),
    })
}

pub(super) fn faults() -> Value {
    Fault::ALL.iter().map(|fault| fault.name()).collect()
}
