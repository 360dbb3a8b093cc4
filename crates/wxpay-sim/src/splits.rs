//! What may happen to shares of payments, whoever asks for it (protocol section 13.8).
//!
//! The money leaves the payer's account when a request is accepted, and reaches the receivers when it finishes.

use wxpay_proto::UnixTime;

use crate::accounts;
use crate::store::{Order, Receiver, Record as _, ReturnState, Share, ShareState, Split, State, Store};
use crate::world::World;

/// How many requests to share an order has at most, and how many receivers a request.
const MOST: usize = 50;

/// How long what is left of a payment is kept back: 30 days.
const KEPT: i64 = 30 * 86_400;

/// Why nothing is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotSplit {
    /// The number is in use with other parameters.
    Different,
    Unpaid,
    /// The order was not created to be shared.
    NotShared,
    /// Too soon after the payment.
    TooSoon,
    /// What was left is released.
    Released,
    /// The share with this index is for somebody who was not added.
    UnknownReceiver(usize),
    /// The share with this index is for somebody who has one already.
    Twice(usize),
    /// No receivers, or more than 50.
    Receivers,
    /// More than 50 requests.
    TooMany,
    /// More than the share of the payment that may be shared.
    Ratio,
    /// More than what is left, or than the payer has.
    NotEnough,
}

/// A merchant's request by either of its numbers; WeChat Pay's decides when both are told.
pub(crate) fn by_either<'a>(
    store: &'a Store,
    mchid: &str,
    order_id: Option<&str>,
    out_order_no: &str,
) -> Option<&'a Split> {
    let Some(id) = order_id else {
        return store.splits.get(&Split::key_of(mchid, out_order_no));
    };
    let mut splits = store.splits.marked(&format!("id:{id}"));
    splits.find(|split| split.mchid == mchid)
}

/// Accepts a request to share, or finds the one that it repeats; `release` frees what is left. Gives its key.
pub(crate) fn accept(world: &mut World<'_>, split: Split, release: bool) -> Result<String, NotSplit> {
    let key = split.key();
    if let Some(known) = repeated(world.store, &split)? {
        return Ok(known);
    }
    let now = world.clocks.business;
    let order = shareable(world, &split)?;
    if split.shares.is_empty() || split.shares.len() > MOST {
        return Err(NotSplit::Receivers);
    }
    let receiver = order.receiver().to_owned();
    for (index, share) in split.shares.iter().enumerate() {
        let known = Receiver::key_of(&split.mchid, &receiver, &share.kind, &share.account);
        if world.store.receivers.get(&known).is_none() {
            return Err(NotSplit::UnknownReceiver(index));
        }
        let same = |other: &Share| other.kind == share.kind && other.account == share.account;
        if split.shares[..index].iter().any(same) {
            return Err(NotSplit::Twice(index));
        }
    }
    let requests = world.store.splits.marked(&format!("order:{}", split.order));
    if requests.filter(|known| !known.release).count() >= MOST {
        return Err(NotSplit::TooMany);
    }
    let amounts = split.shares.iter().map(|share| share.amount);
    let amount = amounts.fold(0, i64::saturating_add);
    let left = unsplit(world.store, order, now);
    let most = i128::from(order.payer_total()) * i128::from(world.settings.split_ratio) / 10_000;
    let shared = shared(world.store, &split.order);
    if amount > left {
        return Err(NotSplit::NotEnough);
    }
    if i128::from(shared) + i128::from(amount) > most {
        return Err(NotSplit::Ratio);
    }
    let currency = order.currency.clone();
    if !accounts::has(world.store, &receiver, &currency, amount) {
        return Err(NotSplit::NotEnough);
    }
    accounts::move_money(world.store, &receiver, &currency, -amount);
    put(world, split, release);
    Ok(key)
}

/// Releases what is left of a payment, or finds the request that did. `share` makes the payer's own share of the amount.
pub(crate) fn release(
    world: &mut World<'_>,
    mut split: Split,
    share: impl FnOnce(&mut World<'_>, String, i64) -> Share,
) -> Result<String, NotSplit> {
    let key = split.key();
    if let Some(known) = repeated(world.store, &split)? {
        return Ok(known);
    }
    let now = world.clocks.business;
    let order = shareable(world, &split)?;
    let (left, owner) = (unsplit(world.store, order, now), order.receiver().to_owned());
    split.shares = vec![share(world, owner, left)];
    put(world, split, true);
    Ok(key)
}

fn repeated(store: &Store, split: &Split) -> Result<Option<String>, NotSplit> {
    let key = split.key();
    match store.splits.get(&key) {
        None => Ok(None),
        Some(known) if known.release == split.release && known.asked.says(&split.asked) => Ok(Some(key)),
        Some(_) => Err(NotSplit::Different),
    }
}

fn put(world: &mut World<'_>, mut split: Split, release: bool) {
    let seconds = world.settings.split_seconds;
    split.settles = Some(UnixTime::from_secs(
        split.created.as_secs().saturating_add(seconds),
    ));
    if release {
        world
            .store
            .orders
            .edit(&split.order, |order| order.released = true);
    }
    let now = world.clocks.business;
    world
        .store
        .orders
        .edit(&split.order, |order| order.note(now, "profit sharing accepted"));
    world.store.splits.put(split);
}

/// The order of a request, when its payment can still be shared.
fn shareable<'a>(world: &'a World<'_>, split: &Split) -> Result<&'a Order, NotSplit> {
    let now = world.clocks.business;
    let order = world.store.orders.get(&split.order).ok_or(NotSplit::Unpaid)?;
    let payment = match &order.payment {
        Some(payment) if order.state(now) == State::Paid => payment,
        _ => return Err(NotSplit::Unpaid),
    };
    if !order.profit_sharing {
        return Err(NotSplit::NotShared);
    }
    let age = now.seconds_since(payment.at);
    if age < world.settings.split_after {
        return Err(NotSplit::TooSoon);
    }
    if order.released || age > KEPT {
        return Err(NotSplit::Released);
    }
    Ok(order)
}

/// What of a payment was shared, or is being shared.
fn shared(store: &Store, order: &str) -> i64 {
    let splits = store.splits.marked(&format!("order:{order}"));
    let shares = splits
        .filter(|split| !split.release)
        .flat_map(|split| &split.shares);
    let counted = shares.filter(|share| share.state != ShareState::Closed);
    counted.map(|share| share.amount).fold(0, i64::saturating_add)
}

/// What of a payment others have, or are getting: shares less what has come back.
pub(crate) fn given_away(store: &Store, order: &str) -> i64 {
    let splits = store.splits.marked(&format!("order:{order}"));
    let away = splits.filter(|split| !split.release).map(|split| {
        let shares = split.shares.iter();
        let counted = shares.filter(|share| share.state != ShareState::Closed);
        let away: i64 = counted.map(|share| share.amount - share.returned).sum();
        // A return that is on its way has not come back yet.
        let returns = store.split_returns.marked(&format!("split:{}", split.key()));
        let coming = returns.filter(|found| found.state == ReturnState::Processing);
        away + coming.map(|found| found.amount).sum::<i64>()
    });
    away.fold(0, i64::saturating_add)
}

/// What of a payment can still be shared (剩余待分金额).
pub(crate) fn unsplit(store: &Store, order: &Order, now: UnixTime) -> i64 {
    let Some(payment) = order.payment.as_ref().filter(|_| order.profit_sharing) else {
        return 0;
    };
    if order.released || now.seconds_since(payment.at) > KEPT {
        return 0;
    }
    let left = order.payer_total() - order.payer_refunded - shared(store, &order.key());
    left.max(0)
}

/// Finishes a request. Gives the indices of the shares that reached their receivers.
pub(crate) fn finish(world: &mut World<'_>, key: &str, at: UnixTime) -> Vec<usize> {
    let Some(mut split) = world.store.splits.get(key).cloned() else {
        return Vec::new();
    };
    let Some(order) = world.store.orders.get(&split.order) else {
        return Vec::new();
    };
    let (payer, currency) = (order.receiver().to_owned(), order.currency.clone());
    let mut reached = Vec::new();
    let pending = |share: &&mut Share| share.state == ShareState::Pending;
    for share in split.shares.iter_mut().filter(pending) {
        let known = Receiver::key_of(&split.mchid, &payer, &share.kind, &share.account);
        if split.release {
            share.state = ShareState::Success;
        } else if world.store.receivers.get(&known).is_some() {
            share.state = ShareState::Success;
            if let Some(mchid) = share.merchant() {
                accounts::move_money(world.store, mchid, &currency, share.amount);
            }
        } else {
            share.state = ShareState::Closed;
            share.fail_reason = Some("NO_RELATION".to_owned());
            accounts::move_money(world.store, &payer, &currency, share.amount);
        }
    }
    if !split.release {
        let shares = split.shares.iter().enumerate();
        reached.extend(
            shares
                .filter(|(_, share)| share.state == ShareState::Success)
                .map(|(index, _)| index),
        );
    }
    split.finished = Some(at);
    split.settles = None;
    world.store.splits.put(split);
    reached
}
