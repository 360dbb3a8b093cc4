//! What the users of merchant transfers do.

use serde::Deserialize;

use super::super::desk::Desk;
use super::reply::Problem;
use crate::transfer::{TransferError, TransferOutcome, TransferRef};

/// A transfer, and what becomes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Settled {
    number: String,
    /// Needed only when two accounts use the same number.
    mchid: Option<String>,
    outcome: Outcome,
    /// Why it fails.
    reason: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Confirmed,
    Expired,
    Failed,
}

/// Why a transfer fails when nobody says it: the user's account is not in order.
const ABNORMAL: &str = "PAYEE_ACCOUNT_ABNORMAL";

pub(super) async fn settle(desk: &Desk, settled: Settled) -> Result<(), Problem> {
    let outcome = match (settled.outcome, settled.reason) {
        (Outcome::Failed, reason) => TransferOutcome::Failed(reason.unwrap_or_else(|| ABNORMAL.to_owned())),
        (_, Some(_)) => return Err(Problem::bad("`reason` belongs to the outcome `failed`")),
        (Outcome::Confirmed, None) => TransferOutcome::Confirmed,
        (Outcome::Expired, None) => TransferOutcome::Expired,
    };
    let mut named = TransferRef::new(settled.number);
    if let Some(mchid) = settled.mchid {
        named = named.created_by(mchid);
    }
    let done = desk.act(|platform, clocks| platform.settle_transfer(&named, &outcome, clocks));
    done.await?.map_err(|error| match error {
        TransferError::Unknown { .. } => Problem::missing(error),
        _ => Problem::conflict(error),
    })
}
