//! v3: a combined order from its creation to its payment, and another one to its close.

use std::io::Write;

use wxpay_proto::{NoContent, Verified};
use wxpay_sim::{Merchant, OrderRef};
use wxpay_types::v3::combine_transactions::{
    Amount, Close, CloseSubOrder, NativePrepay, QueryByOutTradeNo, QueryByOutTradeNoResponse, SceneInfo,
    SubOrder,
};

use super::error::DemoError;
use super::stage::{Stage, Wanted};
use crate::qr;
use crate::report::Style;

pub(crate) const APPID: &str = "wxd678efh567hg6787";

/// A combined order of a partner, with two sub-orders of two sub-merchants.
#[derive(Clone, Copy)]
pub(crate) struct Order<'a> {
    pub(crate) partner: &'a str,
    pub(crate) sub_merchants: [&'a str; 2],
    pub(crate) number: &'a str,
}

impl<'a> Order<'a> {
    pub(crate) fn new(partner: &'a Merchant, number: &'a str) -> Result<Self, DemoError> {
        let [first, second, ..] = partner.sub_merchants() else {
            return Err(DemoError::Needed("the partner's profile with two sub-merchants"));
        };
        Ok(Self {
            partner: partner.id().as_str(),
            sub_merchants: [first, second],
            number,
        })
    }

    fn sub_number(&self, index: usize) -> String {
        format!("{}-{}", self.number, index + 1)
    }

    pub(crate) fn create(&self) -> NativePrepay {
        let sub_orders = self
            .sub_merchants
            .iter()
            .zip([("伞", 4990), ("茶", 1260)])
            .enumerate();
        let sub_orders: Vec<SubOrder> = sub_orders
            .map(|(index, (sub_mchid, (description, fen)))| {
                SubOrder::default()
                    .mchid(self.partner)
                    .sub_mchid(*sub_mchid)
                    .out_trade_no(self.sub_number(index))
                    .attach("深圳分店")
                    .description(description)
                    .goods_tag("WXG")
                    .amount(Amount::default().total_amount(fen).currency("CNY"))
            })
            .collect();
        NativePrepay::default()
            .combine_appid(APPID)
            .combine_mchid(self.partner)
            .combine_out_trade_no(self.number)
            .scene_info(
                SceneInfo::default()
                    .device_id("POS1:1")
                    .payer_client_ip("14.17.22.32"),
            )
            .sub_orders(sub_orders)
            .notify_url("https://shop.example/notify")
    }

    pub(crate) fn query(&self) -> QueryByOutTradeNo {
        QueryByOutTradeNo::default().combine_out_trade_no(self.number)
    }

    /// Closes the order, with the given number of its sub-orders.
    pub(crate) fn close(&self, sub_orders: usize) -> Close {
        let named = self
            .sub_merchants
            .iter()
            .enumerate()
            .take(sub_orders)
            .map(|(index, sub_mchid)| {
                CloseSubOrder::default()
                    .mchid(self.partner)
                    .sub_mchid(*sub_mchid)
                    .out_trade_no(self.sub_number(index))
            });
        Close::default()
            .combine_out_trade_no(self.number)
            .combine_appid(APPID)
            .sub_orders(named.collect::<Vec<_>>())
    }
}

/// Holds the state of every sub-order against the one that is wanted.
pub(crate) fn states(wanted: &str, answer: &QueryByOutTradeNoResponse) -> Result<String, String> {
    let found: Vec<_> = answer
        .sub_orders
        .iter()
        .map(|sub_order| {
            sub_order
                .trade_state
                .as_ref()
                .map_or("(none)", |state| state.as_str())
        })
        .collect();
    let text = format!("trade_state of the sub-orders: {}", found.join(", "));
    if found.len() == 2 && found.iter().all(|state| *state == wanted) {
        Ok(text)
    } else {
        Err(format!("{wanted} twice; {text}"))
    }
}

fn closed(_: &NoContent) -> Result<String, String> {
    Ok("204: no body, and the signature covers just that".to_owned())
}

pub(crate) async fn run<W: Write>(stage: &mut Stage<'_, W>) -> Result<(), DemoError> {
    let partner = stage.partner.clone();
    let account = stage.simulator.profile().partner();

    stage.report.chapter("v3 combined order (合单): created, paid")?;
    let first = Order::new(account, "DEMO20260001")?;
    let created = stage
        .call(
            &partner,
            "create two sub-orders, one payment",
            &first.create(),
            Wanted::Answer(&|answer| answer.code_url.clone().ok_or_else(|| "a code_url".to_owned())),
        )
        .await?;
    let code_url = created.as_ref().and_then(|answer| answer.code_url.as_deref());
    let code_url = code_url.ok_or(DemoError::Needed("creating the order"))?;
    stage
        .report
        .text(&qr::render(code_url).unwrap_or_else(|error| format!("(no QR code: {error})")))?;
    stage
        .call(
            &partner,
            "query it",
            &first.query(),
            Wanted::Answer(&|answer| states("NOTPAY", answer)),
        )
        .await?;
    let paid = stage.simulator.pay(&OrderRef::combine(first.number));
    paid.map_err(|_| DemoError::Needed("paying the order"))?;
    stage.tell("the buyer scans the code and pays")?;
    let answer = stage
        .call(
            &partner,
            "query it again",
            &first.query(),
            Wanted::Answer(&|answer| states("SUCCESS", answer)),
        )
        .await?;
    show(stage, answer.as_ref())?;

    stage.report.chapter("v3 combined order: closed")?;
    let second = Order::new(account, "DEMO20260002")?;
    stage
        .call(
            &partner,
            "create another one",
            &second.create(),
            Wanted::Answer(&|answer| answer.code_url.clone().ok_or_else(|| "a code_url".to_owned())),
        )
        .await?;
    stage
        .call(&partner, "close it", &second.close(2), Wanted::Answer(&closed))
        .await?;
    stage
        .call(
            &partner,
            "close it again",
            &second.close(2),
            Wanted::Answer(&closed),
        )
        .await?;
    stage
        .call(
            &partner,
            "close it with one of its two sub-orders",
            &second.close(1),
            Wanted::Refused("INVALID_REQUEST"),
        )
        .await?;
    stage
        .call(
            &partner,
            "query it",
            &second.query(),
            Wanted::Answer(&|answer| states("CLOSED", answer)),
        )
        .await?;
    Ok(())
}

/// Every field of the answer, as typed: serde writes what it read.
fn show<W: Write>(
    stage: &mut Stage<'_, W>,
    answer: Option<&Verified<QueryByOutTradeNoResponse>>,
) -> Result<(), DemoError> {
    let Some(answer) = answer.filter(|_| stage.report.style() != Style::Json) else {
        return Ok(());
    };
    let text = serde_json::to_string_pretty(&**answer).map_err(super::stage::setup)?;
    Ok(stage.report.text(&text)?)
}
