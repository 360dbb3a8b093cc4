//! What may happen to merchant transfer bills, whoever asks for it (protocol section 13.7).
//!
//! The money leaves the account when the transfer is accepted, and comes back when it fails or is taken back.

use wxpay_proto::UnixTime;

use crate::accounts;
use crate::store::{Record as _, Store, Transfer, TransferState};
use crate::world::World;

/// Transfers are in yuan alone.
const CURRENCY: &str = "CNY";

/// Why a transfer fails that the user has not confirmed in time.
const OVERDUE: &str = "OVERDUE_CLOSE";

/// Why there is no transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotTransferred {
    /// The number is in use with other parameters.
    Different,
    NotEnough,
}

/// Why a transfer cannot be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotCancelled {
    Unknown,
    /// The user has confirmed it, or it has come to an end.
    TooLate,
}

/// Accepts a transfer, or finds the one that it repeats. Gives its key.
pub(crate) fn accept(world: &mut World<'_>, mut transfer: Transfer) -> Result<String, NotTransferred> {
    let key = transfer.key();
    if let Some(known) = world.store.transfers.get(&key) {
        return if known.asked.says(&transfer.asked) {
            Ok(key)
        } else {
            Err(NotTransferred::Different)
        };
    }
    if !accounts::has(world.store, &transfer.mchid, CURRENCY, transfer.amount) {
        return Err(NotTransferred::NotEnough);
    }
    accounts::move_money(world.store, &transfer.mchid, CURRENCY, -transfer.amount);
    let wait = world.settings.transfer_confirm_seconds;
    transfer.changes = Some(after(transfer.created, wait));
    transfer.turn(TransferState::WaitUserConfirm, transfer.created);
    world.store.transfers.put(transfer);
    Ok(key)
}

/// A transfer by WeChat Pay's number.
pub(crate) fn by_id<'a>(store: &'a Store, mchid: &str, transfer_bill_no: &str) -> Option<&'a Transfer> {
    let mut transfers = store.transfers.marked(&format!("id:{transfer_bill_no}"));
    transfers.find(|transfer| transfer.mchid == mchid)
}

/// Begins to take a transfer back. A repetition changes nothing.
pub(crate) fn cancel(world: &mut World<'_>, key: &str) -> Result<(), NotCancelled> {
    let transfer = world.store.transfers.get(key).ok_or(NotCancelled::Unknown)?;
    match transfer.state {
        TransferState::Canceling | TransferState::Cancelled => Ok(()),
        TransferState::WaitUserConfirm => {
            begin(world, key, TransferState::Canceling);
            Ok(())
        }
        TransferState::Transfering | TransferState::Success | TransferState::Fail => {
            Err(NotCancelled::TooLate)
        }
    }
}

/// The user takes the money. Gives whether that was waited for.
pub(crate) fn confirm(world: &mut World<'_>, key: &str) -> bool {
    let transfer = world.store.transfers.get(key);
    let waits = transfer.is_some_and(|transfer| transfer.state == TransferState::WaitUserConfirm);
    if waits {
        begin(world, key, TransferState::Transfering);
    }
    waits
}

/// The transfer fails, before or after the user has confirmed it. Gives whether it could.
pub(crate) fn fail(world: &mut World<'_>, key: &str, reason: &str) -> bool {
    let transfer = world.store.transfers.get(key);
    let fails = transfer.is_some_and(|transfer| {
        matches!(
            transfer.state,
            TransferState::WaitUserConfirm | TransferState::Transfering
        )
    });
    if fails {
        let now = world.clocks.business;
        end(world, key, TransferState::Fail, Some(reason), now);
    }
    fails
}

/// The user lets the time to confirm pass. Gives whether that was waited for.
pub(crate) fn expire(world: &mut World<'_>, key: &str) -> bool {
    let transfer = world.store.transfers.get(key);
    let waits = transfer.is_some_and(|transfer| transfer.state == TransferState::WaitUserConfirm);
    waits && fail(world, key, OVERDUE)
}

/// Does what time does to a transfer at this moment.
pub(crate) fn advance(world: &mut World<'_>, key: &str, at: UnixTime) {
    let state = world.store.transfers.get(key).map(|transfer| transfer.state);
    match state {
        Some(TransferState::WaitUserConfirm) => end(world, key, TransferState::Fail, Some(OVERDUE), at),
        Some(TransferState::Transfering) => end(world, key, TransferState::Success, None, at),
        Some(TransferState::Canceling) => end(world, key, TransferState::Cancelled, None, at),
        Some(TransferState::Success | TransferState::Fail | TransferState::Cancelled) | None => {}
    }
}

fn begin(world: &mut World<'_>, key: &str, state: TransferState) {
    let now = world.clocks.business;
    let ends = after(now, world.settings.transfer_seconds);
    world.store.transfers.edit(key, |transfer| {
        transfer.turn(state, now);
        transfer.changes = Some(ends);
    });
}

fn end(world: &mut World<'_>, key: &str, state: TransferState, reason: Option<&str>, at: UnixTime) {
    let ended = world.store.transfers.edit(key, |transfer| {
        transfer.turn(state, at);
        transfer.fail_reason = reason.map(str::to_owned);
        transfer.changes = None;
        (transfer.mchid.clone(), transfer.amount)
    });
    if let Some((mchid, amount)) = ended.filter(|_| state != TransferState::Success) {
        accounts::move_money(world.store, &mchid, CURRENCY, amount);
    }
}

fn after(now: UnixTime, seconds: i64) -> UnixTime {
    UnixTime::from_secs(now.as_secs().saturating_add(seconds))
}
