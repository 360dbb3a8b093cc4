//! Refunds of global and HK orders (protocol appendix A10).

mod create;
mod query;
mod view;

use http::Method;

use crate::v3::answer::Answer;
use crate::v3::call::{Call, decode};
use crate::v3::refusal::Refusal;
use crate::world::World;

/// `family` is the catalogue's: the two bases have one each.
pub(super) fn route(
    family: &str,
    method: &Method,
    path: &[&str],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    match (method.as_str(), path) {
        ("POST", []) => create::create(family, call, world),
        ("GET", []) => query::list(call, world),
        ("GET", ["id", text]) => query::by_id(call, world, &decode("url", "refund_id", text)?),
        ("GET", ["out-refund-no", text]) => {
            query::by_number(call, world, &decode("url", "out_refund_no", text)?)
        }
        _ => Err(Refusal::unknown_operation()),
    }
}
