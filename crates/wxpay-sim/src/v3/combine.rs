//! Combined orders (合单支付), protocol section 13.5.

mod close;
mod create;
mod members;
mod query;
mod sub_orders;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::product::Product;
use super::refusal::Refusal;
use crate::world::World;

pub(super) use query::view;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let number = |text: &str| decode("url", "combine_out_trade_no", text);
    match (method.as_str(), path) {
        ("POST", [product]) => match Product::find(product) {
            Some(product) => create::create(call, world, product),
            None => Err(Refusal::unknown_operation()),
        },
        ("GET", ["out-trade-no", text]) => query::by_number(call, world, &number(text)?),
        ("GET", ["id", text]) => query::by_id(call, world, &decode("url", "combine_transaction_id", text)?),
        ("POST", ["out-trade-no", text, "close"]) => close::close(call, world, &number(text)?),
        _ => Err(Refusal::unknown_operation()),
    }
}
