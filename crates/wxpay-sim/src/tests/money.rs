use std::collections::BTreeMap;

use http::Method;
use proptest::prelude::*;
use serde_json::Value;

use super::bodies::MERCHANT;
use super::client::Table;
use super::steps::{Step, config, number, refund_number, steps};
use crate::{RefundShown, Settings};

/// What is seen of the platform: orders and refunds, as queries tell them.
#[derive(Debug, Default)]
struct Seen {
    orders: BTreeMap<String, Value>,
    refunds: BTreeMap<String, Value>,
}

impl Seen {
    fn look(table: &mut Table) -> Self {
        let mut seen = Self::default();
        for index in 0..4 {
            let (order, refund) = (number(index), refund_number(index));
            let query = format!("/v3/pay/transactions/out-trade-no/{order}?mchid={MERCHANT}");
            if let Some(body) = answered(table, &query) {
                seen.orders.insert(order, body);
            }
            if let Some(body) = answered(table, &format!("/v3/refund/domestic/refunds/{refund}")) {
                seen.refunds.insert(refund, body);
            }
        }
        seen
    }

    fn state(&self, order: &str) -> &str {
        self.orders
            .get(order)
            .map_or("", |order| order["trade_state"].as_str().unwrap())
    }

    /// The refunds of an order that were not closed, in the order's amounts and in the payer's.
    fn refunded(&self, order: &str) -> (i64, i64) {
        let counts = |refund: &&Value| refund["out_trade_no"] == order && refund["status"] != "CLOSED";
        let sum = |name: &str| {
            let refunds = self.refunds.values().filter(counts);
            refunds
                .map(|refund| refund["amount"][name].as_i64().unwrap())
                .sum()
        };
        (sum("refund"), sum("payer_refund"))
    }
}

/// A query's answer without looking at its signature, which other tests do.
fn answered(table: &mut Table, target: &str) -> Option<Value> {
    let request = table.request(Method::GET, target, &Value::Null);
    let response = table.handle(&request);
    response
        .status()
        .is_success()
        .then(|| serde_json::from_slice(response.body()).unwrap())
}

fn may_follow(before: &str, after: &str) -> bool {
    match before {
        "" => true,
        "NOTPAY" => matches!(after, "NOTPAY" | "SUCCESS" | "CLOSED" | "REFUND"),
        "USERPAYING" => matches!(
            after,
            "USERPAYING" | "SUCCESS" | "PAYERROR" | "REVOKED" | "REFUND"
        ),
        "SUCCESS" | "REFUND" => matches!(after, "SUCCESS" | "REFUND" | "REVOKED"),
        "PAYERROR" => matches!(after, "PAYERROR" | "REVOKED"),
        ended => ended == after,
    }
}

fn holds(table: &Table, seen: &Seen) -> Result<(), TestCaseError> {
    let mut balance = 0;
    for (name, order) in &seen.orders {
        let state = seen.state(name);
        let (refunded, payer_refunded) = seen.refunded(name);
        prop_assert_eq!(state == "REFUND", refunded > 0, "{}: {}", name, order);
        if matches!(state, "SUCCESS" | "REFUND") {
            let (total, paid) = (&order["amount"]["total"], &order["amount"]["payer_total"]);
            prop_assert!(refunded <= total.as_i64().unwrap(), "{}: {}", name, order);
            prop_assert!(payer_refunded <= paid.as_i64().unwrap(), "{}: {}", name, order);
            balance += paid.as_i64().unwrap() - payer_refunded;
        } else {
            prop_assert_eq!(refunded, 0, "{}: {}", name, order);
        }
    }
    let told = |about: &str| {
        let notifications = table.platform.notifications();
        notifications
            .into_iter()
            .filter(|told| told.about == about)
            .collect::<Vec<_>>()
    };
    let combined = told("combined 1900007291/P1").len();
    balance += i64::try_from(combined).unwrap() * 200;
    prop_assert_eq!(table.platform.balance(MERCHANT, "CNY"), balance);
    for (name, order) in &seen.orders {
        let paid = order.get("transaction_id").is_some();
        let code = order["trade_type"] == "MICROPAY";
        let told = told(&format!("order {MERCHANT}/{name}"));
        prop_assert_eq!(told.len(), usize::from(paid && !code), "{}: {}", name, order);
    }
    for (name, refund) in &seen.refunds {
        let told = told(&format!("refund {MERCHANT}/{name}"));
        let status = refund["status"].as_str().unwrap();
        let last = told
            .iter()
            .map(|told| (told.created, told.resource.clone()))
            .max();
        match status {
            "PROCESSING" => prop_assert_eq!(told.len(), 0),
            _ => prop_assert!(last.is_some(), "{}: {}", name, refund),
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn money_is_conserved_whatever_is_done(steps in steps()) {
        let settings = Settings {
            refund_interval: 0,
            refund_shown: RefundShown::OnAcceptance,
            ..Settings::default()
        };
        let mut table = Table::of(settings, |profile| profile.merchant());
        let mut before = Seen::default();
        for step in &steps {
            table.step(step);
            if repeatable(step) {
                let balance = table.platform.balance(MERCHANT, "CNY");
                let notifications = table.platform.notifications().len();
                table.step(step);
                prop_assert_eq!(table.platform.balance(MERCHANT, "CNY"), balance, "{:?} twice", step);
                prop_assert_eq!(table.platform.notifications().len(), notifications, "{:?} twice", step);
            }
            let after = Seen::look(&mut table);
            for order in before.orders.keys() {
                let (was, is) = (before.state(order), after.state(order));
                prop_assert!(may_follow(was, is), "{order}: {was} became {is} by {step:?}");
            }
            prop_assert!(before.refunds.keys().all(|refund| after.refunds.contains_key(refund)));
            holds(&table, &after)?;
            before = after;
        }
    }
}

/// What has no effect a second time, whatever it had the first.
fn repeatable(step: &Step) -> bool {
    !matches!(step, Step::Wait(_) | Step::Poll(_) | Step::Settle(..))
}
