//! What may happen to returns of shares, whoever asks for them (protocol section 13.8).

use wxpay_proto::UnixTime;

use crate::accounts;
use crate::store::{Record as _, ReturnState, Share, ShareState, Split, SplitReturn};
use crate::world::World;

/// How many returns a request to share has at most.
const MOST: u32 = 50;

/// How long after the sharing a return can be asked for: 180 days.
const LATEST: i64 = 180 * 86_400;

/// Why nothing is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotReturned {
    /// The number is in use with other parameters.
    Different,
    Unknown,
    /// The merchant has no share that it could give back.
    NoShare,
    /// More than what is left of the share.
    TooMuch,
    TooMany,
    TooLate,
}

/// Accepts a return, or finds the one that it repeats. Gives its key.
pub(crate) fn accept(world: &mut World<'_>, mut asked: SplitReturn) -> Result<String, NotReturned> {
    let key = asked.key();
    if let Some(known) = world.store.split_returns.get(&key) {
        return if known.asked.says(&asked.asked) {
            Ok(key)
        } else {
            Err(NotReturned::Different)
        };
    }
    let now = world.clocks.business;
    let split = world
        .store
        .splits
        .get(&asked.split)
        .filter(|split| !split.release);
    let split = split.ok_or(NotReturned::Unknown)?;
    if split.returns >= MOST {
        return Err(NotReturned::TooMany);
    }
    if split
        .finished
        .is_some_and(|finished| now.seconds_since(finished) > LATEST)
    {
        return Err(NotReturned::TooLate);
    }
    let share = split
        .shares
        .iter()
        .find(|share| returnable(share, &asked.return_mchid));
    let share = share.ok_or(NotReturned::NoShare)?;
    if asked.amount > share.amount - share.returned {
        return Err(NotReturned::TooMuch);
    }
    let (amount, mchid) = (asked.amount, asked.return_mchid.clone());
    world.store.splits.edit(&asked.split, |split| {
        split.returns += 1;
        give_back(split, &mchid, amount);
    });
    let seconds = world.settings.split_seconds;
    asked.settles = Some(UnixTime::from_secs(now.as_secs().saturating_add(seconds)));
    world.store.split_returns.put(asked);
    Ok(key)
}

fn returnable(share: &Share, mchid: &str) -> bool {
    share.state == ShareState::Success && share.merchant() == Some(mchid)
}

fn give_back(split: &mut Split, mchid: &str, amount: i64) {
    let shares = split.shares.iter_mut();
    for share in shares.filter(|share| returnable(share, mchid)) {
        share.returned += amount;
    }
}

/// Brings a return to its end: the money goes back, unless the receiver does not have it any more. Gives whether it went.
pub(crate) fn finish(world: &mut World<'_>, key: &str, at: UnixTime) -> bool {
    let Some(found) = world.store.split_returns.get(key).cloned() else {
        return false;
    };
    let split = world.store.splits.get(&found.split);
    let order = split.and_then(|split| world.store.orders.get(&split.order));
    let Some((payer, currency)) = order.map(|order| (order.receiver().to_owned(), order.currency.clone()))
    else {
        return false;
    };
    let has = accounts::has(world.store, &found.return_mchid, &currency, found.amount);
    if has {
        accounts::move_money(world.store, &found.return_mchid, &currency, -found.amount);
        accounts::move_money(world.store, &payer, &currency, found.amount);
    } else {
        world.store.splits.edit(&found.split, |split| {
            give_back(split, &found.return_mchid, -found.amount);
        });
    }
    world.store.split_returns.edit(key, |found| {
        found.settles = None;
        found.finished = Some(at);
        if has {
            found.state = ReturnState::Success;
        } else {
            found.state = ReturnState::Failed;
            found.fail_reason = Some("BALANCE_NOT_ENOUGH".to_owned());
        }
    });
    has
}
