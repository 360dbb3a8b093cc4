//! What was acknowledged is there after SIGKILL.

use serde_json::{Value, json};

use crate::running::{Running, folder};

fn states(running: &Running) -> Vec<(String, String)> {
    let (status, orders) = running.control("orders", None);
    assert_eq!(status, 200);
    let text = |order: &Value, name: &str| order[name].as_str().unwrap().to_owned();
    let orders = orders.as_array().unwrap().iter();
    let mut states: Vec<_> = orders
        .map(|order| (text(order, "number"), text(order, "state")))
        .collect();
    states.sort();
    states
}

#[test]
fn orders_and_the_clock_outlive_a_kill() {
    let folder = folder("killed");
    let running = Running::start(&folder, &[]);
    let serial = running.control("status", None).1["accounts"][0]["serial"].clone();
    running.order("K1");
    running.order("K2");
    let paid = json!({ "number": "K1", "combined": true });
    assert_eq!(running.control("orders/pay", Some(&paid)).0, 200);
    let turned = json!({ "seconds": 600 });
    assert_eq!(running.control("clock", Some(&turned)).0, 200);
    let before = states(&running);
    assert_eq!(before.len(), 4);
    running.kill();
    let running = Running::start(&folder, &[]);
    assert_eq!(states(&running), before);
    let status = running.control("status", None).1;
    assert_eq!(status["clocks"]["turned_seconds"], 600);
    assert_eq!(status["accounts"][0]["serial"], serial);
    // It goes on: the paid order stays paid, and new ones are taken.
    assert_eq!(running.control("orders/pay", Some(&paid)).0, 409);
    running.order("K3");
    assert_eq!(running.control("reset", Some(&json!({}))).0, 200);
    running.kill();
    let running = Running::start(&folder, &[]);
    assert_eq!(states(&running), []);
}
