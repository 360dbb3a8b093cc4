//! The pages of orders, refunds and transfers tell what happened, and a restart takes nothing of it.

use http::Method;
use serde_json::json;

use super::bodies::{MERCHANT, native, refund};
use super::browser::{Browser, english};
use super::client::Table;
use super::https::call;
use super::transfer::{BILLS, transfer};
use crate::{
    OrderRef, Platform, Profile, RefundOutcome, RefundRef, Reply, Settings, Simulator, TransferOutcome,
    TransferRef,
};

/// The history of a page, without its markup.
fn lines(page: &str) -> Vec<String> {
    let (_, rest) = page.split_once("<ol class=\"history\">").unwrap();
    let (list, _) = rest.split_once("</ol>").unwrap();
    let bare = |line: &str| {
        let mut text = String::new();
        let mut inside = true;
        for c in line.chars() {
            match c {
                '<' => inside = false,
                '>' => inside = true,
                c if inside => text.push(c),
                _ => {}
            }
        }
        // Without its time.
        text.get("2023-11-15 06:13:20 ".len()..)
            .unwrap()
            .trim()
            .to_owned()
    };
    list.split("</li>")
        .filter(|line| !line.is_empty())
        .map(bare)
        .collect()
}

#[tokio::test]
async fn a_page_tells_calls_changes_and_notifications_in_their_order() {
    let simulator = Simulator::start().unwrap();
    let post = async |target: &str, body| {
        call(&simulator, Method::POST, target, &body, b"http/1.1").await;
    };
    let mut other = native("A00002");
    other["notify_url"] = json!("https://127.0.0.1:1/nobody");
    let mut body = native("A00001");
    body["notify_url"] = json!("https://127.0.0.1:1/nobody");
    post("/v3/pay/transactions/native", body).await;
    post("/v3/pay/transactions/native", other).await;
    simulator.control(|platform, clocks| platform.abandon(&OrderRef::order("A00001"), clocks).unwrap());
    simulator.pay(&OrderRef::order("A00001")).unwrap();
    post("/v3/refund/domestic/refunds", refund("R00001", "A00001", 60, 100)).await;
    let settled = |outcome| {
        simulator.control(|platform, clocks| {
            platform
                .settle_refund(&RefundRef::new("R00001"), outcome, clocks)
                .unwrap();
        });
    };
    settled(RefundOutcome::Abnormal);
    settled(RefundOutcome::Success);
    post(BILLS, transfer("T00001", 20)).await;
    simulator.control(|platform, clocks| {
        let outcome = TransferOutcome::Confirmed;
        platform
            .settle_transfer(&TransferRef::new("T00001"), &outcome, clocks)
            .unwrap();
    });
    let page = english(&simulator).get("/_sim/orders/1900007291/A00001").body;
    let told = lines(&page);
    // Those of one second stand in groups: calls, what came of them, who was told.
    let wanted = [
        "POST /v3/pay/transactions/native 200",
        "created",
        "abandoned",
        "paid",
        "POST /v3/refund/domestic/refunds 200",
        "refund accepted R00001",
        "refund abnormal R00001",
        "refund succeeded R00001",
    ];
    for line in wanted {
        assert_eq!(
            told.iter().filter(|told| *told == line).count(),
            1,
            "{line}: {told:?}"
        );
    }
    let place = |line: &str| told.iter().position(|told| told == line).unwrap();
    assert!(place("created") < place("abandoned") && place("abandoned") < place("paid"));
    assert!(place("refund accepted R00001") < place("refund succeeded R00001"));
    assert!(page.contains("href=\"/_sim/exchanges/1\"") && !page.contains("href=\"/_sim/exchanges/2\""));
    assert!(
        page.contains("trade bill ") && page.contains("fund-flow bill "),
        "{page}"
    );
    let page = english(&simulator).get("/_sim/refunds/1900007291/R00001").body;
    let told = lines(&page);
    assert!(told.contains(&"refund abnormal".to_owned()), "{told:?}");
    assert!(page.contains("href=\"/_sim/exchanges/3\""), "{page}");
    let page = english(&simulator).get("/_sim/transfers/1900007291/T00001").body;
    let told = lines(&page);
    for line in ["transfer accepted", "confirmed by the user"] {
        assert!(told.iter().any(|told| told == line), "{line}: {told:?}");
    }
    assert!(page.contains("href=\"/_sim/exchanges/4\"") && !page.contains("trade bill "));
    let browser = Browser {
        simulator: &simulator,
        lang: "zh-CN",
    };
    for path in [
        "orders/1900007291/A00001",
        "refunds/1900007291/R00001",
        "transfers/1900007291/T00001",
    ] {
        for line in lines(&browser.get(&format!("/_sim/{path}")).body) {
            let called = ["POST ", "GET "].iter().any(|method| line.starts_with(method));
            let chinese = line.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(called || chinese, "{line}");
        }
    }
    for missing in ["refunds/1900007291/none", "transfers/1/T00001"] {
        assert_eq!(english(&simulator).get(&format!("/_sim/{missing}")).status, 404);
    }
}

/// What pages tell of everything there is.
fn told(table: &Table) -> String {
    let platform = &table.platform;
    let orders = platform.orders(table.clocks);
    let refunds = platform.refunds();
    let transfers = platform.transfers();
    let pasts = (
        orders
            .iter()
            .map(|order| platform.past_of_order(order, table.clocks))
            .collect::<Vec<_>>(),
        refunds
            .iter()
            .map(|refund| platform.past_of_refund(refund))
            .collect::<Vec<_>>(),
        transfers
            .iter()
            .map(|transfer| platform.past_of_transfer(transfer))
            .collect::<Vec<_>>(),
    );
    format!("{pasts:#?}")
}

#[test]
fn a_restart_takes_nothing_of_a_history() {
    let mut table = Table::merchant();
    for number in ["A00001", "A00002"] {
        table
            .post("/v3/pay/transactions/native", &native(number))
            .unwrap();
    }
    table.wait(60);
    table.pay(&OrderRef::order("A00001")).unwrap();
    let body = refund("R00001", "A00001", 60, 100);
    table.post("/v3/refund/domestic/refunds", &body).unwrap();
    table.platform.set_balance(MERCHANT, 1000);
    table.post(BILLS, &transfer("T00001", 20)).unwrap();
    table
        .post(&format!("{BILLS}/out-bill-no/T00001/cancel"), &json!({}))
        .unwrap();
    for seconds in [0, 15, 8 * 86_400] {
        table.wait(seconds);
        for delivery in table.platform.poll(table.clocks) {
            let reply = Reply::Answered {
                status: 500,
                body: "busy".into(),
            };
            table.platform.delivered(&delivery.id, &reply, table.clocks);
        }
    }
    let before = told(&table);
    for part in ["\"expired\"", "\"refund succeeded\"", "\"cancelled\"", "\"busy\""] {
        assert!(before.contains(part), "{part} is not in {before}");
    }
    let changes = table.platform.take_changes();
    table.platform = Platform::restore(Profile::test(), Settings::default(), changes).unwrap();
    assert_eq!(told(&table), before);
}

#[test]
fn rows_from_before_there_were_histories_tell_what_their_times_tell() {
    let mut table = Table::merchant();
    table
        .post("/v3/pay/transactions/native", &native("A00001"))
        .unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    let body = refund("R00001", "A00001", 60, 100);
    table.post("/v3/refund/domestic/refunds", &body).unwrap();
    table.platform.set_balance(MERCHANT, 1000);
    table.post(BILLS, &transfer("T00001", 20)).unwrap();
    table.wait(86_400 * 8);
    let _ = table.platform.poll(table.clocks);
    let changes = table.platform.take_changes().into_iter().map(|mut change| {
        let value = change.value.as_deref().unwrap_or(b"null");
        let mut row: serde_json::Value = serde_json::from_slice(value).unwrap();
        if ["refund", "transfer"].contains(&change.shelf.as_str()) {
            row.as_object_mut().unwrap().remove("history").unwrap();
            change.value = Some(row.to_string().into());
        }
        change
    });
    let changes: Vec<_> = changes.collect();
    let platform = Platform::restore(Profile::test(), Settings::default(), changes).unwrap();
    let what = |history: &[(String, String)]| -> Vec<String> {
        history.iter().map(|(_, what)| what.clone()).collect()
    };
    assert_eq!(
        what(&platform.refunds()[0].history),
        ["refund accepted", "refund succeeded"]
    );
    assert_eq!(
        what(&platform.transfers()[0].history),
        ["transfer accepted", "transfer failed"]
    );
}
