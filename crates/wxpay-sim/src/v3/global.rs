//! Global and HK payment orders (境外支付): two base paths, one store (protocol sections 8 and A10).

mod close;
mod create;
mod micropay;
mod name;
mod party;
mod product;
mod query;
mod refunds;
mod refusals;
mod reverse;

use http::Method;

use super::answer::Answer;
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::world::World;
use name::Name;
use product::Product;
use refusals::not_post;

pub(super) use query::view;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let (name, rest) = match path {
        ["micropay"] => return micropay::pay(call, world),
        [product] => {
            let product = Product::find(product).ok_or_else(Refusal::unknown_operation)?;
            return if method == Method::POST {
                create::create(call, world, product)
            } else {
                Err(not_post())
            };
        }
        ["id", text, rest @ ..] => (Name::Id(decode("url", "transaction_id", text)?), rest),
        ["out-trade-no", text, rest @ ..] => (Name::Number(decode("url", "out_trade_no", text)?), rest),
        _ => return Err(Refusal::unknown_operation()),
    };
    match (method.as_str(), rest) {
        ("GET", []) => query::query(call, world, &name),
        ("POST", ["close"]) => close::close(call, world, &name),
        ("POST", ["reverse"]) => reverse::reverse(call, world, &name),
        (_, ["close" | "reverse"]) => Err(not_post()),
        _ => Err(Refusal::unknown_operation()),
    }
}

/// Refunds stand beside the transactions of their base; `family` is the catalogue's.
pub(super) fn route_refunds(
    family: &str,
    method: &Method,
    path: &[&str],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    refunds::route(family, method, path, call, world)
}
