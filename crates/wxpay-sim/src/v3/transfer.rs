//! Merchant transfer bills (商家转账单, protocol section 13.7).

mod cancel;
mod create;
mod query;
mod unknown;
mod view;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::world::World;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match (method.as_str(), path) {
        ("POST", []) => create::create(call, world),
        ("GET", ["out-bill-no", text]) => query::by_number(call, world, &decode("url", "out_bill_no", text)?),
        ("GET", ["transfer-bill-no", text]) => {
            query::by_id(call, world, &decode("url", "transfer_bill_no", text)?)
        }
        ("POST", ["out-bill-no", text, "cancel"]) => {
            cancel::cancel(call, world, &decode("url", "out_bill_no", text)?)
        }
        _ => Err(Refusal::unknown_operation()),
    }
}
