//! Creating a global order.

use serde_json::{Value, json};

use super::members::{PREPAY, Product};
use super::party::Party;
use super::refusals::{closed, paid};
use crate::store::{Conflict, Order, Part, State, expiry};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number, time_expire};
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
    let transaction_id = world.sequence.transaction_id(now);
    let owner = call.signer.id().as_str().to_owned();
    let part = Part {
        mchid: owner.clone(),
        sub_mchid: party.sub_mchid,
        out_trade_no: number.clone(),
        transaction_id: transaction_id.clone(),
    };
    let order = Order {
        owner,
        number,
        trade_type: product.trade_type(),
        asked: body,
        parts: vec![part],
        transaction_id,
        created: now,
        expires: expiry(now, ends),
        state: State::Open,
    };
    world
        .store
        .global
        .admit(order, now)
        .map_err(|conflict| match conflict {
            Conflict::Paid => paid(),
            Conflict::Closed => closed(),
            Conflict::Different | Conflict::PartUsed(_) => Refusal::other_parameters(),
        })?;
    Ok(Reply::ok(handle(world, product)))
}

fn check_product(body: &Value, product: Product) -> Result<(), Refusal> {
    let trade_type = shape::text(body, "/trade_type");
    if trade_type != product.trade_type() {
        let issue = format!("this path is {}'s", product.trade_type());
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

fn handle(world: &mut World<'_>, product: Product) -> Value {
    match product {
        Product::Jsapi | Product::App => {
            json!({ "prepay_id": world.sequence.prepay_id(world.clocks.business) })
        }
        Product::Native => {
            json!({ "code_url": format!("weixin://wxpay/bizpayurl?pr={}", world.sequence.token()) })
        }
        Product::Mweb => {
            let prepay_id = world.sequence.prepay_id(world.clocks.business);
            let link = format!("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id={prepay_id}");
            json!({ "mweb_url": link })
        }
    }
}
