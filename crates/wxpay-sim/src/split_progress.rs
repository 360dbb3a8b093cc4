//! What time does to shares and their returns, and whom it is told.

use wxpay_proto::UnixTime;

use crate::outbox;
use crate::split_returns;
use crate::splits;
use crate::v3::split_notices;
use crate::world::World;

/// Finishes the requests and returns whose time has come.
pub(crate) fn advance(world: &mut World<'_>, now: UnixTime) {
    for key in world.store.splits.due(now) {
        let at = world
            .store
            .splits
            .get(&key)
            .and_then(|split| split.settles)
            .unwrap_or(now);
        for index in splits::finish(world, &key, at) {
            tell_share(world, &key, index, at);
        }
    }
    for key in world.store.split_returns.due(now) {
        let found = world.store.split_returns.get(&key);
        let at = found.and_then(|found| found.settles).unwrap_or(now);
        if split_returns::finish(world, &key, at) {
            tell_return(world, &key, at);
        }
    }
}

fn tell_share(world: &mut World<'_>, key: &str, index: usize, at: UnixTime) -> Option<()> {
    let split = world.store.splits.get(key)?;
    let order = world.store.orders.get(&split.order)?;
    let share = split.shares.get(index)?;
    let url = world.settings.split_notify_urls.get(share.merchant()?)?.clone();
    let note = split_notices::share_received(split, order, share, url, at);
    outbox::enqueue(world, note, at);
    Some(())
}

fn tell_return(world: &mut World<'_>, key: &str, at: UnixTime) -> Option<()> {
    let found = world.store.split_returns.get(key)?;
    let split = world.store.splits.get(&found.split)?;
    let order = world.store.orders.get(&split.order)?;
    let mut shares = split.shares.iter();
    let share = shares.find(|share| share.merchant() == Some(found.return_mchid.as_str()))?;
    let url = world.settings.split_notify_urls.get(&found.return_mchid)?.clone();
    let note = split_notices::share_returned(found, split, order, share, url, at);
    outbox::enqueue(world, note, at);
    Some(())
}
