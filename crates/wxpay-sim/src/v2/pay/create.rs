//! `/pay/unifiedorder` (统一下单).

use serde_json::{Map, Value};

use super::find::sub_merchant;
use super::parameters;
use crate::orders::{self, Conflict, expiry};
use crate::store::{Dialect, Document, Order, Record as _, TradeType};
use crate::v2::answer::Answer;
use crate::v2::envelope::Envelope;
use crate::v2::handles::handle;
use crate::v2::refusal::Refusal;
use crate::v2::times::time_expire;
use crate::world::World;

pub(super) fn create(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    parameters::check(envelope, "v2.pay.unified_order")?;
    let asked = TradeType::find(envelope.field("trade_type"));
    let trade_type = asked.filter(|found| found.is_prepaid());
    let trade_type = trade_type.ok_or_else(|| Refusal::param("trade_type", "JSAPI, NATIVE, APP or MWEB"))?;
    let payer = ["openid", "sub_openid"];
    if trade_type == TradeType::Jsapi && payer.iter().all(|name| envelope.field(name).is_empty()) {
        return Err(Refusal::missing("JSAPI needs openid"));
    }
    let url = envelope.field("notify_url");
    if !["https://", "http://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
        || url.contains('?')
    {
        let issue = "an absolute address, http or https, without a query";
        return Err(Refusal::param("notify_url", issue));
    }
    let ends = time_expire(envelope, now)?;
    let order = Order {
        expires: expiry(now, ends),
        ..read(envelope, world, trade_type)?
    };
    let key = order.key();
    orders::admit(world.store, order, now).map_err(refuse)?;
    Ok(handle(world, trade_type, &key, false))
}

/// Reads an order out of fields that have been checked.
pub(super) fn read(
    envelope: &Envelope<'_>,
    world: &mut World<'_>,
    trade_type: TradeType,
) -> Result<Order, Refusal> {
    let now = world.clocks.business;
    let number = envelope.field("out_trade_no");
    let known = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if number.len() > 32 || !number.chars().all(known) {
        let issue = "at most 32 characters, each a letter, a digit or one of _-|*@";
        return Err(Refusal::param("out_trade_no", issue));
    }
    let total = envelope.amount("total_fee");
    if total < 1 {
        return Err(Refusal::param("total_fee", "an integer from 1 on is wanted"));
    }
    Ok(Order {
        mchid: envelope.merchant.id().as_str().to_owned(),
        sub_mchid: sub_merchant(envelope)?,
        out_trade_no: number.to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid: envelope.field("appid").to_owned(),
        sub_appid: envelope.given("sub_appid"),
        openid: envelope.given("openid"),
        sub_openid: envelope.given("sub_openid"),
        description: envelope.field("body").to_owned(),
        attach: envelope.given("attach"),
        device_id: envelope.given("device_info"),
        total,
        currency: envelope.given("fee_type").unwrap_or_else(|| "CNY".to_owned()),
        notify_url: envelope.given("notify_url"),
        profit_sharing: envelope.field("profit_sharing") == "Y",
        asked: Document::new(&asked(envelope)),
        ..Order::blank(Dialect::V2, trade_type, now, expiry(now, None))
    })
}

/// What tells one creation from another: all fields but those that differ in every attempt.
fn asked(envelope: &Envelope<'_>) -> Value {
    let fields = envelope.fields.iter();
    let lasting = fields.filter(|(name, _)| !["nonce_str", "sign"].contains(&name.as_str()));
    Value::Object(Map::from_iter(
        lasting.map(|(name, text)| (name.clone(), Value::String(text.clone()))),
    ))
}

pub(crate) fn refuse(conflict: Conflict) -> Refusal {
    match conflict {
        Conflict::Paid => Refusal::paid(),
        Conflict::Closed => Refusal::closed(),
        Conflict::Different => Refusal::other_parameters(),
        Conflict::Used | Conflict::PartUsed(_) => Refusal::number_used(),
    }
}
