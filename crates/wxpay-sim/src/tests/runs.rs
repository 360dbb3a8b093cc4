//! Whole runs: orders, refunds, transfers, shares and deductions of one merchant, with and without faults.
//!
//! Each run is made twice. One merchant is never disturbed; the other meets a fault at every call, and repeats the call
//! with the same number, as the documentation tells it to. Both must come out with the same books.

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, native, refund};
use super::client::Table;
use super::papay_v3::{V3, charge_v3, offer_v3};
use super::profit_sharing::{ORDERS, RECEIVER, RETURNS, give_back, receiver, share, split};
use super::steps::config;
use super::transfer::{BILLS, transfer};
use crate::{
    ContractRef, Fault, OrderRef, Payer, RefundOutcome, RefundRef, Settings, TransferOutcome, TransferRef,
};

/// What the merchant has at first, in fen.
const FIRST: i64 = 1000;
/// How many numbers of each kind there are: few, so that they meet.
const NUMBERS: usize = 3;

#[derive(Clone, Debug)]
enum Act {
    Create(usize, i64, bool),
    Pay(usize, i64),
    Close(usize),
    Refund(usize, usize, i64),
    Settle(usize, RefundOutcome),
    Transfer(usize, i64),
    Cancel(usize),
    Confirm(usize),
    Split(usize, usize, i64),
    Return(usize, usize, i64),
    Charge(usize, i64),
    Broke(bool),
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<(Act, Fault)>> {
    let n = || 0..NUMBERS;
    let outcome = prop_oneof![
        Just(RefundOutcome::Success),
        Just(RefundOutcome::Closed),
        Just(RefundOutcome::Abnormal)
    ];
    let act = prop_oneof![
        4 => (n(), prop_oneof![Just(100_i64), Just(1000)], any::<bool>())
            .prop_map(|(order, total, shared)| Act::Create(order, total, shared)),
        5 => (n(), prop_oneof![Just(0_i64), 0_i64..60]).prop_map(|(order, coupon)| Act::Pay(order, coupon)),
        1 => n().prop_map(Act::Close),
        4 => (n(), n(), 1_i64..700).prop_map(|(number, order, amount)| Act::Refund(number, order, amount)),
        1 => (n(), outcome).prop_map(|(refund, outcome)| Act::Settle(refund, outcome)),
        2 => (n(), 1_i64..700).prop_map(|(number, amount)| Act::Transfer(number, amount)),
        1 => n().prop_map(Act::Cancel),
        1 => n().prop_map(Act::Confirm),
        3 => (n(), n(), 1_i64..320).prop_map(|(number, order, amount)| Act::Split(number, order, amount)),
        2 => (n(), n(), 1_i64..320).prop_map(|(number, split, amount)| Act::Return(number, split, amount)),
        3 => (n(), 1_i64..700).prop_map(|(number, amount)| Act::Charge(number, amount)),
        1 => any::<bool>().prop_map(Act::Broke),
        4 => prop_oneof![Just(3_i64), Just(60), Just(86_400)].prop_map(Act::Wait),
    ];
    prop::collection::vec((act, prop::sample::select(Fault::ALL)), 1..28)
}

fn order(index: usize) -> String {
    format!("A0000{index}")
}

fn charged(index: usize) -> String {
    format!("D0000{index}")
}

impl Table {
    fn ready() -> Self {
        let settings = Settings {
            refund_interval: 0,
            ..Settings::default()
        };
        let mut table = Self::of(settings, |profile| profile.merchant());
        table.platform.set_balance(MERCHANT, FIRST);
        table
            .post(
                "/v3/profitsharing/receivers/add",
                &receiver("MERCHANT_ID", RECEIVER),
            )
            .unwrap();
        let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi");
        table.post(&ahead, &offer_v3("C1")).unwrap();
        table.signs("C1");
        table
    }

    /// WeChat Pay's number of an order; another one where there is none.
    fn id_of(&self, number: &str) -> String {
        let orders = self.platform.orders(self.clocks);
        let found = orders.into_iter().find(|order| order.number == number);
        found.map_or_else(|| "4200000000".to_owned(), |order| order.transaction_id)
    }

    /// The call that an act makes; nothing for what users, banks and clocks do.
    fn call_of(&self, act: &Act) -> Option<(String, Value)> {
        let made = match act {
            Act::Create(index, total, shared) => {
                let mut body = native(&order(*index));
                body["amount"]["total"] = json!(total);
                body["settle_info"] = json!({ "profit_sharing": shared });
                ("/v3/pay/transactions/native".to_owned(), body)
            }
            Act::Close(index) => {
                let target = format!("/v3/pay/transactions/out-trade-no/{}/close", order(*index));
                (target, json!({ "mchid": MERCHANT }))
            }
            Act::Refund(number, index, amount) => {
                let total = self.total(&order(*index));
                let body = refund(&format!("R{number}"), &order(*index), *amount, total);
                ("/v3/refund/domestic/refunds".to_owned(), body)
            }
            Act::Transfer(number, amount) => (BILLS.to_owned(), transfer(&format!("T{number}"), *amount)),
            Act::Cancel(number) => (format!("{BILLS}/out-bill-no/T{number}/cancel"), Value::Null),
            Act::Split(number, index, amount) => {
                let id = self.id_of(&order(*index));
                let body = split(&format!("S{number}"), &id, &[share(RECEIVER, *amount)], false);
                (ORDERS.to_owned(), body)
            }
            Act::Return(number, shared, amount) => {
                let body = give_back(&format!("B{number}"), &format!("S{shared}"), *amount);
                (RETURNS.to_owned(), body)
            }
            Act::Charge(number, amount) => {
                let id = self.platform.contracts()[0].contract_id.clone();
                let body = charge_v3(&charged(*number), &id, *amount);
                (format!("{V3}/pay/transactions/apply"), body)
            }
            Act::Pay(..) | Act::Settle(..) | Act::Confirm(_) | Act::Broke(_) | Act::Wait(_) => return None,
        };
        Some(made)
    }

    fn total(&self, number: &str) -> i64 {
        let orders = self.platform.orders(self.clocks);
        let found = orders.iter().find(|order| order.number == number);
        found.map_or(100, |order| order.total)
    }

    /// Does an act; a call as often as it is told to.
    fn act(&mut self, act: &Act, times: usize) {
        if let Some((target, body)) = self.call_of(act) {
            for _ in 0..times {
                let request = self.request(Method::POST, &target, &body);
                let _ = self.handle(&request);
            }
            return;
        }
        // Whether it can be done, the books tell.
        match act {
            Act::Pay(index, coupon) => {
                let payer = Payer::default().coupon(*coupon);
                let order = OrderRef::order(order(*index));
                let _ = self.platform.pay_as(&order, &payer, self.clocks);
            }
            Act::Settle(number, outcome) => {
                let refund = RefundRef::new(format!("R{number}"));
                let _ = self.platform.settle_refund(&refund, *outcome, self.clocks);
            }
            Act::Confirm(number) => {
                let transfer = TransferRef::new(format!("T{number}"));
                let confirmed = TransferOutcome::Confirmed;
                let _ = self.platform.settle_transfer(&transfer, &confirmed, self.clocks);
            }
            Act::Broke(broke) => {
                self.platform
                    .break_contract(&ContractRef::new("C1"), *broke)
                    .unwrap();
            }
            Act::Wait(seconds) => self.wait(*seconds),
            _ => {}
        }
    }

    fn asked(&mut self, target: &str) -> Option<Value> {
        let request = self.request(Method::GET, target, &Value::Null);
        let response = self.handle(&request);
        let found = response.status() == 200;
        found.then(|| serde_json::from_slice(response.body()).unwrap())
    }

    /// Everything that queries tell, without what differs from one run to another: numbers that WeChat Pay gives.
    fn books(&mut self) -> Books {
        let mut books = Books::default();
        for index in 0..NUMBERS {
            for number in [order(index), charged(index)] {
                let id = self.id_of(&number);
                let target = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={MERCHANT}");
                let Some(found) = self.asked(&target) else {
                    continue;
                };
                books.paid += found["amount"]["payer_total"].as_i64().unwrap_or_default();
                books.line(&found, &["out_trade_no", "trade_state", "amount", "success_time"]);
                // What is deducted by contract was not created to be shared.
                let requests = if number == order(index) { NUMBERS } else { 0 };
                for shared in 0..requests {
                    let target = format!("{ORDERS}/S{shared}?transaction_id={id}");
                    let Some(found) = self.asked(&target) else {
                        continue;
                    };
                    let part = &found["receivers"][0];
                    if part["result"] == "PENDING" {
                        books.away += part["amount"].as_i64().unwrap();
                    }
                    books.line(part, &["amount", "result", "account"]);
                }
            }
            if let Some(found) = self.asked(&format!("/v3/refund/domestic/refunds/R{index}")) {
                if found["status"] != "CLOSED" {
                    books.away += found["amount"]["payer_refund"].as_i64().unwrap();
                }
                books.line(&found, &["out_refund_no", "status", "amount", "out_trade_no"]);
            }
            if let Some(found) = self.asked(&format!("{BILLS}/out-bill-no/T{index}")) {
                if !["FAIL", "CANCELLED"].contains(&found["state"].as_str().unwrap()) {
                    books.away += found["transfer_amount"].as_i64().unwrap();
                }
                books.line(&found, &["out_bill_no", "state", "transfer_amount"]);
            }
            let shared = (0..NUMBERS).map(|shared| format!("{RETURNS}/B{index}?out_order_no=S{shared}"));
            for target in shared.collect::<Vec<_>>() {
                if let Some(found) = self.asked(&target) {
                    books.line(&found, &["out_return_no", "amount", "result"]);
                }
            }
        }
        let told = self.platform.notifications();
        let mut told: Vec<String> = told
            .iter()
            .map(|told| format!("{} {} {:?}", told.event_type, told.about, told.created))
            .collect();
        told.sort();
        books.told = told;
        books.balances = [MERCHANT, RECEIVER].map(|mchid| self.platform.balance(mchid, "CNY"));
        books
    }
}

#[derive(Debug, Default, PartialEq)]
struct Books {
    lines: Vec<Value>,
    /// Every notification: event, what it is about, when.
    told: Vec<String>,
    /// The merchant's and the receiver's.
    balances: [i64; 2],
    /// What users have paid.
    paid: i64,
    /// What has left both: refunds, transfers, and shares on their way.
    away: i64,
}

impl Books {
    fn line(&mut self, found: &Value, names: &[&str]) {
        let members = names.iter().map(|name| found[name].clone());
        self.lines.push(members.collect());
    }
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn faults_change_nothing_for_who_repeats_and_money_is_conserved(acts in acts()) {
        let (mut calm, mut troubled) = (Table::ready(), Table::ready());
        for (act, fault) in &acts {
            calm.act(act, 1);
            if troubled.call_of(act).is_some() {
                troubled.platform.fail_next(*fault);
                troubled.act(act, 2);
            } else {
                troubled.act(act, 1);
            }
        }
        let (one, other) = (calm.books(), troubled.books());
        prop_assert_eq!(&one, &other);
        prop_assert_eq!(one.balances[0] + one.balances[1], FIRST + one.paid - one.away, "{:?}", one);
        prop_assert!(one.balances.iter().all(|balance| *balance >= 0), "{:?}", one.balances);
        for order in calm.platform.orders(calm.clocks) {
            prop_assert!(order.refunded <= order.total, "{order:?}");
            let did = |what: &str| order.history.iter().any(|(_, done)| done == what);
            prop_assert!(!(did("paid") && did("closed")), "{order:?}");
            let told = one.told.iter().filter(|told| {
                let about = format!("TRANSACTION.SUCCESS order {MERCHANT}/{} ", order.number);
                told.starts_with(&about)
            });
            prop_assert_eq!(told.count(), usize::from(did("paid")), "{:?}", order);
        }
    }
}
