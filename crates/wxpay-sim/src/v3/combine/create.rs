//! Creating a combined order, or asking for another handle of one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::crypto::{Decryptor as _, Padding};

use super::members::{PREPAY, needs};
use super::sub_orders::{self, Terms};
use crate::orders::{self, Conflict, expiry};
use crate::store::{Combined, Dialect, Document, Record, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url, check_number, time_expire};
use crate::v3::handles::handle;
use crate::v3::inner;
use crate::v3::product::Product;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>, product: Product) -> Answer {
    let now = world.clocks.business;
    let mut body = call.json()?;
    shape::check(&body, PREPAY)?;
    needs(product)
        .iter()
        .try_for_each(|pointer| shape::need(&body, pointer))?;
    check_payer(&body, product)?;
    check_notify_url(&body)?;
    let ends = time_expire(&body, now)?;
    let owner = shape::text(&body, "/combine_mchid").to_owned();
    let number = shape::text(&body, "/combine_out_trade_no").to_owned();
    check_number("/combine_out_trade_no", &number, 1, "@")?;
    call.check_signer("body", "/combine_mchid", &owner)?;
    open_identity(call, &mut body)?;
    let appid = shape::text(&body, "/combine_appid");
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let key = Combined::key_of(&owner, &number);
    let parts = sub_orders::read(
        call.signer,
        world,
        &body,
        &Terms {
            key: &key,
            trade_type: product.trade_type(),
            ends: expiry(now, ends),
        },
    )?;
    let combined = Combined {
        mchid: owner,
        number,
        transaction_id: world.sequence.transaction_id(now),
        dialect: Dialect::V3,
        trade_type: product.trade_type(),
        appid: shape::text(&body, "/combine_appid").to_owned(),
        device_id: shape::given(&body, "/scene_info/device_id"),
        notify_url: shape::given(&body, "/notify_url"),
        asked: Document::new(&body),
        parts: parts.iter().map(Record::key).collect(),
    };
    orders::admit_combined(world.store, combined, parts, now).map_err(refuse)?;
    Ok(Reply::ok(handle(world, product.handle(), &key, true)))
}

fn refuse(conflict: Conflict) -> Refusal {
    match conflict {
        Conflict::Different => Refusal::other_parameters(),
        Conflict::Paid => Refusal::paid(),
        Conflict::Closed => Refusal::closed(),
        Conflict::Used => Refusal::number_used("/combine_out_trade_no"),
        Conflict::PartUsed(index) => Refusal::number_used(&format!("/sub_orders/{index}/out_trade_no")),
    }
}

fn check_payer(body: &Value, product: Product) -> Result<(), Refusal> {
    let payer = |member: &str| !shape::text(body, &format!("/combine_payer_info/{member}")).is_empty();
    if product.trade_type() != TradeType::Jsapi || payer("openid") || payer("sub_openid") {
        return Ok(());
    }
    let refusal = Refusal::param(
        "body",
        "/combine_payer_info/openid",
        Value::Null,
        "JSAPI needs an openid",
    );
    Err(refusal.with_inner(inner::OPENID_MISSING))
}

/// Opens the sealed fields in place: sealing gives other bytes each time, and repetitions are told by the content.
fn open_identity(call: &Call<'_>, body: &mut Value) -> Result<(), Refusal> {
    for member in ["number", "name"] {
        let pointer = format!("/combine_payer_info/identity/{member}");
        let Some(field) = body.pointer_mut(&pointer) else {
            continue;
        };
        let opener = call.opener.ok_or_else(|| {
            let issue = "the header is missing or empty: it names the key that fields are sealed for";
            Refusal::param("header", "Wechatpay-Serial", Value::Null, issue)
        })?;
        let sealed = field.as_str().and_then(|text| STANDARD.decode(text).ok());
        let opened = sealed.and_then(|sealed| opener.private().decrypt(Padding::OaepSha1, &sealed).ok());
        let opened = opened.and_then(|opened| String::from_utf8(opened.to_vec()).ok());
        let issue = "it cannot be opened with the key that Wechatpay-Serial names";
        *field = Value::String(opened.ok_or_else(|| Refusal::param("body", &pointer, field.clone(), issue))?);
    }
    Ok(())
}
