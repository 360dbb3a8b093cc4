//! What clients were told, and what they asked for without hearing the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What is known of something that was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Told {
    /// Nobody has asked, or the answer was a refusal.
    #[default]
    Not,
    /// It was asked for, and the connection broke: it may have happened.
    Perhaps,
    /// It was acknowledged.
    Done,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Order {
    /// Fen.
    pub(super) total: i64,
    pub(super) created: Told,
    pub(super) paid: Told,
    pub(super) closed: Told,
    /// Fen. Every order is refunded once at most.
    pub(super) refund: i64,
    pub(super) refunded: Told,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Transfer {
    /// Fen.
    pub(super) amount: i64,
    pub(super) created: Told,
}

/// By their numbers. An order's refund has the number of the order with an `R` behind it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) orders: BTreeMap<String, Order>,
    pub(super) transfers: BTreeMap<String, Transfer>,
    /// Notifications that were seen to be delivered.
    pub(super) delivered: BTreeSet<String>,
}

impl Ledger {
    pub(super) fn take(&mut self, other: Self) {
        self.orders.extend(other.orders);
        self.transfers.extend(other.transfers);
        self.delivered.extend(other.delivered);
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |told: fn(&Order) -> Told| {
            let orders = self.orders.values();
            orders.filter(|order| told(order) == Told::Done).count()
        };
        write!(
            f,
            "acknowledged since the store began: {} orders, {} paid, {} closed, {} refunds, {} transfers; {} deliveries seen",
            count(|order| order.created),
            count(|order| order.paid),
            count(|order| order.closed),
            count(|order| order.refunded),
            self.transfers.len(),
            self.delivered.len()
        )
    }
}
