//! Finds what a refund is about, and makes sure that it is of the merchants that ask.

use serde_json::Value;

use crate::orders;
use crate::store::{Dialect, Order, Record as _};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

/// The key of the order that a creation names, a part of a combined order included.
pub(super) fn order(call: &Call<'_>, world: &World<'_>, body: &Value) -> Result<String, Refusal> {
    let mchid = call.signer.id().as_str();
    let id = shape::text(body, "/transaction_id");
    let order = if id.is_empty() {
        let key = Order::key_of(mchid, shape::text(body, "/out_trade_no"));
        world.store.orders.get(&key)
    } else {
        orders::with_id(world.store, mchid, id).filter(|order| order.payment.is_some())
    };
    let order = order.filter(|order| order.dialect != Dialect::Global);
    let order = order.ok_or_else(Refusal::unknown_resource)?;
    let said = shape::given(body, "/sub_mchid");
    check_sub_merchant(order.sub_mchid.as_deref(), said.as_deref())?;
    Ok(order.key())
}

/// The sub-merchant that is named must be the order's.
pub(crate) fn check_sub_merchant(known: Option<&str>, said: Option<&str>) -> Result<(), Refusal> {
    match (known, said) {
        (known, said) if known == said => Ok(()),
        (Some(_), None) => {
            let refusal = Refusal::param(
                "body",
                "/sub_mchid",
                Value::Null,
                "a partner names its sub-merchant",
            );
            Err(refusal.with_inner(inner::SUB_MERCHANT_MISSING))
        }
        _ => Err(Refusal::other_sub_merchant()),
    }
}
