//! What may happen to contracts and the deductions by them, whoever asks for it: v2 and v3 share it.

use wxpay_proto::UnixTime;

use crate::deduction_days::{self, Untimely};
use crate::order::Payer;
use crate::orders::{self, Conflict};
use crate::payer::payment;
use crate::store::{Contract, ContractState, EndedBy, Order, Record as _, State, Store};
use crate::world::World;

/// Why a contract cannot be offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotOffered {
    /// It is signed already.
    Signed,
    /// The number was used for a contract that has ended: numbers are used once.
    Used,
    /// The number is in use with other parameters.
    Different,
}

/// Why a deduction is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotDeducted {
    /// There is no such contract, or it is not in force.
    NoContract,
    /// It is in force, and this is not the time.
    Untimely(Untimely),
    Order(Conflict),
}

/// Offers a contract to the user, or the same one once more. Gives its key.
pub(crate) fn offer(store: &mut Store, contract: Contract) -> Result<String, NotOffered> {
    let key = contract.key();
    if let Some(known) = store.contracts.get(&key) {
        match known.state {
            ContractState::Signed => return Err(NotOffered::Signed),
            ContractState::Terminated => return Err(NotOffered::Used),
            ContractState::Offered if !known.asked.says(&contract.asked) => {
                return Err(NotOffered::Different);
            }
            ContractState::Offered => {}
        }
    }
    store.contracts.put(contract);
    Ok(key)
}

/// A contract by WeChat Pay's number, signed once at least.
pub(crate) fn by_id<'a>(store: &'a Store, mchid: &str, contract_id: &str) -> Option<&'a Contract> {
    let mut contracts = store.contracts.marked(&format!("id:{contract_id}"));
    contracts.find(|contract| contract.mchid == mchid && contract.signed.is_some())
}

/// The user signs. Gives whether that was waited for.
pub(crate) fn sign(world: &mut World<'_>, key: &str, openid: Option<&str>, at: UnixTime) -> bool {
    let signed = world.store.contracts.edit(key, |contract| {
        if contract.state != ContractState::Offered {
            return false;
        }
        contract.state = ContractState::Signed;
        contract.signed = Some(at);
        contract.tell = Some(at);
        if let Some(openid) = openid {
            openid.clone_into(&mut contract.openid);
        }
        true
    });
    signed.unwrap_or_default()
}

/// Ends a contract that was signed. Gives whether it was in force.
pub(crate) fn terminate(world: &mut World<'_>, key: &str, by: EndedBy, remark: Option<String>) -> bool {
    let now = world.clocks.business;
    end(world, key, by, remark, now)
}

/// Ends a contract whose one deduction was not made on its day. Gives whether that time has come.
pub(crate) fn lapse(world: &mut World<'_>, key: &str) -> bool {
    let now = world.clocks.business;
    let contract = world.store.contracts.get(key);
    let at = contract.and_then(Contract::lapses).filter(|at| *at <= now);
    at.is_some_and(|at| end(world, key, EndedBy::System, None, at))
}

fn end(world: &mut World<'_>, key: &str, by: EndedBy, remark: Option<String>, at: UnixTime) -> bool {
    let ended = world.store.contracts.edit(key, |contract| {
        if contract.state != ContractState::Signed {
            return false;
        }
        contract.state = ContractState::Terminated;
        contract.terminated = Some(at);
        contract.tell = Some(at);
        contract.ended_by = Some(by);
        contract.remark = remark;
        true
    });
    ended.unwrap_or_default()
}

/// Accepts a deduction by a contract, or the repetition of one. Whether there is money, the bank says later.
pub(crate) fn deduct(
    world: &mut World<'_>,
    mut order: Order,
    contract_id: &str,
) -> Result<String, NotDeducted> {
    let now = world.clocks.business;
    let contract = by_id(world.store, &order.mchid, contract_id);
    let contract = contract.filter(|contract| contract.sub_mchid == order.sub_mchid);
    let key = order.key();
    let fresh = world.store.orders.get(&key).is_none();
    let contract = match contract {
        Some(contract) if contract.is_good(now) || !fresh => contract,
        _ => return Err(NotDeducted::NoContract),
    };
    if fresh {
        let allowed = deduction_days::may_charge(contract, order.total, now);
        allowed.map_err(NotDeducted::Untimely)?;
    }
    order.contract = Some(contract.key());
    order.openid = Some(contract.openid.clone());
    let ends = now.as_secs().saturating_add(world.settings.deduct_seconds);
    order.deducts = Some(UnixTime::from_secs(ends));
    orders::admit(world.store, order, now).map_err(NotDeducted::Order)?;
    Ok(key)
}

/// The bank does what a deduction asks for. Gives whether the user was charged; nothing when the order had ended before.
pub(crate) fn settle(world: &mut World<'_>, key: &str, at: UnixTime) -> Option<bool> {
    let millis = u16::try_from(world.sequence.next() % 1000).unwrap_or_default();
    let order = world.store.orders.get(key)?;
    let waits = order.state(at) == State::Open;
    let agreed = order.contract.clone();
    let contract = agreed.as_ref().and_then(|key| world.store.contracts.get(key));
    let pays = contract.is_some_and(|contract| contract.is_good(at) && !contract.broke);
    let payment = payment(order, &Payer::default(), at, millis);
    world.store.orders.edit(key, |order| order.deducts = None);
    if !waits {
        return None;
    }
    if pays {
        orders::pay(world.store, key, payment);
        if let Some(agreed) = agreed {
            charged(world, &agreed, at);
        }
    } else {
        world.store.orders.edit(key, |order| {
            order.state = State::PayError;
            order.note(at, "deduction failed");
        });
    }
    Some(pays)
}

/// A deduction was made: what was announced is over, and a contract for one deduction with it.
fn charged(world: &mut World<'_>, contract: &str, at: UnixTime) {
    let over = world.store.contracts.edit(contract, |contract| {
        contract.announced = None;
        let planned = contract.planned.as_mut();
        planned.map(|planned| planned.paid = Some(at)).is_some()
    });
    if over.unwrap_or_default() {
        end(world, contract, EndedBy::System, None, at);
    }
}
