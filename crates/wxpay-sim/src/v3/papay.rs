//! Deductions by contract (委托代扣): offering contracts, looking at them, ending them, and charging users.

mod charge;
mod contract;
mod offer;
mod view;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::world::World;

pub(super) use view::view;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let plan = |text: &str| decode("url", "plan_id", text);
    let code = |text: &str| decode("url", "out_contract_code", text);
    let id = |text: &str| decode("url", "contract_id", text);
    match (method.as_str(), path) {
        ("POST", ["sign", "contracts", "pre-entrust-sign"]) => offer::offer(call, world, ""),
        ("POST", ["scheduled-deduct-sign", "contracts", "pre-entrust-sign", way]) => {
            offer::offer(call, world, way)
        }
        ("GET", ["sign", "contracts", "plan-id", p, "out-contract-code", c]) => {
            contract::query(call, world, &plan(p)?, &code(c)?)
        }
        (
            "POST",
            [
                "sign",
                "contracts",
                "plan-id",
                p,
                "out-contract-code",
                c,
                "terminate",
            ],
        ) => contract::terminate(call, world, &plan(p)?, &code(c)?),
        ("POST", ["contracts", text, "notify"]) => {
            charge::announce(call, world, "v3.papay.pre_notify_contract", &id(text)?)
        }
        ("POST", ["contracts", text, "fail-notify"]) => {
            charge::announce(call, world, "v3.papay.fail_notify_contract", &id(text)?)
        }
        ("POST", ["pay", "transactions", "apply"]) => charge::apply(call, world),
        _ => Err(Refusal::unknown_operation()),
    }
}
