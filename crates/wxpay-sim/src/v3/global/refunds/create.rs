//! Asking for a refund of a global order.

use serde_json::json;
use wxpay_proto::TimeText;

use super::view::amount;
use crate::refunds::{self, Asked};
use crate::store::{Dialect, Document, Record as _};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url};
use crate::v3::global::name::{Name, find};
use crate::v3::global::party::Party;
use crate::v3::refund::refuse;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(family: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, &format!("{family}.create"), &[])?;
    shape::need(&body, "/amount")?;
    check_notify_url(&body)?;
    let party = Party::in_body(call, &body)?;
    let name = match shape::given(&body, "/transaction_id") {
        Some(id) => Name::Id(id),
        None => Name::Number(shape::text(&body, "/out_trade_no").to_owned()),
    };
    let order = find(call, world, &name, &party)?.key();
    let asked = Asked {
        mchid: call.signer.id().as_str().to_owned(),
        out_refund_no: shape::text(&body, "/out_refund_no").to_owned(),
        order,
        amount: shape::number(&body, "/amount/refund"),
        total: shape::number(&body, "/amount/total"),
        currency: shape::text(&body, "/amount/currency").to_owned(),
        notify_url: shape::given(&body, "/notify_url"),
        dialect: Dialect::Global,
        asked: Document::new(&body),
    };
    let key = refunds::accept(world, asked).map_err(refuse)?;
    let refund = world
        .store
        .refunds
        .get(&key)
        .ok_or_else(Refusal::unknown_resource)?;
    let order = world.store.orders.get(&refund.order);
    Ok(Reply::ok(json!({
        "id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "create_time": TimeText::beijing(refund.created).as_str(),
        "amount": amount(refund, order.ok_or_else(Refusal::unknown_resource)?),
    })))
}
