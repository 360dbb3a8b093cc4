//! Creating a global order.

use serde_json::Value;

use super::members::{PREPAY, Product};
use super::party::Party;
use super::refusals::{closed, paid};
use crate::orders::{self, Conflict, expiry};
use crate::store::{Dialect, Document, Order};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number, time_expire};
use crate::v3::handles::handle;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>, product: Product) -> Answer {
    let now = world.clocks.business;
    let body = call.json()?;
    shape::check(&body, PREPAY)?;
    check_product(&body, product)?;
    check_notify_url(&body)?;
    let ends = time_expire(&body, now)?;
    let number = shape::text(&body, "/out_trade_no").to_owned();
    check_number("/out_trade_no", &number, 6, "")?;
    let party = Party::in_body(call, &body)?;
    let appid = if party.sub_mchid.is_some() {
        "/sp_appid"
    } else {
        "/appid"
    };
    shape::need(&body, appid)?;
    if !call.signer.has_appid(shape::text(&body, appid)) {
        return Err(Refusal::appid_mismatch());
    }
    if let Some(sub_mchid) = party
        .sub_mchid
        .as_deref()
        .filter(|sub_mchid| !call.signer.acts_for(sub_mchid))
    {
        return Err(Refusal::no_relation(sub_mchid));
    }
    let currency = shape::given(&body, "/amount/currency").unwrap_or_else(|| "CNY".to_owned());
    let payer = ["/payer/openid", "/payer/sp_openid"];
    let owner = call.signer.id().as_str().to_owned();
    let key = Order::key_of(&owner, &number);
    let order = Order {
        mchid: owner,
        sub_mchid: party.sub_mchid,
        out_trade_no: number,
        transaction_id: world.sequence.transaction_id(now),
        appid: shape::text(&body, appid).to_owned(),
        sub_appid: shape::given(&body, "/sub_appid"),
        openid: payer.iter().find_map(|at| shape::given(&body, at)),
        sub_openid: shape::given(&body, "/payer/sub_openid"),
        description: shape::text(&body, "/description").to_owned(),
        attach: shape::given(&body, "/attach"),
        device_id: shape::given(&body, "/scene_info/device_id"),
        total: shape::number(&body, "/amount/total"),
        currency,
        notify_url: shape::given(&body, "/notify_url"),
        asked: Document::new(&body),
        ..Order::blank(Dialect::Global, product.trade_type(), now, expiry(now, ends))
    };
    orders::admit(world.store, order, now).map_err(|conflict| match conflict {
        Conflict::Paid => paid(),
        Conflict::Closed => closed(),
        Conflict::Used | Conflict::PartUsed(_) => Refusal::number_used("/out_trade_no"),
        Conflict::Different => Refusal::other_parameters(),
    })?;
    Ok(Reply::ok(handle(world, product.handle(), &key, false)))
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
