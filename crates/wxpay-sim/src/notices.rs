//! What merchants are told of: each in the protocol that the order or the refund was made with.

use wxpay_proto::UnixTime;

use crate::outbox;
use crate::store::{Combined, Dialect};
use crate::world::World;
use crate::{v2, v3};

/// An order was paid.
pub(crate) fn order_paid(world: &mut World<'_>, key: &str) {
    let Some(order) = world.store.orders.get(key).cloned() else {
        return;
    };
    let now = world.clocks.business;
    let note = match order.dialect {
        Dialect::V3 => v3::notices::order_paid(&order, now),
        Dialect::Global => v3::notices::global_paid(&order, now),
        Dialect::V2 => v2::notices::order_paid(world, &order),
    };
    if let Some(note) = note {
        outbox::enqueue(world, note, now);
    }
}

/// A combined order was paid: one notification for all of it.
pub(crate) fn combined_paid(world: &mut World<'_>, combined: &Combined) {
    let now = world.clocks.business;
    let note = match combined.dialect {
        Dialect::V3 | Dialect::Global => v3::notices::combined_paid(world.store, combined, now),
        Dialect::V2 => v2::notices::combined_paid(world, combined),
    };
    if let Some(note) = note {
        outbox::enqueue(world, note, now);
    }
}

/// A refund came to an end, or to a halt.
pub(crate) fn refund_settled(world: &mut World<'_>, key: &str, at: UnixTime) {
    let Some(refund) = world.store.refunds.get(key).cloned() else {
        return;
    };
    let Some(order) = world.store.orders.get(&refund.order).cloned() else {
        return;
    };
    let note = match refund.dialect {
        Dialect::V3 | Dialect::Global => v3::notices::refund_settled(&refund, &order),
        Dialect::V2 => v2::notices::refund_settled(world, &refund, &order),
    };
    if let Some(note) = note {
        outbox::enqueue(world, note, at);
    }
}

/// A transfer came to its end; of one that has not, nobody is told.
pub(crate) fn transfer_ended(world: &mut World<'_>, key: &str, at: UnixTime) {
    let note = world
        .store
        .transfers
        .get(key)
        .and_then(v3::notices::transfer_ended);
    if let Some(note) = note {
        outbox::enqueue(world, note, at);
    }
}

/// A contract was signed, or ended.
pub(crate) fn contract_changed(world: &mut World<'_>, key: &str) {
    let taken = world
        .store
        .contracts
        .edit(key, |contract| (contract.tell.take(), contract.clone()));
    let Some((Some(at), contract)) = taken else {
        return;
    };
    let note = match contract.dialect {
        Dialect::V2 => v2::contract_notices::changed(world, &contract, at),
        Dialect::V3 | Dialect::Global => v3::contract_notices::changed(&contract, at),
    };
    outbox::enqueue(world, note, at);
}

/// The bank has answered a deduction: the user was charged, or not.
pub(crate) fn deducted(world: &mut World<'_>, key: &str, charged: bool, at: UnixTime) {
    let Some(order) = world.store.orders.get(key).cloned() else {
        return;
    };
    let contract = order
        .contract
        .as_ref()
        .and_then(|key| world.store.contracts.get(key).cloned());
    let note = match (order.dialect, contract) {
        (Dialect::V2, Some(contract)) => v2::contract_notices::deducted(world, &order, &contract, charged),
        // No event is documented for a failure: a query tells it.
        (Dialect::V3 | Dialect::Global, _) if charged => v3::notices::order_paid(&order, at),
        _ => None,
    };
    if let Some(note) = note {
        outbox::enqueue(world, note, at);
    }
}
