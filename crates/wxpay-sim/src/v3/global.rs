//! Global and HK payment orders (境外支付): two base paths, one store (protocol sections 8 and A10).

mod close;
mod create;
mod members;
mod party;
mod query;

use http::Method;

use super::call::{Call, decode};
use super::refusal::{Refusal, inner};
use super::{Answer, unknown_operation};
use crate::store::Order;
use crate::world::World;
use members::Product;
use party::Party;

/// How an order is named in a path. Its `id` (微信支付订单号) exists from the creation on, so that an unpaid order can
/// be closed by it: the query by the merchant's number tells it.
enum Name {
    Id(String),
    Number(String),
}

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let (name, rest) = match path {
        [product] => {
            let product = Product::find(product).ok_or_else(unknown_operation)?;
            return if method == Method::POST {
                create::create(call, world, product)
            } else {
                Err(not_post())
            };
        }
        ["id", text, rest @ ..] => (Name::Id(decode("url", "transaction_id", text)?), rest),
        ["out-trade-no", text, rest @ ..] => (Name::Number(decode("url", "out_trade_no", text)?), rest),
        _ => return Err(unknown_operation()),
    };
    match (method.as_str(), rest) {
        ("GET", []) => query::query(call, world, &name),
        ("POST", ["close"]) => close::close(call, world, &name),
        (_, ["close"]) => Err(not_post()),
        _ => Err(unknown_operation()),
    }
}

fn not_post() -> Refusal {
    Refusal::new(
        400,
        "REQUIRE_POST_METHOD",
        inner::ILLEGAL_PARAMETER,
        "请使用post方法 (use POST)",
    )
}

/// Finds an order and makes sure that it is of the merchants that ask.
fn find<'a>(
    call: &Call<'_>,
    world: &'a mut World<'_>,
    name: &Name,
    party: &Party,
) -> Result<&'a Order, Refusal> {
    let owner = call.signer.id().as_str();
    let now = world.clocks.business;
    let order = match name {
        Name::Id(id) => world.store.global.find_by_id(owner, id, now),
        Name::Number(number) => world.store.global.find(owner, number, now),
    };
    let order = order.ok_or_else(Refusal::unknown_order)?;
    let created_for = order.parts.first().and_then(|part| part.sub_mchid.as_deref());
    if created_for == party.sub_mchid.as_deref() {
        return Ok(order);
    }
    let message = "子商户号与订单不匹配 (the order is another sub-merchant's)";
    Err(Refusal::new(
        400,
        "INVALID_REQUEST",
        inner::OTHER_SUB_MERCHANT,
        message,
    ))
}

fn paid() -> Refusal {
    Refusal::new(400, "ORDERPAID", inner::PAID, "订单已支付 (the order is paid)")
}

fn closed() -> Refusal {
    Refusal::new(
        400,
        "ORDERCLOSED",
        inner::NOT_VALID_ANY_MORE,
        "订单已关闭 (the order is closed)",
    )
}
