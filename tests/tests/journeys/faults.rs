//! Answers that are not what they seem, over real sockets: each refused by name, each with the outcome unknown.

#![expect(clippy::panic, reason = "an answer of another kind is a failed test")]

use wxpay_hyper::{Client, Error, Failure};
use wxpay_proto::retry::Budget;
use wxpay_proto::{Outcome, VerifyError};
use wxpay_sim::{Fault, Rule, Simulator};
use wxpay_types::v3::combine_transactions::TradeState;

use crate::support::{Order, client};

/// A client that shows each fault instead of getting over it.
fn once(simulator: &Simulator) -> Client {
    client(simulator, simulator.profile().partner()).with(|calls| calls.budget(Budget::once()))
}

fn unverified(error: Error) -> VerifyError {
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    match error.failure() {
        Failure::Exchange(wxpay_proto::Error::Unverified { source, .. }) => source.clone(),
        other => panic!("not an unverified answer: {other}"),
    }
}

#[tokio::test]
async fn forged_answers_are_refused_by_name() {
    let simulator = Simulator::start().unwrap();
    let client = once(&simulator);
    let order = Order::new(&simulator, "F20260001");
    client.send(&order.create()).await.unwrap();
    let query = async |fault| {
        simulator.fail_next(fault);
        client.send(&order.query()).await.unwrap_err()
    };
    assert!(matches!(
        unverified(query(Fault::TamperBody).await),
        VerifyError::Mismatch { .. }
    ));
    assert!(matches!(
        unverified(query(Fault::WrongSignature).await),
        VerifyError::Mismatch { .. }
    ));
    assert!(matches!(
        unverified(query(Fault::Stale).await),
        VerifyError::Expired { .. }
    ));
    assert!(matches!(
        unverified(query(Fault::UnknownSerial).await),
        VerifyError::UnknownSerial { .. }
    ));
    assert!(matches!(
        unverified(query(Fault::MissingSignature).await),
        VerifyError::MissingHeader { .. }
    ));
    assert_eq!(unverified(query(Fault::Probe).await), VerifyError::Probe);
    let other = query(Fault::OtherOrder).await;
    assert_eq!(other.outcome(), Outcome::Unknown);
    assert!(
        matches!(other.failure(), Failure::Exchange(wxpay_proto::Error::WrongAnswer { member, asked, .. })
            if member == "combine_out_trade_no" && asked == order.number),
        "{other}"
    );
    client.send(&order.query()).await.unwrap();
}

#[tokio::test]
async fn an_error_after_the_effect_is_unknown_and_the_query_settles_it() {
    let simulator = Simulator::start().unwrap();
    let client = once(&simulator);
    for (number, fault, state) in [
        ("F20260002", Fault::ServerErrorAfter, TradeState::Closed),
        ("F20260003", Fault::ServerErrorBefore, TradeState::Notpay),
        ("F20260004", Fault::BadGateway, TradeState::Notpay),
        ("F20260005", Fault::CutBefore, TradeState::Notpay),
        ("F20260006", Fault::CutAfter, TradeState::Closed),
    ] {
        let order = Order::new(&simulator, number);
        client.send(&order.create()).await.unwrap();
        simulator.fail_next(fault);
        let error = client.send(&order.close()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{}: {error}", fault.name());
        let found = client.send(&order.query()).await.unwrap();
        assert_eq!(found.sub_orders[0].trade_state, Some(state), "{}", fault.name());
    }
}

#[tokio::test]
async fn an_answer_of_which_half_comes_is_unknown_and_the_order_exists() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let rule = Rule::new(Fault::Truncated).operation("v3.combine-transactions.native_prepay");
    simulator.control(|platform, _| platform.add_rule(rule)).unwrap();
    let order = Order::new(&simulator, "F20260007");
    let error = client.send(&order.create()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    let found = client.send(&order.query()).await.unwrap();
    assert_eq!(found.sub_orders[0].trade_state, Some(TradeState::Notpay));
}
