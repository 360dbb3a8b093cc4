//! Merchants' money: what payments bring, and what refunds take.

use crate::store::{Account, Store};

/// Whether a merchant has so much. Who has no limit has everything.
pub(crate) fn has(store: &Store, mchid: &str, currency: &str, amount: i64) -> bool {
    let account = store.accounts.get(&Account::key_of(mchid, currency));
    account.is_none_or(|account| !account.limited || account.balance >= amount)
}

/// Puts money into an account, or takes it out when the amount is negative.
pub(crate) fn move_money(store: &mut Store, mchid: &str, currency: &str, amount: i64) {
    change(store, mchid, currency, |account| {
        account.balance = account.balance.saturating_add(amount);
    });
}

/// Says how much a merchant has, and that it can have no less than nothing from now on.
pub(crate) fn limit(store: &mut Store, mchid: &str, currency: &str, balance: i64) {
    change(store, mchid, currency, |account| {
        account.balance = balance;
        account.limited = true;
    });
}

/// What a merchant has, in the currency's smallest unit.
pub(crate) fn balance(store: &Store, mchid: &str, currency: &str) -> i64 {
    let account = store.accounts.get(&Account::key_of(mchid, currency));
    account.map_or(0, |account| account.balance)
}

fn change(store: &mut Store, mchid: &str, currency: &str, change: impl FnOnce(&mut Account)) {
    let known = store.accounts.get(&Account::key_of(mchid, currency)).cloned();
    let mut account = known.unwrap_or_else(|| Account::new(mchid, currency));
    change(&mut account);
    store.accounts.put(account);
}
