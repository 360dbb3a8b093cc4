//! Runs of sharing and giving back, made up by proptest.

use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::bodies::MERCHANT;
use super::client::{APPID, Table};
use super::profit_sharing::{ORDERS, RECEIVER, RETURNS, give_back, receiver, share, split};
use super::steps::config;
use crate::Settings;

#[derive(Clone, Debug)]
enum Act {
    Split(usize, i64, bool),
    Release,
    Return(usize, usize, i64),
    Delete,
    Add,
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0..3_usize, 1_i64..320, prop::bool::weighted(0.1))
            .prop_map(|(number, amount, unfreeze)| Act::Split(number, amount, unfreeze)),
        1 => Just(Act::Release),
        3 => (0..3_usize, 0..3_usize, 1_i64..320)
            .prop_map(|(number, order, amount)| Act::Return(number, order, amount)),
        1 => Just(Act::Delete),
        2 => Just(Act::Add),
        3 => prop_oneof![Just(1_i64), Just(3), Just(86_400)].prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..20)
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn shares_and_returns_make_and_lose_no_money(acts in acts()) {
        let (mut table, id) = Table::shareable(Settings::default());
        let send = |table: &mut Table, target: &str, body: &Value| {
            let request = table.request(Method::POST, target, body);
            let _ = table.handle(&request);
        };
        for act in &acts {
            match act {
                Act::Split(number, amount, unfreeze) => {
                    let body = split(&format!("S{number}"), &id, &[share(RECEIVER, *amount)], *unfreeze);
                    send(&mut table, ORDERS, &body);
                }
                Act::Release => {
                    let body = json!({ "transaction_id": id, "out_order_no": "S9", "description": "解冻" });
                    send(&mut table, "/v3/profitsharing/orders/unfreeze", &body);
                }
                Act::Return(number, order, amount) => {
                    let body = give_back(&format!("B{number}"), &format!("S{order}"), *amount);
                    send(&mut table, RETURNS, &body);
                }
                Act::Delete => {
                    let body = json!({ "appid": APPID, "type": "MERCHANT_ID", "account": RECEIVER });
                    send(&mut table, "/v3/profitsharing/receivers/delete", &body);
                }
                Act::Add => send(&mut table, "/v3/profitsharing/receivers/add", &receiver("MERCHANT_ID", RECEIVER)),
                Act::Wait(seconds) => table.wait(*seconds),
            }
            let (mut shared, mut pending) = (0, 0);
            for number in 0..3 {
                let target = format!("{ORDERS}/S{number}?transaction_id={id}");
                let request = table.request(Method::GET, &target, &Value::Null);
                let response = table.handle(&request);
                if response.status() == 200 {
                    let order: Value = serde_json::from_slice(response.body()).unwrap();
                    let share = &order["receivers"][0];
                    let amount = share["amount"].as_i64().unwrap();
                    pending += if share["result"] == "PENDING" { amount } else { 0 };
                    shared += if share["result"] == "CLOSED" { 0 } else { amount };
                }
            }
            prop_assert!(shared <= 300, "{shared}");
            prop_assert!(table.money_of(RECEIVER) >= 0);
            prop_assert_eq!(table.money_of(MERCHANT) + table.money_of(RECEIVER) + pending, 1000);
            prop_assert!([0, 1000 - shared].contains(&table.left(&id)));
        }
    }
}
