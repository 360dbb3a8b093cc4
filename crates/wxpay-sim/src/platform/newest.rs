//! What a page shows: the newest of everything, and what belongs to one order.

use super::Platform;
use super::lists::{Ordered, Refunded, Transferred, ordered, text, transferred};
use crate::clocks::Clocks;
use crate::outbox::Notified;
use crate::store::{Combined, Notification, Order, Refund, Transfer};

/// What takes a user to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// A `code_url`, `h5_url` or `prepay_id`.
    pub(crate) text: String,
    /// Until when, by the business clock.
    pub(crate) expires: String,
}

/// The last of them, newest first.
fn newest<T, K: Ord>(all: impl Iterator<Item = T>, key: impl Fn(&T) -> K, count: usize) -> Vec<T> {
    let mut all: Vec<T> = all.collect();
    all.sort_by_key(|item| std::cmp::Reverse(key(item)));
    all.truncate(count);
    all
}

impl Platform {
    /// The last so many orders, newest first.
    pub(crate) fn newest_orders(&self, count: usize, clocks: Clocks) -> Vec<Ordered> {
        let orders = newest(self.store.orders.iter(), |order: &&Order| order.created, count);
        orders
            .into_iter()
            .map(|order| ordered(order, clocks.business))
            .collect()
    }

    /// The orders with a number: the merchant's, WeChat Pay's, or that of the combined order that they are parts of.
    pub(crate) fn orders_named(&self, number: &str, clocks: Clocks) -> Vec<Ordered> {
        let marks = ["number", "id"].map(|kind| format!("{kind}:{number}"));
        let combined = marks.iter().flat_map(|mark| self.store.combined.marked(mark));
        let parts = combined.flat_map(|combined| &combined.parts);
        let parts = parts.filter_map(|key| self.store.orders.get(key));
        let named = marks.iter().flat_map(|mark| self.store.orders.marked(mark));
        named
            .chain(parts)
            .map(|order| ordered(order, clocks.business))
            .collect()
    }

    /// The last so many refunds, newest first.
    pub(crate) fn newest_refunds(&self, count: usize) -> Vec<Refunded> {
        let refunds = newest(
            self.store.refunds.iter(),
            |refund: &&Refund| refund.created,
            count,
        );
        refunds.into_iter().map(|refund| self.refunded(refund)).collect()
    }

    /// The last so many transfers, newest first.
    pub(crate) fn newest_transfers(&self, count: usize) -> Vec<Transferred> {
        let transfers = self.store.transfers.iter();
        let transfers = newest(transfers, |transfer: &&Transfer| transfer.created, count);
        transfers.into_iter().map(transferred).collect()
    }

    /// The last so many notifications, newest first.
    pub(crate) fn newest_notifications(&self, count: usize) -> Vec<Notified> {
        let notices = self.store.notifications.iter();
        let notices = newest(notices, |notice: &&Notification| notice.created, count);
        notices.into_iter().map(Notified::from).collect()
    }

    /// The order with a merchant's number.
    pub(crate) fn order(&self, mchid: &str, number: &str, clocks: Clocks) -> Option<Ordered> {
        let order = self.store.orders.get(&Order::key_of(mchid, number))?;
        Some(ordered(order, clocks.business))
    }

    /// The orders that a combined one is made of.
    pub(crate) fn parts(&self, mchid: &str, number: &str, clocks: Clocks) -> Vec<Ordered> {
        let combined = self.store.combined.get(&Combined::key_of(mchid, number));
        let keys = combined.into_iter().flat_map(|combined| &combined.parts);
        keys.filter_map(|key| self.store.orders.get(key))
            .map(|order| ordered(order, clocks.business))
            .collect()
    }

    /// The combined order that an order is a part of.
    fn combined_of(&self, key: &str) -> Option<&str> {
        self.store.orders.get(key)?.combined.as_deref()
    }

    /// What takes a user to an order, or to the combined one that it is a part of.
    pub(crate) fn links(&self, order: &Ordered, clocks: Clocks) -> Vec<Link> {
        let key = Order::key_of(&order.mchid, &order.number);
        let combined = self.combined_of(&key);
        let wanted = (combined.unwrap_or(&key), combined.is_some());
        let handles = self.store.handles.iter();
        handles
            .filter(|handle| (handle.order.as_str(), handle.combined) == wanted)
            .filter(|handle| clocks.business < handle.expires)
            .map(|handle| Link {
                text: handle.text.clone(),
                expires: text(handle.expires),
            })
            .collect()
    }

    /// The refunds of an order, oldest first.
    pub(crate) fn refunds_of(&self, mchid: &str, number: &str) -> Vec<Refunded> {
        let key = Order::key_of(mchid, number);
        let mut refunds: Vec<&Refund> = self.store.refunds.marked(&format!("order:{key}")).collect();
        refunds.sort_by_key(|refund| refund.created);
        refunds.into_iter().map(|refund| self.refunded(refund)).collect()
    }

    /// The notifications about an order, the combined one that it is a part of, and its refunds; newest first.
    pub(crate) fn notifications_about(&self, order: &Ordered) -> Vec<Notified> {
        let key = Order::key_of(&order.mchid, &order.number);
        let combined = self.combined_of(&key);
        let mut marks = vec![format!("about:order {key}")];
        marks.extend(combined.map(|combined| format!("about:combined {combined}")));
        let refunds = self.refunds_of(&order.mchid, &order.number).into_iter();
        marks.extend(refunds.map(|refund| {
            let key = Refund::key_of(&refund.mchid, &refund.number);
            format!("about:refund {key}")
        }));
        self.about(&marks)
    }

    /// The notifications with any of these marks, newest first.
    pub(super) fn about(&self, marks: &[String]) -> Vec<Notified> {
        let found = marks
            .iter()
            .flat_map(|mark| self.store.notifications.marked(mark));
        let found = newest(found, |notice: &&Notification| notice.created, usize::MAX);
        found.into_iter().map(Notified::from).collect()
    }
}
