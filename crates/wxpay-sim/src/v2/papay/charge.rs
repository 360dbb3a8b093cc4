//! Charging a user by a contract (申请扣款), and what came of it.

use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use super::contract::unknown;
use crate::contracts::{self, NotDeducted};
use crate::orders;
use crate::store::{Dialect, Document, Order, TradeType};
use crate::v2::documented::Letter;
use crate::v2::pay;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn apply(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let order = read(letter, world, TradeType::Pap)?;
    contracts::deduct(world, order, letter.text("contract_id")).map_err(|why| match why {
        NotDeducted::NoContract => unknown(),
        NotDeducted::Untimely(why) => Refusal::new("RULELIMIT", format!("不符合扣费规则 ({why})")),
        NotDeducted::Order(conflict) => pay::refuse(conflict),
    })?;
    let mut fields = Fields::new();
    letter.repeat(info, &mut fields);
    Ok(fields)
}

pub(super) fn query(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let now = world.clocks.business;
    let mchid = letter.merchant.id().as_str();
    let order = match letter.text("transaction_id") {
        "" => orders::by_number(world.store, mchid, letter.text("out_trade_no")),
        id => orders::by_id(world.store, mchid, id).filter(|order| order.payment.is_some()),
    };
    let sub_mchid = letter.sub_merchant()?;
    let seen = |order: &&Order| order.trade_type == TradeType::Pap && order.sub_mchid == sub_mchid;
    let order = order.filter(seen).ok_or_else(Refusal::unknown_order)?;
    let mut fields = pay::paid(order);
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("trade_state", order.trade_state(now));
    put("trade_state_desc", order.trade_state_desc(now));
    put("total_fee", &order.total.to_string());
    put("trade_type", order.trade_type.as_str());
    letter.repeat(info, &mut fields);
    Ok(fields)
}

/// Reads the order of a call.
pub(super) fn read(
    letter: &Letter<'_>,
    world: &mut World<'_>,
    trade_type: TradeType,
) -> Result<Order, Refusal> {
    let now = world.clocks.business;
    let total: i64 = letter.text("total_fee").parse().unwrap_or_default();
    if total < 1 {
        return Err(Refusal::param("total_fee", "an integer from 1 on is wanted"));
    }
    if !letter.merchant.has_appid(letter.text("appid")) {
        return Err(Refusal::appid_mismatch());
    }
    let url = letter.text("notify_url");
    if !["https://", "http://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
    {
        return Err(Refusal::param("notify_url", "an absolute address, http or https"));
    }
    Ok(Order {
        mchid: letter.merchant.id().as_str().to_owned(),
        sub_mchid: letter.sub_merchant()?,
        out_trade_no: letter.text("out_trade_no").to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid: letter.text("appid").to_owned(),
        sub_appid: letter.optional("sub_appid"),
        openid: letter.optional("openid"),
        sub_openid: letter.optional("sub_openid"),
        description: letter.text("body").to_owned(),
        attach: letter.optional("attach"),
        device_id: letter.optional("device_info"),
        total,
        currency: letter.optional("fee_type").unwrap_or_else(|| "CNY".to_owned()),
        notify_url: letter.optional("notify_url"),
        asked: Document::new(&letter.lasting()),
        ..Order::blank(Dialect::V2, trade_type, now, orders::expiry(now, None))
    })
}
