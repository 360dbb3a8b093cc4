//! Deductions by contract (委托代扣), for merchants and partners: offering contracts, looking at them, ending them,
//! scheduling deductions, announcing them, and charging users.

mod charge;
mod contract;
mod mode;
mod offer;
mod refuse;
mod schedule;
mod view;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::world::World;
use mode::Mode;

pub(super) use view::view;

/// What stands under `/v3/papay`.
pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match path {
        [
            kind @ ("sign" | "scheduled-deduct-sign" | "pay"),
            "partner",
            rest @ ..,
        ] => {
            let path = [&[*kind][..], rest].concat();
            run(Mode::Partner, method, &path, call, world)
        }
        _ => run(Mode::Merchant, method, path, call, world),
    }
}

/// What stands under `/v3/partner-papay`.
pub(super) fn route_partner(
    method: &Method,
    path: &[&str],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    run(Mode::Partner, method, path, call, world)
}

/// A path without what tells partners from merchants.
fn run(mode: Mode, method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let id = |text: &str| decode("url", "contract_id", text);
    match (method.as_str(), path) {
        ("POST", ["sign", "contracts", "pre-entrust-sign"]) => offer::offer(mode, call, world, ""),
        ("POST", ["scheduled-deduct-sign", "contracts", "pre-entrust-sign", way]) => {
            offer::offer(mode, call, world, way)
        }
        (
            _,
            [
                "sign",
                "contracts",
                "plan-id",
                plan,
                "out-contract-code",
                code,
                rest @ ..,
            ],
        ) => {
            let plan = decode("url", "plan_id", plan)?;
            let code = decode("url", "out_contract_code", code)?;
            match (method.as_str(), rest) {
                ("GET", []) => contract::query(mode, call, world, (&plan, &code)),
                ("POST", ["terminate"]) => contract::terminate(mode, call, world, (&plan, &code)),
                _ => Err(Refusal::unknown_operation()),
            }
        }
        ("POST", ["contracts", text, "notify"]) => charge::announce(mode, call, world, &id(text)?),
        ("POST", ["contracts", text, "fail-notify"]) => charge::say_again(mode, call, world, &id(text)?),
        ("GET", ["pay", "schedules", "contract-id", text]) => schedule::query(mode, call, world, &id(text)?),
        ("POST", ["pay", "schedules", "contract-id", text, "schedule"]) => {
            schedule::create(mode, call, world, &id(text)?)
        }
        ("POST", ["pay", "transactions", "apply"]) => charge::apply(mode, call, world),
        _ => Err(Refusal::unknown_operation()),
    }
}
