//! `/pay/combinedorder`.

use serde_json::Value;

use super::fields;
use super::list::{self, Terms};
use crate::orders::{self, Conflict, expiry};
use crate::store::{Combined, Dialect, Document, Order, Record as _, TradeType};
use crate::v2::answer::Answer;
use crate::v2::envelope::Envelope;
use crate::v2::handles::handle;
use crate::v2::refusal::Refusal;
use crate::v2::times::time_expire;
use crate::world::World;

pub(super) fn create(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    fields::check(
        envelope,
        &[
            "spbill_create_ip",
            "notify_url",
            "trade_type",
            "scene_info",
            "sub_order_list",
        ],
    )?;
    let asked = envelope.field("trade_type");
    let trade_type = TradeType::find(asked).filter(|found| found.is_prepaid());
    let trade_type = trade_type.ok_or_else(|| Refusal::param("trade_type", "JSAPI, NATIVE, APP or MWEB"))?;
    if trade_type == TradeType::Jsapi && envelope.field("combine_openid").is_empty() {
        return Err(Refusal::new(
            "LACK_PARAMS",
            "缺少参数 (JSAPI needs combine_openid)",
        ));
    }
    let scene: Option<Value> = serde_json::from_str(envelope.field("scene_info")).ok();
    if scene.and_then(|scene| scene.get("payer_client_ip").map(Value::is_string)) != Some(true) {
        return Err(Refusal::param(
            "scene_info",
            "JSON with payer_client_ip is wanted",
        ));
    }
    let ends = time_expire(envelope, now)?;
    let orders = list::orders(envelope)?;
    let owner = envelope.merchant.id().as_str().to_owned();
    let number = envelope.field("combine_out_trade_no").to_owned();
    let terms = Terms {
        key: &Combined::key_of(&owner, &number),
        trade_type,
        ends: expiry(now, ends),
    };
    let parts = list::parts(envelope, world, &orders, &terms)?;
    let combined = Combined {
        mchid: owner,
        number,
        transaction_id: world.sequence.transaction_id(now),
        dialect: Dialect::V2,
        trade_type,
        appid: envelope.field("combine_appid").to_owned(),
        device_id: envelope.given("device_info"),
        notify_url: envelope.given("notify_url"),
        asked: Document::new(&parameters(envelope, orders)),
        parts: parts.iter().map(Order::key).collect(),
    };
    let key = combined.key();
    orders::admit_combined(world.store, combined, parts, now).map_err(|conflict| match conflict {
        Conflict::Paid => Refusal::paid(),
        Conflict::Closed => Refusal::closed(),
        Conflict::Different => Refusal::other_parameters(),
        Conflict::Used | Conflict::PartUsed(_) => Refusal::number_used(),
    })?;
    Ok(handle(world, trade_type, &key, true))
}

/// What tells one creation from another: all fields but those that differ in every attempt.
fn parameters(envelope: &Envelope<'_>, orders: Vec<Value>) -> Value {
    let fields = envelope
        .fields
        .iter()
        .filter(|(name, _)| !["nonce_str", "sign"].contains(&name.as_str()));
    let mut asked: serde_json::Map<String, Value> = fields
        .map(|(name, text)| (name.clone(), Value::String(text.clone())))
        .collect();
    asked.insert("sub_order_list".to_owned(), Value::Array(orders));
    Value::Object(asked)
}
