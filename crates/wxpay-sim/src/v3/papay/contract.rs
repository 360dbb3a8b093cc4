//! Looking at contracts, and ending them.

use serde_json::Value;

use super::mode::Mode;
use super::refuse::unknown;
use super::view::view;
use crate::contracts;
use crate::store::{Contract, EndedBy};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// `named` is its plan and the merchant's number.
pub(super) fn query(mode: Mode, call: &Call<'_>, world: &mut World<'_>, named: (&str, &str)) -> Answer {
    let path = [("plan_id", named.0), ("out_contract_code", named.1)];
    let given = schema_check::parameters(call, &mode.operation("query_contract"), &path)?;
    let key = key(mode, call, world, &given, named)?;
    shown(world, &key)
}

/// A repetition finds the contract ended.
pub(super) fn terminate(mode: Mode, call: &Call<'_>, world: &mut World<'_>, named: (&str, &str)) -> Answer {
    let path = [("plan_id", named.0), ("out_contract_code", named.1)];
    let body = schema_check::body(call, &mode.operation("terminate_contract"), &path)?;
    let key = key(mode, call, world, &body, named)?;
    let remark = shape::given(&body, "/contract_termination_remark");
    contracts::terminate(world, &key, EndedBy::Merchant, remark);
    shown(world, &key)
}

/// The key of a contract that was signed once at least, of the sub-merchant that the parameters name.
fn key(
    mode: Mode,
    call: &Call<'_>,
    world: &World<'_>,
    given: &Value,
    (plan_id, code): (&str, &str),
) -> Result<String, Refusal> {
    let sub_mchid = mode.sub_mchid(call, given)?;
    let key = Contract::key_of(call.signer.id().as_str(), plan_id, code);
    let known = world.store.contracts.get(&key);
    let known = known.filter(|contract| contract.signed.is_some() && contract.sub_mchid == sub_mchid);
    known.map(|_| key).ok_or_else(unknown)
}

fn shown(world: &World<'_>, key: &str) -> Answer {
    let contract = world.store.contracts.get(key).ok_or_else(unknown)?;
    Ok(Reply::ok(view(contract, world.clocks.business)))
}
