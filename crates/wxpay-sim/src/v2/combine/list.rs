//! `sub_order_list`: JSON inside a field, of another shape in each call (protocol section 7.12).

use std::collections::BTreeSet;

use serde_json::Value;
use wxpay_proto::UnixTime;

use crate::profile::Role;
use crate::store::{Dialect, Document, Order, TradeType};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

const FIELD: &str = "sub_order_list";

/// `{"order_num":2,"order_list":[…]}`, as in a creation.
pub(super) fn orders(envelope: &Envelope<'_>) -> Result<Vec<Value>, Refusal> {
    let list = parse(envelope)?;
    let Some(orders) = list.get("order_list").and_then(Value::as_array) else {
        return Err(Refusal::param(
            FIELD,
            "an object with order_num and order_list is wanted",
        ));
    };
    if list.get("order_num").and_then(Value::as_u64) != u64::try_from(orders.len()).ok() {
        return Err(Refusal::param(FIELD, "order_num is not the number of orders"));
    }
    Ok(orders.clone())
}

/// `[{"mchid":…,"out_trade_no":…}]`, as in a close. The sources contradict each other, so `mch_id` will do as well.
pub(super) fn named(envelope: &Envelope<'_>) -> Result<BTreeSet<(String, String)>, Refusal> {
    let list = parse(envelope)?;
    let Some(items) = list.as_array() else {
        return Err(Refusal::param(FIELD, "an array is wanted"));
    };
    let mut named = BTreeSet::new();
    for item in items {
        let mchid = text(item, "mchid").or_else(|| text(item, "mch_id"));
        let (Some(mchid), Some(number)) = (mchid, text(item, "out_trade_no")) else {
            return Err(Refusal::param(FIELD, "every item has mchid and out_trade_no"));
        };
        if !named.insert((mchid.to_owned(), number.to_owned())) {
            return Err(Refusal::param(FIELD, "an order stands twice"));
        }
    }
    Ok(named)
}

/// What the orders have from their combined order.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    /// The combined order's key.
    pub(super) key: &'a str,
    pub(super) trade_type: TradeType,
    pub(super) ends: UnixTime,
}

/// Checks the orders of a creation.
pub(super) fn parts(
    envelope: &Envelope<'_>,
    world: &mut World<'_>,
    orders: &[Value],
    terms: &Terms<'_>,
) -> Result<Vec<Order>, Refusal> {
    let now = world.clocks.business;
    let allowed = if envelope.merchant.role() == Role::Merchant {
        2..=10
    } else {
        1..=50
    };
    if !allowed.contains(&orders.len()) {
        let issue = format!("{} to {} orders are wanted", allowed.start(), allowed.end());
        return Err(Refusal::param(FIELD, &issue));
    }
    let mut numbers = BTreeSet::new();
    let mut parts = Vec::with_capacity(orders.len());
    for order in orders {
        for name in ["appid", "mch_id", "body", "attach", "out_trade_no", "fee_type"] {
            if text(order, name).is_none() {
                return Err(Refusal::new("LACK_PARAMS", format!("缺少参数 ({FIELD}: {name})")));
            }
        }
        let field = |name: &str| text(order, name).unwrap_or_default();
        let total = order.get("total_fee").and_then(Value::as_i64);
        if total.is_none_or(|total| total < 1) {
            return Err(Refusal::param(FIELD, "total_fee is an integer from 1 on"));
        }
        let (mchid, number) = (field("mch_id"), field("out_trade_no"));
        let known = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
        if number.len() > 32 || !number.chars().all(known) {
            return Err(Refusal::param(FIELD, "out_trade_no is no order number"));
        }
        if !numbers.insert((mchid, number)) {
            return Err(Refusal::param(FIELD, "an out_trade_no stands twice"));
        }
        let sub_mchid = text(order, "sub_mch_id");
        check_merchant(world, mchid, field("appid"), sub_mchid)?;
        parts.push(Order {
            mchid: mchid.to_owned(),
            sub_mchid: sub_mchid.map(str::to_owned),
            out_trade_no: number.to_owned(),
            transaction_id: world.sequence.transaction_id(now),
            combined: Some(terms.key.to_owned()),
            appid: field("appid").to_owned(),
            sub_appid: text(order, "sub_appid").map(str::to_owned),
            openid: envelope.given("combine_openid"),
            description: field("body").to_owned(),
            attach: Some(field("attach").to_owned()),
            total: total.unwrap_or_default(),
            currency: field("fee_type").to_owned(),
            profit_sharing: text(order, "profit_sharing") == Some("Y"),
            asked: Document::new(order),
            ..Order::blank(Dialect::V2, terms.trade_type, now, terms.ends)
        });
    }
    Ok(parts)
}

fn check_merchant(
    world: &World<'_>,
    mchid: &str,
    appid: &str,
    sub_mchid: Option<&str>,
) -> Result<(), Refusal> {
    let merchant = world.profile.find(mchid);
    let merchant =
        merchant.ok_or_else(|| Refusal::new("MCHID_NOT_EXIST", format!("商户号不存在 ({mchid})")))?;
    if !merchant.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let related = match sub_mchid {
        None => merchant.role() == Role::Merchant,
        Some(sub_mchid) => merchant.acts_for(sub_mchid),
    };
    if related {
        Ok(())
    } else {
        Err(Refusal::new("NOAUTH", "商户无此接口权限 (sub_mch_id)"))
    }
}

fn parse(envelope: &Envelope<'_>) -> Result<Value, Refusal> {
    serde_json::from_str(envelope.field(FIELD))
        .map_err(|error| Refusal::param(FIELD, &format!("no JSON: {error}")))
}

/// A text that is there and not empty.
fn text<'a>(item: &'a Value, name: &str) -> Option<&'a str> {
    item.get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}
