//! The orders, and what may happen to them.

use std::collections::BTreeMap;

use serde_json::Value;
use wxpay_proto::UnixTime;

use crate::order::{OrderKind, OrderRef, PayError};

/// How long an order waits to be paid at most: 7 days.
const LIFETIME: i64 = 7 * 86_400;

/// One order inside a combined order; an order that is not combined has one.
#[derive(Clone, Debug)]
pub(crate) struct Part {
    pub(crate) mchid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) out_trade_no: String,
    /// Known from the start, and shown once it is paid.
    pub(crate) transaction_id: String,
}

/// When an order was paid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Payment {
    pub(crate) at: UnixTime,
    pub(crate) millis: u16,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum State {
    Open,
    Paid(Payment),
    Closed,
}

/// An order of any kind.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    /// The merchant that created it.
    pub(crate) owner: String,
    /// The merchant's number of it.
    pub(crate) number: String,
    pub(crate) trade_type: &'static str,
    /// The parameters of its creation, sensitive fields opened: sealing gives other bytes each time.
    pub(crate) asked: Value,
    pub(crate) parts: Vec<Part>,
    pub(crate) transaction_id: String,
    pub(crate) created: UnixTime,
    pub(crate) expires: UnixTime,
    pub(crate) state: State,
}

impl Order {
    pub(crate) fn payment(&self) -> Option<Payment> {
        match self.state {
            State::Paid(payment) => Some(payment),
            State::Open | State::Closed => None,
        }
    }

    /// The official word for the state.
    pub(crate) fn trade_state(&self) -> &'static str {
        match self.state {
            State::Open => "NOTPAY",
            State::Paid(_) => "SUCCESS",
            State::Closed => "CLOSED",
        }
    }

    fn settle(&mut self, now: UnixTime) {
        if matches!(self.state, State::Open) && now >= self.expires {
            self.state = State::Closed;
        }
    }

    fn repeats(&self, other: &Self) -> bool {
        self.asked == other.asked && self.trade_type == other.trade_type
    }
}

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
}

type Key = (String, String);

/// All orders of one kind.
#[derive(Debug, Default)]
pub(crate) struct Book {
    orders: BTreeMap<Key, Order>,
    /// Which order a part's number belongs to, by the part's merchant.
    parts: BTreeMap<Key, Key>,
}

impl Book {
    /// Takes a new order, or the repetition of one that still waits.
    pub(crate) fn admit(&mut self, order: Order, now: UnixTime) -> Result<(), Conflict> {
        let key = (order.owner.clone(), order.number.clone());
        if let Some(known) = self.orders.get_mut(&key) {
            known.settle(now);
            return match known.state {
                State::Paid(_) => Err(Conflict::Paid),
                State::Closed => Err(Conflict::Closed),
                State::Open if known.repeats(&order) => Ok(()),
                State::Open => Err(Conflict::Different),
            };
        }
        let keys: Vec<Key> = order
            .parts
            .iter()
            .map(|part| (part.mchid.clone(), part.out_trade_no.clone()))
            .collect();
        if let Some(index) = keys.iter().position(|part| self.parts.contains_key(part)) {
            return Err(Conflict::PartUsed(index));
        }
        self.parts
            .extend(keys.into_iter().map(|part| (part, key.clone())));
        self.orders.insert(key, order);
        Ok(())
    }

    pub(crate) fn find(&mut self, owner: &str, number: &str, now: UnixTime) -> Option<&Order> {
        let order = self.orders.get_mut(&(owner.to_owned(), number.to_owned()))?;
        order.settle(now);
        Some(order)
    }

    pub(crate) fn find_by_id(&mut self, owner: &str, transaction_id: &str, now: UnixTime) -> Option<&Order> {
        let mut orders = self.orders.values_mut();
        let order = orders.find(|order| order.owner == owner && order.transaction_id == transaction_id)?;
        order.settle(now);
        Some(order)
    }

    pub(crate) fn close(
        &mut self,
        owner: &str,
        number: &str,
        now: UnixTime,
        min_age: i64,
    ) -> Result<(), NotClosed> {
        let order = self
            .orders
            .get_mut(&(owner.to_owned(), number.to_owned()))
            .ok_or(NotClosed::Unknown)?;
        order.settle(now);
        match order.state {
            State::Paid(_) => Err(NotClosed::Paid),
            State::Closed => Err(NotClosed::Already),
            State::Open if now.seconds_since(order.created) < min_age => Err(NotClosed::TooYoung),
            State::Open => {
                order.state = State::Closed;
                Ok(())
            }
        }
    }

    fn pay(&mut self, named: &OrderRef, payment: Payment) -> Result<(), PayError> {
        let wanted = |key: &Key| {
            key.1 == named.number && named.creator.as_ref().is_none_or(|creator| *creator == key.0)
        };
        let mut found = self
            .orders
            .iter_mut()
            .filter(|(key, _)| wanted(key))
            .map(|(_, order)| order);
        let order = || named.clone();
        match (found.next(), found.next()) {
            (None, _) => Err(PayError::Unknown { order: order() }),
            (Some(_), Some(_)) => Err(PayError::Ambiguous { order: order() }),
            (Some(known), None) => {
                known.settle(payment.at);
                match known.state {
                    State::Paid(_) => Err(PayError::Paid { order: order() }),
                    State::Closed => Err(PayError::Closed { order: order() }),
                    State::Open => {
                        known.state = State::Paid(payment);
                        Ok(())
                    }
                }
            }
        }
    }
}

/// Every order. The kinds do not see each other: a v3 query does not find what v2 created.
#[derive(Debug, Default)]
pub(crate) struct Store {
    pub(crate) combine: Book,
    pub(crate) global: Book,
    pub(crate) v2_combined: Book,
}

impl Store {
    pub(crate) fn pay(&mut self, named: &OrderRef, payment: Payment) -> Result<(), PayError> {
        let book = match named.kind {
            OrderKind::Combine => &mut self.combine,
            OrderKind::Global => &mut self.global,
            OrderKind::V2Combined => &mut self.v2_combined,
        };
        book.pay(named, payment)
    }
}
