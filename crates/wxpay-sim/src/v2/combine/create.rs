//! `/pay/combinedorder`.

use serde_json::Value;
use wxpay_proto::{TimeText, UnixTime};

use super::{fields, list};
use crate::store::{Conflict, Order, State, expiry};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

const TRADE_TYPES: [&str; 4] = ["JSAPI", "NATIVE", "APP", "MWEB"];

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
    let trade_type = TRADE_TYPES.into_iter().find(|known| *known == asked);
    let trade_type = trade_type.ok_or_else(|| Refusal::param("trade_type", "JSAPI, NATIVE, APP or MWEB"))?;
    if trade_type == "JSAPI" && envelope.field("combine_openid").is_empty() {
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
    let parts = list::parts(envelope, world, &orders)?;
    let order = Order {
        owner: envelope.merchant.id().to_string(),
        number: envelope.field("combine_out_trade_no").to_owned(),
        trade_type,
        asked: parameters(envelope, orders),
        parts,
        transaction_id: world.sequence.transaction_id(now),
        created: now,
        expires: expiry(now, ends),
        state: State::Open,
    };
    world
        .store
        .v2_combined
        .admit(order, now)
        .map_err(|conflict| match conflict {
            Conflict::Paid => Refusal::paid(),
            Conflict::Closed => Refusal::closed(),
            Conflict::Different => Refusal::new("INVALID_REQUEST", "请求重入时，参数与首次请求时不一致"),
            Conflict::PartUsed(_) => Refusal::new("OUT_TRADE_NO_USED", "商户订单号重复"),
        })?;
    Ok(handle(world, trade_type))
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

fn time_expire(envelope: &Envelope<'_>, now: UnixTime) -> Result<Option<UnixTime>, Refusal> {
    let time = |name: &str| match envelope.field(name) {
        "" => Ok(None),
        text => TimeText::from(text)
            .parse()
            .map(Some)
            .map_err(|_| Refusal::param(name, "yyyyMMddHHmmss is wanted")),
    };
    let (start, end) = (time("time_start")?, time("time_expire")?);
    let Some(end) = end else { return Ok(None) };
    if end <= now {
        return Err(Refusal::param("time_expire", "it lies in the past"));
    }
    if start.is_some_and(|start| end.seconds_since(start) < 60) {
        return Err(Refusal::param(
            "time_expire",
            "less than a minute after time_start",
        ));
    }
    Ok(Some(end))
}

fn handle(world: &mut World<'_>, trade_type: &str) -> Reply {
    let prepay_id = world.sequence.prepay_id(world.clocks.business);
    let token = world.sequence.token();
    let mut reply = Reply::new();
    match trade_type {
        "NATIVE" => {
            let link = format!("weixin://wxpay/bizpayurl/up?pr={token}&groupid=00");
            reply.insert("code_url".to_owned(), link);
        }
        "MWEB" => {
            let link = format!("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?package={token}");
            reply.insert("mweb_url".to_owned(), link);
        }
        _ => {}
    }
    reply.insert("prepay_id".to_owned(), prepay_id);
    reply.insert("trade_type".to_owned(), trade_type.to_owned());
    reply
}
