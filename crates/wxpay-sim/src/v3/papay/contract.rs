//! Looking at contracts, and ending them.

use super::view::view;
use crate::contracts;
use crate::store::{Contract, EndedBy};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, plan_id: &str, code: &str) -> Answer {
    let path = [("plan_id", plan_id), ("out_contract_code", code)];
    schema_check::parameters(call, "v3.papay.query_contract", &path)?;
    let key = Contract::key_of(call.signer.id().as_str(), plan_id, code);
    found(world, &key).map(|contract| Reply::ok(view(contract)))
}

/// A repetition finds the contract ended.
pub(super) fn terminate(call: &Call<'_>, world: &mut World<'_>, plan_id: &str, code: &str) -> Answer {
    let path = [("plan_id", plan_id), ("out_contract_code", code)];
    let body = schema_check::body(call, "v3.papay.terminate_contract", &path)?;
    let key = Contract::key_of(call.signer.id().as_str(), plan_id, code);
    found(world, &key)?;
    let remark = shape::given(&body, "/contract_termination_remark");
    contracts::terminate(world, &key, EndedBy::Merchant, remark);
    found(world, &key).map(|contract| Reply::ok(view(contract)))
}

/// A contract that was signed once at least.
fn found<'a>(world: &'a World<'_>, key: &str) -> Result<&'a Contract, Refusal> {
    let contract = world.store.contracts.get(key);
    contract
        .filter(|contract| contract.signed.is_some())
        .ok_or_else(unknown)
}

pub(super) fn unknown() -> Refusal {
    let message = "签约协议不存在 (no such contract)";
    Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
}
