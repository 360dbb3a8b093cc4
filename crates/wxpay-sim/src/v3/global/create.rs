//! Creating a global order.

use serde_json::Value;

use super::party::Party;
use super::product::Product;
use super::refusals::{closed, paid};
use crate::orders::{self, Conflict, expiry};
use crate::store::{Dialect, Document, Order, Record as _, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number, time_expire};
use crate::v3::handles::handle;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>, product: Product) -> Answer {
    let now = world.clocks.business;
    let body = schema_check::body(call, product.operation(), &[])?;
    check_product(&body, product)?;
    check_notify_url(&body)?;
    let ends = time_expire(&body, now)?;
    let order = Order {
        expires: expiry(now, ends),
        ..read(call, world, &body, product.trade_type())?
    };
    let key = order.key();
    orders::admit(world.store, order, now).map_err(refuse)?;
    Ok(Reply::ok(handle(world, product.handle(), &key, false)))
}

/// Reads an order out of a body whose members have been checked, and makes sure that its parties may have it.
pub(super) fn read(
    call: &Call<'_>,
    world: &mut World<'_>,
    body: &Value,
    trade_type: TradeType,
) -> Result<Order, Refusal> {
    let now = world.clocks.business;
    let number = shape::text(body, "/out_trade_no");
    check_number("/out_trade_no", number, 6, "")?;
    let Party { sub_mchid } = Party::in_body(call, body)?;
    let appid = if sub_mchid.is_some() {
        "/sp_appid"
    } else {
        "/appid"
    };
    shape::need(body, appid)?;
    if !call.signer.has_appid(shape::text(body, appid)) {
        return Err(Refusal::appid_mismatch());
    }
    if let Some(stranger) = sub_mchid
        .as_deref()
        .filter(|sub_mchid| !call.signer.acts_for(sub_mchid))
    {
        return Err(Refusal::no_relation(stranger));
    }
    let payer = ["/payer/openid", "/payer/sp_openid"];
    Ok(Order {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        out_trade_no: number.to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid: shape::text(body, appid).to_owned(),
        sub_appid: shape::given(body, "/sub_appid"),
        openid: payer.iter().find_map(|at| shape::given(body, at)),
        sub_openid: shape::given(body, "/payer/sub_openid"),
        description: shape::text(body, "/description").to_owned(),
        attach: shape::given(body, "/attach"),
        device_id: shape::given(body, "/scene_info/device_id"),
        total: shape::number(body, "/amount/total"),
        currency: shape::given(body, "/amount/currency").unwrap_or_else(|| "CNY".to_owned()),
        notify_url: shape::given(body, "/notify_url"),
        asked: Document::new(body),
        ..Order::blank(Dialect::Global, trade_type, now, expiry(now, None))
    })
}

pub(super) fn refuse(conflict: Conflict) -> Refusal {
    match conflict {
        Conflict::Paid => paid(),
        Conflict::Closed => closed(),
        Conflict::Used | Conflict::PartUsed(_) => Refusal::number_used("/out_trade_no"),
        Conflict::Different => Refusal::other_parameters(),
    }
}

fn check_product(body: &Value, product: Product) -> Result<(), Refusal> {
    let trade_type = shape::text(body, "/trade_type");
    if trade_type != product.trade_type().as_str() {
        let issue = format!("this path is {}'s", product.trade_type().as_str());
        return Err(Refusal::param("body", "/trade_type", trade_type.into(), &issue));
    }
    let payer = ["openid", "sp_openid", "sub_openid"];
    let payer = payer
        .iter()
        .any(|name| !shape::text(body, &format!("/payer/{name}")).is_empty());
    match product {
        Product::Jsapi if !payer => {
            let refusal = Refusal::param("body", "/payer/openid", Value::Null, "JSAPI needs an openid");
            Err(refusal.with_inner(inner::OPENID_MISSING))
        }
        Product::Mweb => shape::need(body, "/scene_info/payer_client_ip"),
        Product::Jsapi | Product::App | Product::Native => Ok(()),
    }
}
