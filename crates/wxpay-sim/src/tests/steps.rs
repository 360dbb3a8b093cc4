//! Runs of calls and of what users do, made up by proptest.

use bytes::Bytes;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, codepay, native, refund};
use super::client::{APPID, Table, combine};
use crate::{OrderRef, Payer, RefundOutcome, RefundRef, Reply};

/// How many orders and refunds a run is about: few, so that they meet.
const NUMBERS: usize = 4;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Create(usize, i64),
    CreateV2(usize),
    CodePay(usize, i64),
    Combine,
    Pay(usize, i64),
    PayCombined,
    Fail(usize),
    Close(usize),
    Reverse(usize),
    Refund(usize, usize, i64),
    RefundV2(usize, usize, i64),
    Settle(usize, RefundOutcome),
    Wait(i64),
    Poll(u16),
}

pub(super) fn config(cost: u32) -> Config {
    let wanted = std::env::var("WXPAY_CASES")
        .ok()
        .and_then(|text| text.parse().ok());
    let cases: u32 = wanted.unwrap_or(64);
    Config {
        cases: (cases / cost).max(4),
        failure_persistence: None,
        ..Config::default()
    }
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let n = || 0..NUMBERS;
    let total = || prop_oneof![Just(100_i64), Just(101), Just(100_000)];
    let amount = || prop_oneof![Just(1_i64), Just(50), Just(100), 1_i64..120];
    let outcome = prop_oneof![
        Just(RefundOutcome::Success),
        Just(RefundOutcome::Closed),
        Just(RefundOutcome::Abnormal)
    ];
    let step = prop_oneof![
        4 => (n(), total()).prop_map(|(order, total)| Step::Create(order, total)),
        1 => n().prop_map(Step::CreateV2),
        1 => (n(), total()).prop_map(|(order, total)| Step::CodePay(order, total)),
        1 => Just(Step::Combine),
        4 => (n(), prop_oneof![Just(0_i64), 0_i64..60]).prop_map(|(order, coupon)| Step::Pay(order, coupon)),
        1 => Just(Step::PayCombined),
        1 => n().prop_map(Step::Fail),
        2 => n().prop_map(Step::Close),
        1 => n().prop_map(Step::Reverse),
        6 => (n(), n(), amount()).prop_map(|(number, order, amount)| Step::Refund(number, order, amount)),
        2 => (n(), n(), amount()).prop_map(|(number, order, amount)| Step::RefundV2(number, order, amount)),
        2 => (n(), outcome).prop_map(|(refund, outcome)| Step::Settle(refund, outcome)),
        2 => prop_oneof![Just(1_i64), Just(60), Just(7200), Just(7 * 86_400)].prop_map(Step::Wait),
        2 => prop_oneof![Just(200_u16), Just(204), Just(500)].prop_map(Step::Poll),
    ];
    prop::collection::vec(step, 1..24)
}

pub(super) fn number(order: usize) -> String {
    format!("A0000{order}")
}

pub(super) fn refund_number(refund: usize) -> String {
    format!("R{refund}")
}

impl Table {
    /// Does a step and tells everything that came of it.
    pub(super) fn step(&mut self, step: &Step) -> String {
        match step {
            Step::Create(order, total) => {
                let mut body = native(&number(*order));
                body["amount"]["total"] = json!(total);
                self.told("/v3/pay/transactions/native", &body)
            }
            Step::CodePay(order, total) => {
                self.told("/v3/pay/transactions/codepay", &codepay(&number(*order), *total))
            }
            Step::Combine => self.told("/v3/combine-transactions/jsapi", &combine("P1")),
            Step::CreateV2(order) => {
                let number = number(*order);
                let fields = [
                    ("appid", APPID),
                    ("mch_id", MERCHANT),
                    ("out_trade_no", number.as_str()),
                    ("body", "商品"),
                    ("total_fee", "100"),
                    ("spbill_create_ip", "8.8.8.8"),
                    ("notify_url", "https://merchant.example/v2"),
                    ("trade_type", "NATIVE"),
                ];
                self.told_v2("/pay/unifiedorder", &fields)
            }
            Step::Pay(order, coupon) => {
                let payer = Payer::default().coupon(*coupon);
                let order = OrderRef::order(number(*order));
                format!("{:?}", self.platform.pay_as(&order, &payer, self.clocks))
            }
            Step::PayCombined => format!("{:?}", self.pay(&OrderRef::combine("P1"))),
            Step::Fail(order) => {
                let order = OrderRef::order(number(*order));
                format!("{:?}", self.platform.fail_payment(&order, self.clocks))
            }
            Step::Close(order) => {
                let target = format!("/v3/pay/transactions/out-trade-no/{}/close", number(*order));
                self.told(&target, &json!({ "mchid": MERCHANT }))
            }
            Step::Reverse(order) => {
                let target = format!("/v3/pay/transactions/out-trade-no/{}/reverse", number(*order));
                self.told(&target, &json!({ "appid": APPID, "mchid": MERCHANT }))
            }
            Step::Refund(refunded, order, amount) => {
                let body = refund(&refund_number(*refunded), &number(*order), *amount, 100);
                self.told("/v3/refund/domestic/refunds", &body)
            }
            Step::RefundV2(refunded, order, amount) => {
                let (refunded, order) = (refund_number(*refunded), number(*order));
                let fields = [
                    ("appid", APPID),
                    ("mch_id", MERCHANT),
                    ("out_trade_no", order.as_str()),
                    ("out_refund_no", refunded.as_str()),
                    ("total_fee", "100"),
                    ("refund_fee", &amount.to_string()),
                    ("notify_url", "https://merchant.example/v2-refund"),
                ];
                self.told_v2("/secapi/pay/refund", &fields)
            }
            Step::Settle(refunded, outcome) => {
                let refund = RefundRef::new(refund_number(*refunded));
                format!(
                    "{:?}",
                    self.platform.settle_refund(&refund, *outcome, self.clocks)
                )
            }
            Step::Wait(seconds) => {
                self.wait(*seconds);
                String::new()
            }
            Step::Poll(status) => {
                let deliveries = self.platform.poll(self.clocks);
                let reply = Reply::Answered {
                    status: *status,
                    body: Bytes::from_static(b"<xml><return_code>SUCCESS</return_code></xml>"),
                };
                for delivery in &deliveries {
                    self.platform.delivered(&delivery.id, &reply, self.clocks);
                }
                format!("{deliveries:?}")
            }
        }
    }

    fn told(&mut self, target: &str, body: &Value) -> String {
        let request = self.request(http::Method::POST, target, body);
        format!("{:?}", self.handle(&request))
    }

    fn told_v2(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let request = self.v2_request(path, fields);
        format!("{:?}", self.handle(&request))
    }
}
