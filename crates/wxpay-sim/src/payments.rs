//! What users do: pay, fail, give up (protocol section 13.1).

use crate::contracts;
use crate::notices;
use crate::order::{OrderKind, OrderRef, PayError, Payer};
use crate::orders;
use crate::payer::payment;
use crate::store::{Combined, Order, State};
use crate::world::World;

/// The user pays an order, or all of a combined one. A code payment that waits for the password is confirmed.
pub(crate) fn pay(world: &mut World<'_>, named: &OrderRef, payer: &Payer) -> Result<(), PayError> {
    let now = world.clocks.business;
    let found = find(world, named)?;
    let first = found.keys().first().and_then(|key| world.store.orders.get(key));
    match first.map(|order| order.state(now)) {
        None => return Err(PayError::Unknown { order: named.clone() }),
        Some(State::Paid) => return Err(PayError::Paid { order: named.clone() }),
        Some(State::Closed | State::Revoked | State::PayError) => {
            return Err(PayError::Closed { order: named.clone() });
        }
        Some(State::Open | State::UserPaying) => {}
    }
    let millis = u16::try_from(world.sequence.next() % 1000).unwrap_or_default();
    for key in found.keys() {
        if let Some(payment) = world
            .store
            .orders
            .get(key)
            .map(|order| payment(order, payer, now, millis))
        {
            orders::pay(world.store, key, payment);
        }
    }
    match &found {
        Found::Order(key) => {
            notices::order_paid(world, &key[0]);
            sign_contract(world, &key[0]);
        }
        Found::Combined(combined) => notices::combined_paid(world, combined),
    }
    Ok(())
}

/// The payment of some orders signs a contract (支付中签约).
fn sign_contract(world: &mut World<'_>, order: &str) {
    let now = world.clocks.business;
    let order = world.store.orders.get(order);
    let order = order.filter(|order| order.trade_type.is_prepaid());
    let Some((contract, payer)) =
        order.and_then(|order| Some((order.contract.clone()?, order.payer().to_owned())))
    else {
        return;
    };
    // Of a contract that was signed elsewhere meanwhile nothing is told here.
    contracts::sign(world, &contract, Some(&payer), now);
}

/// The payment fails: an order waits on, a code payment is over.
pub(crate) fn fail(world: &mut World<'_>, named: &OrderRef, what: &str) -> Result<(), PayError> {
    let now = world.clocks.business;
    for key in find(world, named)?.keys() {
        let failed = world.store.orders.edit(key, |order| match order.state(now) {
            State::Open => {
                order.note(now, what);
                Ok(())
            }
            State::UserPaying => {
                order.state = State::PayError;
                order.note(now, what);
                Ok(())
            }
            State::Paid => Err(PayError::Paid { order: named.clone() }),
            State::Closed | State::Revoked | State::PayError => {
                Err(PayError::Closed { order: named.clone() })
            }
        });
        failed.unwrap_or_else(|| Err(PayError::Unknown { order: named.clone() }))?;
    }
    Ok(())
}

enum Found {
    Order([String; 1]),
    Combined(Combined),
}

impl Found {
    fn keys(&self) -> &[String] {
        match self {
            Self::Order(key) => key,
            Self::Combined(combined) => &combined.parts,
        }
    }
}

fn find(world: &World<'_>, named: &OrderRef) -> Result<Found, PayError> {
    let mark = format!("number:{}", named.number);
    let wanted = |mchid: &str| named.creator.as_deref().is_none_or(|creator| creator == mchid);
    match named.kind {
        OrderKind::Order => {
            let orders = world.store.orders.marked(&mark);
            let orders = orders.filter(|order| order.combined.is_none() && wanted(&order.mchid));
            let keys = orders.map(|order| Order::key_of(&order.mchid, &order.out_trade_no));
            only(named, keys).map(|key| Found::Order([key]))
        }
        OrderKind::Combine => {
            let orders = world.store.combined.marked(&mark);
            only(named, orders.filter(|order| wanted(&order.mchid)))
                .map(|order| Found::Combined(order.clone()))
        }
    }
}

fn only<T>(named: &OrderRef, mut found: impl Iterator<Item = T>) -> Result<T, PayError> {
    match (found.next(), found.next()) {
        (None, _) => Err(PayError::Unknown { order: named.clone() }),
        (Some(_), Some(_)) => Err(PayError::Ambiguous { order: named.clone() }),
        (Some(one), None) => Ok(one),
    }
}
