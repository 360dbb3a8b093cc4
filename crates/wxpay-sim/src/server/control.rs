//! The control API: what the user, the bank and the clockmaker do, as JSON for scripts.

mod changes;
mod complaints;
mod contracts;
mod deliveries;
mod exchanges;
pub(super) mod guard;
mod reply;
mod rules;
mod transfers;
mod views;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;

use super::body;
use super::desk::Desk;
use super::front::Front;
use reply::Answer;
pub(super) use reply::Problem;

/// Where the control API is, on both protocols of the port.
pub const CONTROL: &str = "/_sim/api/";

/// Whether a path is control's and not WeChat Pay's.
pub(super) fn is_ours(path: &str) -> bool {
    path.starts_with("/_sim/")
}

/// Answers a request of control's, or refuses it when it may come from another web page.
pub(super) async fn answer(
    request: Request<Incoming>,
    peer: SocketAddr,
    front: &Arc<Front>,
) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let answered = match guard::check(&parts, peer, front.control_for_all) {
        Ok(()) => route(&parts, body, front).await,
        Err(problem) => Err(problem),
    };
    reply::respond(answered)
}

async fn route(parts: &Parts, body: Incoming, front: &Arc<Front>) -> Answer {
    let path = parts.uri.path().strip_prefix(CONTROL).unwrap_or_default();
    let desk = &front.desk;
    if parts.method == Method::GET {
        let told = match path.split_once('/').unwrap_or((path, "")) {
            ("status", "") => Ok(views::status(front)),
            ("orders", "") => Ok(views::orders(desk)),
            ("refunds", "") => Ok(views::refunds(desk)),
            ("transfers", "") => Ok(views::transfers(desk)),
            ("notifications", "") => Ok(views::notifications(desk)),
            ("deliveries", "") => deliveries::list(desk, parts.uri.query().unwrap_or_default()).await,
            ("faults", "") => Ok(views::faults()),
            ("contracts", "") => Ok(contracts::list(desk)),
            ("complaints", "") => Ok(complaints::list(desk)),
            ("rules", "") => Ok(rules::list(desk)),
            ("exchanges", "") => Ok(exchanges::list(desk)),
            ("exchanges", number) => exchanges::one(desk, number),
            _ => Err(unknown(parts)),
        };
        desk.told().await?;
        return told;
    }
    if !changes::PATHS.contains(&path) {
        return Err(unknown(parts));
    }
    let read = body::read(parts, body, &front.limits, &front.room).await;
    let read = read.map_err(|refusal| {
        let text = String::from_utf8_lossy(refusal.body()).trim_end().to_owned();
        Problem(refusal.status(), text)
    })?;
    changes::make(desk, path, &read.bytes).await
}

/// Changes something, for whoever has been let through.
pub(super) async fn change(desk: &Desk, path: &str, body: &[u8]) -> Result<(), Problem> {
    changes::make(desk, path, body).await.map(drop)
}

fn unknown(parts: &Parts) -> Problem {
    let (method, path) = (&parts.method, parts.uri.path());
    Problem(
        StatusCode::NOT_FOUND,
        format!(
            "there is no {method} {path}. GET {CONTROL}status, orders, refunds, transfers, notifications, deliveries, \
             complaints, contracts, faults, rules, exchanges, \
             exchanges/NUMBER; POST {CONTROL}{}",
            changes::PATHS.join(", ")
        ),
    )
}
