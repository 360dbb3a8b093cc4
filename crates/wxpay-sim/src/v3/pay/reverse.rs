//! Reversing a code payment (撤销).

use serde_json::json;

use super::find;
use super::party::Mode;
use crate::orders::{self, NotReversed};
use crate::store::Record as _;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::v3::view::parties;
use crate::world::World;

pub(super) fn reverse(mode: Mode, call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let body = schema_check::body(call, &mode.operation("reverse"), &[("out_trade_no", number)])?;
    let party = mode.in_body(call, &body)?;
    let order = find::by_number(call, world, &party, number)?;
    let appid = shape::text(&body, mode.appid());
    if !appid.is_empty() && order.appid != appid {
        return Err(Refusal::appid_mismatch());
    }
    let (key, names) = (order.key(), parties(order));
    orders::reverse(world.store, &key, world.clocks.business).map_err(refuse)?;
    Ok(Reply::ok(json!(names)))
}

/// Why an order is not reversed.
pub(crate) fn refuse(why: NotReversed) -> Refusal {
    let refuse = |message: &str| Refusal::new(400, "INVALID_REQUEST", inner::NOT_VALID_ANY_MORE, message);
    match why {
        NotReversed::Unknown => Refusal::unknown_order(),
        NotReversed::Closed => Refusal::closed(),
        NotReversed::NoCodePayment => refuse("只有付款码支付订单可以撤销 (only a code payment is reversed)"),
        NotReversed::Refunded => refuse("订单已退款，不能撤销 (some of it has been refunded)"),
    }
}
