//! Orders of merchants and partners (protocol sections 13.1 to 13.4).

mod close;
mod codepay;
mod create;
mod find;
mod party;
mod query;
mod reverse;
mod view;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::product::Product;
use super::refusal::Refusal;
use crate::world::World;

pub(super) use party::Mode;
pub(super) use view::view;

pub(super) fn route(
    mode: Mode,
    method: &Method,
    path: &[&str],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    let number = |text: &str| decode("url", "out_trade_no", text);
    match (method.as_str(), path) {
        ("POST", ["codepay"]) => codepay::pay(mode, call, world),
        ("POST", [product]) => match Product::find(product) {
            // Partners have a path for mini programs as well; merchants use `jsapi`.
            Some(Product::MiniProgram) if mode != Mode::Partner => Err(Refusal::unknown_operation()),
            Some(product) => create::create(mode, call, world, product),
            None => Err(Refusal::unknown_operation()),
        },
        ("GET", ["out-trade-no", text]) => query::by_number(mode, call, world, &number(text)?),
        ("GET", ["id", text]) => query::by_id(mode, call, world, &decode("url", "transaction_id", text)?),
        ("POST", ["out-trade-no", text, "close"]) => close::close(mode, call, world, &number(text)?),
        ("POST", ["out-trade-no", text, "reverse"]) => reverse::reverse(mode, call, world, &number(text)?),
        _ => Err(Refusal::unknown_operation()),
    }
}
