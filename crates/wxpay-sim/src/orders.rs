//! What may happen to orders, whoever asks for it: v3, v2 and global share it.

use wxpay_proto::UnixTime;

use crate::accounts;
use crate::store::{Combined, Order, Payment, State, Store};

/// How long an order waits to be paid at most: 7 days.
const LIFETIME: i64 = 7 * 86_400;

/// When an order ends that is created now: at the time asked for, and after 7 days at the latest.
pub(crate) fn expiry(now: UnixTime, asked: Option<UnixTime>) -> UnixTime {
    let latest = UnixTime::from_secs(now.as_secs().saturating_add(LIFETIME));
    asked.map_or(latest, |asked| asked.min(latest))
}

/// Why an order cannot be created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// The number is in use with other parameters.
    Different,
    Paid,
    Closed,
    /// The number is in use in an order of another kind.
    Used,
    /// The number of the part with this index is in use elsewhere.
    PartUsed(usize),
}

/// Why an order cannot be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotClosed {
    Unknown,
    Paid,
    Already,
    TooYoung,
    /// A code payment is reversed, not closed.
    CodePayment,
}

/// Why an order cannot be reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotReversed {
    Unknown,
    Closed,
    /// Only code payments are reversed.
    NoCodePayment,
    /// Some of it has been refunded.
    Refunded,
}

/// Takes a new order, or the repetition of one that still waits.
pub(crate) fn admit(store: &mut Store, mut order: Order, now: UnixTime) -> Result<(), Conflict> {
    let key = Order::key_of(&order.mchid, &order.out_trade_no);
    if let Some(known) = store.orders.get(&key) {
        if known.combined.is_some() {
            return Err(Conflict::Used);
        }
        return retaken(known.state(now), known.repeats(&order));
    }
    order.note(now, "created");
    store.orders.put(order);
    Ok(())
}

/// Takes a new combined order with its parts, or the repetition of one that still waits.
pub(crate) fn admit_combined(
    store: &mut Store,
    combined: Combined,
    parts: Vec<Order>,
    now: UnixTime,
) -> Result<(), Conflict> {
    let key = Combined::key_of(&combined.mchid, &combined.number);
    if let Some(known) = store.combined.get(&key) {
        return retaken(combined_state(store, known, now), known.repeats(&combined));
    }
    let keys = || {
        parts
            .iter()
            .map(|part| Order::key_of(&part.mchid, &part.out_trade_no))
    };
    if let Some(index) = keys().position(|part| store.orders.get(&part).is_some()) {
        return Err(Conflict::PartUsed(index));
    }
    store.combined.put(combined);
    for mut part in parts {
        part.note(now, "created");
        store.orders.put(part);
    }
    Ok(())
}

fn retaken(state: State, repeats: bool) -> Result<(), Conflict> {
    match state {
        State::Paid => Err(Conflict::Paid),
        State::Closed | State::Revoked | State::PayError => Err(Conflict::Closed),
        State::Open | State::UserPaying if repeats => Ok(()),
        State::Open | State::UserPaying => Err(Conflict::Different),
    }
}

/// An order by its merchant's number. Parts of combined orders are not seen.
pub(crate) fn by_number<'a>(store: &'a Store, mchid: &str, number: &str) -> Option<&'a Order> {
    let order = store.orders.get(&Order::key_of(mchid, number))?;
    order.combined.is_none().then_some(order)
}

/// An order by its id. Parts of combined orders are not seen.
pub(crate) fn by_id<'a>(store: &'a Store, mchid: &str, transaction_id: &str) -> Option<&'a Order> {
    with_id(store, mchid, transaction_id).filter(|order| order.combined.is_none())
}

/// An order by its id, a part of a combined one included.
pub(crate) fn with_id<'a>(store: &'a Store, mchid: &str, transaction_id: &str) -> Option<&'a Order> {
    let mut orders = store.orders.marked(&format!("id:{transaction_id}"));
    orders.find(|order| order.mchid == mchid)
}

pub(crate) fn combined_by_id<'a>(store: &'a Store, mchid: &str, id: &str) -> Option<&'a Combined> {
    let mut orders = store.combined.marked(&format!("id:{id}"));
    orders.find(|combined| combined.mchid == mchid)
}

/// A combined order's parts, in the order of the creation.
pub(crate) fn parts<'a>(store: &'a Store, combined: &'a Combined) -> impl Iterator<Item = &'a Order> {
    combined.parts.iter().filter_map(|key| store.orders.get(key))
}

/// Where a combined order stands: its parts are created, paid and closed together.
pub(crate) fn combined_state(store: &Store, combined: &Combined, now: UnixTime) -> State {
    let first = parts(store, combined).next();
    first.map_or(State::Closed, |part| part.state(now))
}

pub(crate) fn close(store: &mut Store, key: &str, now: UnixTime, min_age: i64) -> Result<(), NotClosed> {
    let order = store.orders.get(key).ok_or(NotClosed::Unknown)?;
    closable(order, now, min_age)?;
    store.orders.edit(key, |order| {
        order.state = State::Closed;
        order.note(now, "closed");
    });
    Ok(())
}

/// Closes all parts, or none.
pub(crate) fn close_combined(
    store: &mut Store,
    key: &str,
    now: UnixTime,
    min_age: i64,
) -> Result<(), NotClosed> {
    let combined = store.combined.get(key).ok_or(NotClosed::Unknown)?;
    parts(store, combined).try_for_each(|part| closable(part, now, min_age))?;
    for part in combined.parts.clone() {
        close(store, &part, now, min_age)?;
    }
    Ok(())
}

fn closable(order: &Order, now: UnixTime, min_age: i64) -> Result<(), NotClosed> {
    match order.state(now) {
        State::Paid => Err(NotClosed::Paid),
        State::Closed | State::Revoked | State::PayError => Err(NotClosed::Already),
        State::UserPaying => Err(NotClosed::CodePayment),
        State::Open if now.seconds_since(order.created) < min_age => Err(NotClosed::TooYoung),
        State::Open => Ok(()),
    }
}

/// Takes a code payment back: what was paid is returned, and what was not will not be.
pub(crate) fn reverse(store: &mut Store, key: &str, now: UnixTime) -> Result<(), NotReversed> {
    use crate::store::TradeType;

    let order = store.orders.get(key).ok_or(NotReversed::Unknown)?;
    if order.trade_type != TradeType::Micropay {
        return Err(NotReversed::NoCodePayment);
    }
    match order.state(now) {
        State::Revoked => return Ok(()),
        State::Closed => return Err(NotReversed::Closed),
        State::Paid if order.refunds > 0 => return Err(NotReversed::Refunded),
        State::Paid => {
            let coupon = order.payment.as_ref().map_or(0, |payment| payment.coupon);
            let (receiver, currency) = (order.receiver().to_owned(), order.currency.clone());
            let paid = order.total - coupon;
            accounts::move_money(store, &receiver, &currency, -paid);
        }
        State::Open | State::UserPaying | State::PayError => {}
    }
    store.orders.edit(key, |order| {
        order.state = State::Revoked;
        order.note(now, "reversed");
    });
    Ok(())
}

/// Books a payment. Whether the order may be paid was looked at before.
pub(crate) fn pay(store: &mut Store, key: &str, payment: Payment) {
    let paid = store.orders.edit(key, |order| {
        order.state = State::Paid;
        order.note(payment.at, "paid");
        let amount = order.total - payment.coupon;
        order.payment = Some(payment);
        (order.receiver().to_owned(), order.currency.clone(), amount)
    });
    if let Some((receiver, currency, amount)) = paid {
        accounts::move_money(store, &receiver, &currency, amount);
    }
}
