//! What time does by itself. It is done before every request and every poll, so that both see its outcome.

use crate::complaints;
use crate::contracts;
use crate::notices;
use crate::refunds;
use crate::split_progress;
use crate::store::RefundState;
use crate::transfers;
use crate::world::World;

/// Does everything whose time has come by the business clock, each at its own time.
pub(crate) fn advance(world: &mut World<'_>) {
    let now = world.clocks.business;
    for handle in world.store.handles.due(now) {
        world.store.handles.remove(&handle);
    }
    for statement in world.store.statements.due(now) {
        world.store.statements.remove(&statement);
    }
    for refund in world.store.refunds.due(now) {
        let at = world.store.refunds.get(&refund).and_then(|refund| refund.settles);
        let at = at.unwrap_or(now);
        if refunds::settle(world, &refund, RefundState::Success, at) {
            notices::refund_settled(world, &refund, at);
            let order = world
                .store
                .refunds
                .get(&refund)
                .map(|refund| refund.order.clone());
            complaints::refunded(world, &order.unwrap_or_default(), at);
        }
    }
    for contract in world.store.contracts.due(now) {
        notices::contract_changed(world, &contract);
    }
    for order in world.store.orders.due(now) {
        let at = world.store.orders.get(&order).and_then(|order| order.deducts);
        let at = at.unwrap_or(now);
        if let Some(charged) = contracts::settle(world, &order, at) {
            notices::deducted(world, &order, charged, at);
        }
    }
    // What was deducted in time has ended its contract by now, and is not lost to the day's end.
    for contract in world.store.contracts.due(now) {
        contracts::lapse(world, &contract);
        notices::contract_changed(world, &contract);
    }
    for transfer in world.store.transfers.due(now) {
        let at = world
            .store
            .transfers
            .get(&transfer)
            .and_then(|transfer| transfer.changes);
        let at = at.unwrap_or(now);
        transfers::advance(world, &transfer, at);
        notices::transfer_ended(world, &transfer, at);
    }
    split_progress::advance(world, now);
}
