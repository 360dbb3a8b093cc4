//! Calls whose answer never came, and what the query finds out about them.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use wxpay_hyper::{Client, Event, Sent};
use wxpay_proto::Outcome;
use wxpay_proto::settled::Progress;
use wxpay_sim::{Fault, OrderRef, Simulator};
use wxpay_types::v3::combine_transactions::TradeState;
use wxpay_types::v3::pay_transactions::NativePrepay;
use wxpay_types::v3::{pay_transactions, refund};

use crate::support::{self, APPID, Order, builder};

/// A client that does not ask for long.
fn client(simulator: &Simulator, settle: Duration) -> Client {
    support::client(simulator, simulator.profile().partner()).with(|calls| calls.settle_timeout(settle))
}

/// A client of the merchant's.
fn merchant(simulator: &Simulator) -> Client {
    support::client(simulator, simulator.profile().merchant())
}

async fn paid(simulator: &Simulator, client: &Client, number: &str) {
    let prepay = NativePrepay::default()
        .appid(APPID)
        .mchid(simulator.profile().merchant().id().as_str())
        .description("tea")
        .out_trade_no(number)
        .notify_url("https://shop.example/notify")
        .amount(pay_transactions::Amount::default().total(888).currency("CNY"));
    client.send(&prepay).await.unwrap();
    simulator.pay(&OrderRef::order(number)).unwrap();
}

fn refund_of(number: &str) -> refund::Create {
    refund::Create::default()
        .out_trade_no(number)
        .out_refund_no(format!("R-{number}"))
        .amount(refund::Amount::default().refund(100).total(888).currency("CNY"))
}

#[tokio::test]
async fn a_refund_whose_answer_is_lost_is_found_and_made_once() {
    let simulator = Simulator::start().unwrap();
    let client = merchant(&simulator);
    for (number, fault) in [("S20260001", Fault::CutAfter), ("S20260002", Fault::TamperBody)] {
        paid(&simulator, &client, number).await;
        simulator.fail_next(fault);
        let refund = refund_of(number);
        let Sent::Found(found) = client.send_settled(&refund).await.unwrap() else {
            panic!("{} was not settled", fault.name())
        };
        assert_eq!(found.progress, Progress::Accepted);
        assert_eq!(found.answer.out_refund_no, refund.out_refund_no);
        assert_eq!(found.queries, 1);
        let made = simulator.control(|platform, _| platform.refunds());
        let made = made.iter().filter(|made| made.order == number).count();
        assert_eq!(made, 1, "{}", fault.name());
    }
}

#[tokio::test]
async fn a_number_that_is_not_found_proves_nothing() {
    let simulator = Simulator::start().unwrap();
    let client = merchant(&simulator).with(|calls| calls.settle_timeout(Duration::from_secs(1)));
    paid(&simulator, &client, "S20260003").await;
    simulator.fail_next(Fault::CutBefore);
    let refund = refund_of("S20260003");
    let Sent::Unknown(unsettled) = client.send_settled(&refund).await.unwrap() else {
        panic!("nothing is certain")
    };
    assert_eq!(unsettled.call.as_ref().unwrap().outcome(), Outcome::Unknown);
    assert_eq!(unsettled.error.as_ref().unwrap().outcome(), Outcome::Refused);
    assert!(
        unsettled.queries >= 2 && unsettled.last.is_none(),
        "{unsettled:?}"
    );
    let text = unsettled.to_string();
    assert!(text.contains("never take another number"), "{text}");
    // The same number, so that it is the same refund whichever arrives.
    client.send(&refund).await.unwrap();
    let found = client.settle(&refund).await.unwrap();
    assert_eq!(found.progress, Progress::Accepted);
}

#[tokio::test]
async fn a_close_is_settled_when_the_order_is_closed_and_not_before() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, Duration::from_secs(1));
    let order = Order::new(&simulator, "S20260004");
    client.send(&order.create()).await.unwrap();
    simulator.fail_next(Fault::CutBefore);
    let Sent::Unknown(unsettled) = client.send_settled(&order.close()).await.unwrap() else {
        panic!("an order that is not paid may still be closed")
    };
    let last = unsettled.last.unwrap();
    assert_eq!(last.sub_orders[0].trade_state, Some(TradeState::Notpay));
    simulator.fail_next(Fault::CutAfter);
    let Sent::Found(found) = client.send_settled(&order.close()).await.unwrap() else {
        panic!("it is closed")
    };
    assert_eq!(found.progress, Progress::Final);
    assert_eq!(found.answer.sub_orders[0].trade_state, Some(TradeState::Closed));
}

#[tokio::test]
async fn what_is_certain_is_not_asked_about() {
    let simulator = Simulator::start().unwrap();
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&events);
    let account = simulator.profile().merchant();
    let client = builder(&simulator)
        .merchant(support::credentials(account), support::key(account))
        .observer(move |event: &Event<'_>| {
            if let Event::Settling { operation, query, .. } = event {
                heard.lock().unwrap().push((*operation, *query));
            }
        })
        .build()
        .unwrap();
    paid(&simulator, &client, "S20260005").await;
    let sent = client.send_settled(&refund_of("S20260005")).await.unwrap();
    assert!(matches!(sent, Sent::Answered(_)));
    let refused = client.send_settled(&refund_of("NOBODYS")).await.unwrap_err();
    assert_eq!(refused.outcome(), Outcome::Refused);
    assert!(events.lock().unwrap().is_empty());
    paid(&simulator, &client, "S20260006").await;
    simulator.fail_next(Fault::CutAfter);
    client.send_settled(&refund_of("S20260006")).await.unwrap();
    assert_eq!(
        *events.lock().unwrap(),
        [("v3.refund.create", "v3.refund.query_by_out_refund_no")]
    );
}
