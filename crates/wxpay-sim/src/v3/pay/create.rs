//! Creating an order, or asking for another handle of one.

use serde_json::Value;

use super::party::{Mode, Party};
use crate::orders::{self, Conflict, expiry};
use crate::store::{Dialect, Document, Order, Record as _, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number, time_expire};
use crate::v3::handles::handle;
use crate::v3::inner;
use crate::v3::product::Product;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(mode: Mode, call: &Call<'_>, world: &mut World<'_>, product: Product) -> Answer {
    let now = world.clocks.business;
    let checked = schema_check::body(call, &mode.operation(product.operation()), &[]);
    let body = checked.map_err(|refusal| name_missing_payer(refusal, product))?;
    check_payer(&body, product)?;
    let ends = time_expire(&body, now)?;
    let order = Order {
        expires: expiry(now, ends),
        ..read(mode, call, world, &body, product.trade_type())?
    };
    let key = order.key();
    orders::admit(world.store, order, now).map_err(refuse)?;
    Ok(Reply::ok(handle(world, product.handle(), &key, false)))
}

/// Reads an order out of a body whose members have been checked, and makes sure that its parties may have it.
pub(super) fn read(
    mode: Mode,
    call: &Call<'_>,
    world: &mut World<'_>,
    body: &Value,
    trade_type: TradeType,
) -> Result<Order, Refusal> {
    let now = world.clocks.business;
    check_notify_url(body)?;
    let number = shape::text(body, "/out_trade_no");
    check_number("/out_trade_no", number, 6, "")?;
    let Party { sub_mchid } = mode.in_body(call, body)?;
    let appid = shape::text(body, mode.appid());
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let payer = ["/payer/openid", "/payer/sp_openid"];
    Ok(Order {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        out_trade_no: number.to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid: appid.to_owned(),
        sub_appid: shape::given(body, "/sub_appid"),
        openid: payer.iter().find_map(|at| shape::given(body, at)),
        sub_openid: shape::given(body, "/payer/sub_openid"),
        description: shape::text(body, "/description").to_owned(),
        attach: shape::given(body, "/attach"),
        device_id: shape::given(body, "/scene_info/device_id"),
        total: shape::number(body, "/amount/total"),
        currency: shape::given(body, "/amount/currency").unwrap_or_else(|| "CNY".to_owned()),
        notify_url: shape::given(body, "/notify_url"),
        profit_sharing: body.pointer("/settle_info/profit_sharing") == Some(&Value::Bool(true)),
        asked: Document::new(body),
        ..Order::blank(Dialect::V3, trade_type, now, expiry(now, None))
    })
}

pub(super) fn refuse(conflict: Conflict) -> Refusal {
    match conflict {
        Conflict::Different => Refusal::other_parameters(),
        Conflict::Paid => Refusal::paid(),
        Conflict::Closed => Refusal::closed(),
        Conflict::Used | Conflict::PartUsed(_) => Refusal::number_used("/out_trade_no"),
    }
}

/// JSAPI without a payer has an inner code of its own.
fn name_missing_payer(refusal: Refusal, product: Product) -> Refusal {
    let field = refusal
        .detail
        .as_ref()
        .map_or("", |detail| shape::text(detail, "/field"));
    let payer = field == "/payer" || field.starts_with("/payer/") && field.ends_with("openid");
    if payer && product.trade_type() == TradeType::Jsapi {
        return refusal.with_inner(inner::OPENID_MISSING);
    }
    refusal
}

/// A partner names the user by its own appid or by the sub-merchant's.
fn check_payer(body: &Value, product: Product) -> Result<(), Refusal> {
    let openids = ["openid", "sp_openid", "sub_openid"];
    let named = openids
        .iter()
        .any(|name| !shape::text(body, &format!("/payer/{name}")).is_empty());
    if named || product.trade_type() != TradeType::Jsapi {
        return Ok(());
    }
    let refusal = Refusal::param("body", "/payer/openid", Value::Null, "JSAPI needs an openid");
    Err(refusal.with_inner(inner::OPENID_MISSING))
}
