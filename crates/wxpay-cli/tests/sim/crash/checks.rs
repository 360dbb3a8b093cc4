//! What must hold after a restart.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::client::{Api, NATIVE, REFUNDS, TRANSFERS, order, refund, transfer};
use super::ledger::{Ledger, Told};
use super::receiver::Receiver;
use crate::running::Running;

/// What was under way is asked for again, with the same words: it must be there once, whether it had been done or not.
pub(super) fn after_restart(running: &Running, part: &mut Ledger, notify_url: &str) {
    let api = Api::new(running);
    let again = |target: &str, body: &Value| {
        let done = api.call(Method::POST, target, body);
        let done = done.unwrap_or_else(|_| panic!("{target}: it is gone"));
        assert!(done.is_some(), "{target} is refused when it is repeated: {body}");
    };
    for (number, written) in &mut part.orders {
        if written.created == Told::Perhaps {
            again(NATIVE, &order(number, written.total, notify_url));
            written.created = Told::Done;
        }
        if written.refunded == Told::Perhaps {
            again(REFUNDS, &refund(number, written, notify_url));
            written.refunded = Told::Done;
        }
    }
    for (number, written) in &mut part.transfers {
        if written.created == Told::Perhaps {
            again(TRANSFERS, &transfer(number, written));
            written.created = Told::Done;
        }
        let target = format!("{TRANSFERS}/out-bill-no/{number}");
        let found = api.call(Method::GET, &target, &Value::Null);
        let found = found.unwrap_or_else(|_| panic!("{number}: it is gone"));
        let found = found.unwrap_or_else(|| panic!("the transfer {number} is lost"));
        assert_eq!(found["transfer_amount"], written.amount, "{number}: {found}");
    }
}

/// Everything acknowledged is there, and every order is in a state that can be.
pub(super) fn all(running: &Running, ledger: &Ledger) {
    let orders = list(running, "orders");
    let refunds = list(running, "refunds");
    assert_eq!(
        orders.len(),
        ledger.orders.len(),
        "there are orders that nobody has asked for"
    );
    let mut ids = BTreeSet::new();
    for (number, written) in &ledger.orders {
        let Some(found) = orders.get(number) else {
            panic!("the order {number} is lost: {written:?}");
        };
        let case = format!("{number}: {written:?}, but {found}");
        let state = found["state"].as_str().unwrap();
        let (paid, refunded) = (!found["paid"].is_null(), found["refunded"].as_i64().unwrap());
        assert_eq!(found["total"], written.total, "{case}");
        assert!(
            ids.insert(found["transaction_id"].as_str().unwrap()),
            "{case}: an id twice"
        );

        // What can be at all.
        match state {
            "NOTPAY" | "CLOSED" => assert!(!paid && refunded == 0, "{case}"),
            "SUCCESS" => assert!(paid && refunded == 0, "{case}"),
            "REFUND" => assert!(paid && (1..=written.total).contains(&refunded), "{case}"),
            _ => panic!("{case}"),
        }
        let refund = refunds.get(&format!("{number}R"));
        let made = refund.map_or(0, |refund| refund["amount"].as_i64().unwrap());
        assert_eq!(refunded, made, "{case}: {refund:?}");

        // What was acknowledged.
        let (done, not) = (Told::Done, Told::Not);
        assert!(written.paid != done || paid, "{case}: the payment is lost");
        assert!(written.paid != not || !paid, "{case}: nobody has paid");
        assert!(
            written.closed != done || state == "CLOSED",
            "{case}: the close is lost"
        );
        assert!(
            written.closed != not || state != "CLOSED",
            "{case}: nobody has closed it"
        );
        assert!(
            written.refunded != done || made == written.refund,
            "{case}: the refund is lost"
        );
        assert!(
            written.refunded != not || refund.is_none(),
            "{case}: nobody has refunded it"
        );
    }
    let expected = ledger
        .orders
        .values()
        .filter(|order| order.refunded == Told::Done);
    assert_eq!(
        refunds.len(),
        expected.count(),
        "there are refunds that nobody has asked for"
    );
    let (_, notices) = running.control("notifications", None);
    let notices: BTreeMap<&str, &Value> = notices
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| (notice["id"].as_str().unwrap(), notice))
        .collect();
    for id in &ledger.delivered {
        let delivered = notices.get(id.as_str()).map(|notice| &notice["delivered"]);
        assert_eq!(delivered, Some(&json!(true)), "the delivery of {id} is lost");
    }
}

/// In the end every payment and every refund has been told once, and what was told the shop has taken.
pub(super) fn notified(running: &Running, receiver: &Receiver) {
    let waits = |notice: &&Value| notice["delivered"] == false;
    // Attempts that the simulator did not live to see the end of are made again, by the business clock's schedule.
    for _ in 0..300 {
        running.control("clock", Some(&json!({ "seconds": 60 })));
        std::thread::sleep(Duration::from_millis(50));
        let (_, notices) = running.control("notifications", None);
        if notices.as_array().unwrap().iter().filter(waits).count() == 0 {
            break;
        }
    }
    let (_, notices) = running.control("notifications", None);
    let taken = receiver.taken();
    let mut told = BTreeSet::new();
    for notice in notices.as_array().unwrap() {
        let id = notice["id"].as_str().unwrap();
        assert!(notice["delivered"] == true && taken.contains(id), "{notice}");
        let about = &notice["resource"];
        let number = match notice["event_type"].as_str().unwrap() {
            "TRANSACTION.SUCCESS" => about["out_trade_no"].as_str().unwrap(),
            _ => about["out_refund_no"].as_str().unwrap(),
        };
        assert!(
            told.insert(number.to_owned()),
            "{number} has two notifications: {notice}"
        );
    }
    let paid = list(running, "orders")
        .into_iter()
        .filter(|(_, order)| !order["paid"].is_null());
    let expected: BTreeSet<String> = paid
        .map(|(number, _)| number)
        .chain(list(running, "refunds").into_keys())
        .collect();
    assert_eq!(told, expected);
}

/// What control lists, by number.
fn list(running: &Running, path: &str) -> BTreeMap<String, Value> {
    let (status, found) = running.control(path, None);
    assert_eq!(status, 200);
    let Value::Array(found) = found else {
        panic!("{path}: {found}");
    };
    let numbered = found
        .into_iter()
        .map(|one| (one["number"].as_str().unwrap().to_owned(), one));
    numbered.collect()
}
