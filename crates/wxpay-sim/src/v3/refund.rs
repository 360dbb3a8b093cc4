//! Refunds of domestic orders (protocol section 13.6), whatever they were made with.

mod abnormal;
mod create;
mod find;
mod query;
mod refuse;
mod view;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::world::World;

pub(super) use find::check_sub_merchant;
pub(super) use refuse::refuse;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match (method.as_str(), path) {
        ("POST", []) => create::create(call, world),
        ("GET", [text]) => query::query(call, world, &decode("url", "out_refund_no", text)?),
        ("POST", [text, "apply-abnormal-refund"]) => {
            abnormal::apply(call, world, &decode("url", "refund_id", text)?)
        }
        _ => Err(Refusal::unknown_operation()),
    }
}
