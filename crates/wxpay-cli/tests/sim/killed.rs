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

/// Orders are created and paid without a pause by several clients while the simulator is killed, again and again.
/// Whatever was answered is there afterwards.
#[test]
fn nothing_acknowledged_is_lost_under_load() {
    let folder = folder("load");
    let rounds: u32 = std::env::var("WXPAY_KILLS").map_or(3, |kills| kills.parse().unwrap());
    let mut acknowledged: Vec<(String, &str)> = Vec::new();
    for round in 0..rounds {
        let running = Running::start(&folder, &[]);
        let known = states(&running);
        for (number, state) in &acknowledged {
            let found = known.iter().find(|(known, _)| *known == format!("{number}_0001"));
            let found = found.map(|(_, state)| state.as_str());
            // A payment that was not acknowledged may have been made all the same.
            let is_there = found == Some(*state) || (*state == "NOTPAY" && found == Some("SUCCESS"));
            assert!(is_there, "round {round}: {number} was {state}, and is {found:?}");
        }
        let number = format!("L{round}");
        running.order(&number);
        acknowledged.push((number.clone(), "NOTPAY"));
        let paying = running.told["control"].as_str().unwrap().to_owned();
        let clients: Vec<_> = (0..4)
            .map(|client| {
                let (paying, number) = (paying.clone(), number.clone());
                std::thread::spawn(move || turn_clocks(&paying, &number, client))
            })
            .collect();
        // The moment of the kill wanders: a few milliseconds later each time.
        std::thread::sleep(std::time::Duration::from_millis(u64::from(5 + round * 7 % 90)));
        running.kill();
        let paid = clients.into_iter().any(|client| client.join().unwrap());
        if paid {
            acknowledged.pop();
            acknowledged.push((number, "SUCCESS"));
        }
    }
}

/// Pays the order and turns the clock to and fro until the simulator is gone; gives whether a payment was acknowledged.
fn turn_clocks(control: &str, number: &str, client: u32) -> bool {
    let (address, prefix) = control.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut paid = false;
    for step in 0_u32.. {
        let (path, body) = if step == client {
            ("orders/pay", json!({ "number": number, "combined": true }))
        } else {
            ("clock", json!({ "seconds": if step % 2 == 0 { 1 } else { -1 } }))
        };
        let Some(status) = post(address, &format!("/{prefix}{path}"), &body.to_string()) else {
            return paid;
        };
        paid |= path == "orders/pay" && status == "200";
    }
    paid
}

/// The status of an answer that came whole; nothing when the connection broke.
fn post(address: &str, path: &str, body: &str) -> Option<String> {
    use std::io::{Read as _, Write as _};

    let mut stream = std::net::TcpStream::connect(address).ok()?;
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer
        .ends_with("}\n")
        .then(|| answer.split(' ').nth(1).unwrap().to_owned())
}
