//! The sub-orders (子单) of a combined order.

use std::collections::BTreeSet;

use serde_json::Value;
use wxpay_proto::UnixTime;

use crate::profile::{Merchant, Role};
use crate::store::{Dialect, Document, Order, TradeType};
use crate::v3::call::check_number;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

/// What the sub-orders have from their combined order.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    /// The combined order's key.
    pub(super) key: &'a str,
    pub(super) trade_type: TradeType,
    pub(super) ends: UnixTime,
}

/// Reads the sub-orders of a creation, whose members have been checked.
pub(super) fn read(
    signer: &Merchant,
    world: &mut World<'_>,
    body: &Value,
    terms: &Terms<'_>,
) -> Result<Vec<Order>, Refusal> {
    let now = world.clocks.business;
    let items = body
        .get("sub_orders")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let allowed = if signer.role() == Role::Merchant {
        2..=10
    } else {
        1..=50
    };
    if !allowed.contains(&items.len()) {
        let issue = format!("{} to {} sub-orders are wanted", allowed.start(), allowed.end());
        let refusal = Refusal::param("body", "/sub_orders", items.len().into(), &issue);
        return Err(refusal.with_inner(inner::OUT_OF_RANGE));
    }
    let mut numbers = BTreeSet::new();
    let mut parts = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let pointer = format!("/sub_orders/{index}");
        let out_trade_no = shape::text(item, "/out_trade_no");
        check_number(&format!("{pointer}/out_trade_no"), out_trade_no, 6, "")?;
        let currency = shape::text(item, "/amount/currency");
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            let field = format!("{pointer}/amount/currency");
            return Err(Refusal::param(
                "body",
                &field,
                currency.into(),
                "three capital letters are wanted",
            ));
        }
        let mchid = shape::text(item, "/mchid");
        if !numbers.insert((mchid, out_trade_no)) {
            let field = format!("{pointer}/out_trade_no");
            return Err(Refusal::param(
                "body",
                &field,
                out_trade_no.into(),
                "another sub-order has it",
            ));
        }
        let sub_mchid = item.get("sub_mchid").and_then(Value::as_str);
        let appid = shape::text(body, "/combine_appid");
        check_merchant(world, &pointer, mchid, sub_mchid, appid)?;
        let split = ["/settle_info/profit_sharing", "/profit_sharing"];
        let payer = |name: &str| shape::given(body, &format!("/combine_payer_info/{name}"));
        parts.push(Order {
            mchid: mchid.to_owned(),
            sub_mchid: sub_mchid.map(str::to_owned),
            out_trade_no: out_trade_no.to_owned(),
            transaction_id: world.sequence.transaction_id(now),
            combined: Some(terms.key.to_owned()),
            appid: appid.to_owned(),
            sub_appid: shape::given(item, "/sub_appid"),
            openid: payer("openid"),
            sub_openid: payer("sub_openid"),
            description: shape::text(item, "/description").to_owned(),
            attach: shape::given(item, "/attach"),
            total: shape::number(item, "/amount/total_amount"),
            currency: currency.to_owned(),
            profit_sharing: split
                .iter()
                .any(|at| item.pointer(at) == Some(&Value::Bool(true))),
            asked: Document::new(item),
            ..Order::blank(Dialect::V3, terms.trade_type, now, terms.ends)
        });
    }
    Ok(parts)
}

fn check_merchant(
    world: &World<'_>,
    pointer: &str,
    mchid: &str,
    sub_mchid: Option<&str>,
    appid: &str,
) -> Result<(), Refusal> {
    let Some(merchant) = world.profile.find(mchid) else {
        let message = format!("商户号不存在 ({pointer}/mchid: no merchant {mchid})");
        return Err(Refusal::new(
            400,
            "MCH_NOT_EXISTS",
            inner::MERCHANT_UNAVAILABLE,
            message,
        ));
    };
    if !merchant.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    match sub_mchid {
        None if merchant.role() == Role::Merchant => Ok(()),
        None => {
            let field = format!("{pointer}/sub_mchid");
            let refusal = Refusal::param("body", &field, Value::Null, "a partner names its sub-merchant");
            Err(refusal.with_inner(inner::SUB_MERCHANT_MISSING))
        }
        Some(sub_mchid) if sub_mchid == mchid => {
            let message = format!("子商户号与商户号相同 ({pointer}/sub_mchid is the merchant itself)");
            Err(Refusal::new(
                400,
                "INVALID_REQUEST",
                inner::SUB_MERCHANT_IS_OWN,
                message,
            ))
        }
        Some(sub_mchid) if merchant.acts_for(sub_mchid) => Ok(()),
        Some(sub_mchid) => Err(Refusal::no_relation(sub_mchid)),
    }
}

/// What tells sub-orders apart in a close.
pub(super) fn keys<'a>(parts: impl Iterator<Item = &'a Order>) -> BTreeSet<(&'a str, &'a str, &'a str)> {
    parts
        .map(|part| {
            (
                part.mchid.as_str(),
                part.sub_mchid.as_deref().unwrap_or_default(),
                part.out_trade_no.as_str(),
            )
        })
        .collect()
}
