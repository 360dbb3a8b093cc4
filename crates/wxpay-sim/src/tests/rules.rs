use bytes::Bytes;
use http::{Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{Nonce, Stamp, Unsigned, v3};

use super::bodies::{MERCHANT, native};
use super::client::{APPID, Table};
use super::control::control;
use super::wire::{tls, try_exchange};
use crate::{Fault, Manner, Rule, Scenario, ScenarioError, Settings, Setup, Simulator};

const NATIVE: &str = "/v3/pay/transactions/native";
/// No merchant.
const NOBODY: &str = "1900000001";

impl Table {
    fn ruled(rules: impl IntoIterator<Item = Rule>) -> Self {
        let mut table = Self::merchant();
        table.platform.play(&Scenario::new(rules)).unwrap();
        table
    }

    fn status(&mut self, method: Method, target: &str, body: &Value) -> u16 {
        let request = self.request(method, target, body);
        self.handle(&request).status().as_u16()
    }

    fn create(&mut self, number: &str) -> u16 {
        self.status(Method::POST, NATIVE, &native(number))
    }

    fn state(&mut self, number: &str) -> Option<String> {
        let order = self.get(&query(number)).ok()?;
        Some(order["trade_state"].as_str().unwrap().to_owned())
    }
}

fn query(number: &str) -> String {
    format!("/v3/pay/transactions/out-trade-no/{number}?mchid={MERCHANT}")
}

/// The statuses of so many orders.
fn run(rule: Rule, orders: usize) -> Vec<u16> {
    let mut table = Table::ruled([rule]);
    (0..orders)
        .map(|order| table.create(&format!("A0000{order}")))
        .collect()
}

#[test]
fn rules_say_how_often() {
    let rule = || Rule::new(Fault::BadGateway);
    assert_eq!(run(rule(), 3), [502, 502, 502]);
    assert_eq!(run(rule().first(2), 4), [502, 502, 200, 200]);
    assert_eq!(run(rule().every(3), 7), [200, 200, 502, 200, 200, 502, 200]);
    assert_eq!(run(rule().off(), 2), [200, 200]);
    assert_eq!(run(rule().probability(0.0), 9), [200; 9]);
    assert_eq!(run(rule().probability(1.0), 3), [502; 3]);
    let half = run(rule().probability(0.5), 60);
    let spoiled = half.iter().filter(|status| **status == 502).count();
    assert!((15..45).contains(&spoiled), "{half:?}");
    assert_eq!(run(rule().probability(0.5), 60), half, "the same seed");
    assert_ne!(run(rule().named("another").probability(0.5), 60), half);
}

#[test]
fn rules_say_which_calls() {
    let rule = || Rule::new(Fault::BadGateway);
    for (rule, created, queried) in [
        (rule(), 502, 502),
        (rule().operation("v3.pay-transactions.native_prepay"), 502, 200),
        (rule().operation("*.query_by_out_trade_no"), 200, 502),
        (rule().operation("v3.refund.*"), 200, 200),
        (rule().method("post"), 502, 200),
        (rule().path("/v3/pay/transactions/out-trade-no/*"), 200, 502),
        (rule().path("/v3/pay/transactions"), 200, 200),
        (rule().merchant(MERCHANT), 502, 502),
        (rule().merchant(NOBODY), 200, 200),
        (rule().method("GET").merchant(MERCHANT), 200, 502),
    ] {
        let mut table = Table::merchant();
        table.create("A00001");
        table.platform.add_rule(rule.clone()).unwrap();
        assert_eq!(table.create("A00001"), created, "{rule:?}");
        let target = query("A00001");
        assert_eq!(
            table.status(Method::GET, &target, &Value::Null),
            queried,
            "{rule:?}"
        );
    }
    let fields = [("appid", APPID), ("mch_id", MERCHANT), ("out_trade_no", "A1")];
    for (rule, status) in [
        (rule().merchant(MERCHANT), 502),
        (rule().operation("v2.pay.order_query"), 502),
        (rule().merchant(NOBODY), 200),
    ] {
        let mut table = Table::ruled([rule]);
        let request = table.v2_request("/pay/orderquery", &fields);
        assert_eq!(table.handle(&request).status(), status);
    }
}

#[test]
fn every_rule_counts_and_the_first_one_spoils() {
    let mut table = Table::ruled([
        Rule::new(Fault::BadGateway).named("gateway").every(2),
        Rule::new(Fault::TooManyRequests).named("limit").first(2),
    ]);
    let statuses: Vec<u16> = (0..3)
        .map(|order| table.create(&format!("A0000{order}")))
        .collect();
    assert_eq!(statuses, [429, 502, 200]);
    let told = table.platform.rules();
    let counts: Vec<_> = told.iter().map(|told| (told.met, told.spoiled)).collect();
    assert_eq!(counts, [(3, 1), (3, 2)]);
    assert!(table.platform.switch_rule("gateway", false));
    assert_eq!(table.create("A00003"), 200);
    assert!(table.platform.switch_rule("gateway", true));
    assert_eq!(table.create("A00004"), 502, "off, it counted nothing");
    assert!(table.platform.remove_rule("gateway"));
    assert!(!table.platform.remove_rule("gateway") && !table.platform.switch_rule("gateway", true));
    let again = table.platform.add_rule(Rule::new(Fault::Slow).named("limit"));
    assert!(matches!(again, Err(ScenarioError::Taken { .. })));
    assert_eq!(table.platform.add_rule(Rule::new(Fault::Slow)).unwrap(), "rule 1");
}

/// What the client is not told, the store knows: whether a call took effect, and nothing else.
#[test]
fn what_is_stored_agrees_with_the_moment_of_the_fault() {
    let done = [
        Fault::ServerErrorAfter,
        Fault::Slow,
        Fault::CutAfter,
        Fault::Truncated,
        Fault::WrongSignature,
        Fault::Stale,
        Fault::MissingSignature,
    ];
    let undone = [
        Fault::ServerErrorBefore,
        Fault::TooManyRequests,
        Fault::BadGateway,
        Fault::CutBefore,
    ];
    for fault in Fault::ALL {
        let rule = Rule::new(*fault)
            .operation("v3.pay-transactions.native_prepay")
            .first(1);
        let mut table = Table::ruled([rule]);
        let request = table.request(Method::POST, NATIVE, &native("A00001"));
        let response = table.handle(&request);
        assert_eq!(response.extensions().get(), Some(fault));
        let state = table.state("A00001");
        if done.contains(fault) {
            assert_eq!(state.as_deref(), Some("NOTPAY"), "{fault:?}");
        }
        if undone.contains(fault) {
            assert_eq!(state, None, "{fault:?}");
        }
        // Whoever repeats the call with the same number has one order, whatever happened before.
        assert_eq!(table.create("A00001"), 200);
        assert_eq!(table.platform.orders(table.clocks).len(), 1, "{fault:?}");
    }
}

#[test]
fn an_answer_says_how_it_is_to_be_delivered() {
    let late = |rule: Rule| {
        let settings = Settings {
            slow_milliseconds: 20,
            ..Settings::default()
        };
        let mut table = Table::of(settings, |profile| profile.merchant());
        table.platform.add_rule(rule).unwrap();
        let request = table.request(Method::POST, NATIVE, &native("A00001"));
        let response = table.handle(&request);
        response.extensions().get::<Manner>().copied()
    };
    let millis = std::time::Duration::from_millis;
    assert_eq!(late(Rule::new(Fault::Slow)), Some(Manner::Late(millis(20))));
    let slower = Rule::new(Fault::Slow).milliseconds(30);
    assert_eq!(late(slower), Some(Manner::Late(millis(30))));
    assert_eq!(late(Rule::new(Fault::CutBefore)), Some(Manner::Cut));
    assert_eq!(late(Rule::new(Fault::CutAfter)), Some(Manner::Cut));
    assert_eq!(late(Rule::new(Fault::Truncated)), Some(Manner::Truncated));
    assert_eq!(late(Rule::new(Fault::Stale)), None);
}

#[test]
fn too_many_requests_in_both_protocols() {
    let mut table = Table::ruled([Rule::new(Fault::TooManyRequests).first(2)]);
    let refusal = table.refuse_post(NATIVE, &native("A00001"));
    assert_eq!((refusal.0, refusal.1.as_str()), (429, "FREQUENCY_LIMITED"));
    let fields = [("appid", APPID), ("mch_id", MERCHANT), ("out_trade_no", "A1")];
    assert_eq!(table.v2_refusal("/pay/orderquery", &fields), "FREQUENCY_LIMITED");
    assert_eq!(table.v2_refusal("/pay/orderquery", &fields), "ORDERNOTEXIST");
}

/// Sends a signed request by the real clock. An error is a connection that broke off.
async fn send(
    simulator: &Simulator,
    method: Method,
    target: &str,
    body: &Value,
    protocol: &[u8],
) -> Result<Response<Bytes>, hyper::Error> {
    let merchant = simulator.profile().merchant();
    let answer_key = simulator.profile().platform_public_key().id().clone();
    let credentials =
        v3::Credentials::merchant(merchant.id().clone(), merchant.serial().clone()).answer_key(answer_key);
    let mut call = v3::Call::new(method, target);
    if !body.is_null() {
        call = call.body(body.to_string());
    }
    let stamp = Stamp::new(simulator.clocks().wire, Nonce::from_entropy([7; 32]));
    let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).unwrap();
    let signed = Unsigned::new(&call, &credentials, &stamp)
        .unwrap()
        .sign(&key)
        .unwrap();
    let (request, _) = signed.at(simulator.base_url()).into_parts();
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    let stream = tls(simulator, "127.0.0.1", stream, protocol).await.unwrap();
    try_exchange(stream, request, protocol).await
}

#[tokio::test]
async fn connections_are_cut_before_and_after_and_in_the_middle() {
    let setup = Setup {
        settings: Settings {
            slow_milliseconds: 1,
            ..Settings::default()
        },
        http2: true,
        ..Setup::default()
    };
    for protocol in [&b"http/1.1"[..], b"h2"] {
        for (fault, broken, stored) in [
            (Fault::CutBefore, true, false),
            (Fault::CutAfter, true, true),
            (Fault::Truncated, true, true),
            (Fault::Slow, false, true),
            (Fault::BadGateway, false, false),
        ] {
            let simulator = Simulator::start_with(setup.clone()).unwrap();
            simulator.fail_next(fault);
            let body = native("A00001");
            let answer = send(&simulator, Method::POST, NATIVE, &body, protocol).await;
            assert_eq!(answer.is_err(), broken, "{fault:?}: {answer:?}");
            let found = send(&simulator, Method::GET, &query("A00001"), &Value::Null, protocol)
                .await
                .unwrap();
            let status = if stored { 200 } else { 404 };
            assert_eq!(found.status(), status, "{fault:?}");
            assert_eq!(simulator.log()[0].fault(), Some(fault));
        }
    }
}

#[tokio::test]
async fn rules_are_added_switched_and_removed_by_control() {
    let setup = Setup {
        scenario: Scenario::new([Rule::new(Fault::CutAfter).named("first").first(1)]),
        ..Setup::default()
    };
    let simulator = Simulator::start_with(setup).unwrap();
    let rule = json!({ "fault": "bad-gateway", "name": "gateway", "path": "/v3/pay/*", "on": false });
    let added = control(&simulator, "rules/add", Some(rule.clone())).await;
    assert_eq!(added, (200, json!({ "name": "gateway" })));
    assert_eq!(control(&simulator, "rules/add", Some(rule)).await.0, 409);
    let switch = json!({ "name": "gateway", "on": true });
    assert_eq!(control(&simulator, "rules/switch", Some(switch)).await.0, 200);
    let get = || send(&simulator, Method::GET, NATIVE, &Value::Null, b"http/1.1");
    assert!(get().await.is_err());
    assert_eq!(get().await.unwrap().status(), 502);
    let (_, rules) = control(&simulator, "rules", None).await;
    assert_eq!(rules[0]["spoiled"], 1);
    assert_eq!((&rules[1]["met"], &rules[1]["spoiled"]), (&json!(2), &json!(2)));
    let (_, exchanges) = control(&simulator, "exchanges", None).await;
    assert_eq!(exchanges[1]["fault"], "cut-after");
    assert_eq!(control(&simulator, "reset", Some(json!({}))).await.0, 200);
    assert!(get().await.is_err(), "the rules begin anew");
    let removed = json!({ "name": "first" });
    assert_eq!(
        control(&simulator, "rules/remove", Some(removed.clone())).await.0,
        200
    );
    let (status, problem) = control(&simulator, "rules/remove", Some(removed)).await;
    assert_eq!(
        (status, &problem["error"]),
        (404, &json!("there is no rule \"first\""))
    );
    let (status, problem) = control(&simulator, "rules/add", Some(json!({ "fault": "late" }))).await;
    assert_eq!(status, 400);
    assert!(
        problem["error"]
            .as_str()
            .unwrap()
            .starts_with("`fault`: \"late\" is none of")
    );
    let scenario = json!({ "seed": 7, "rules": [{ "fault": "server-error-before" }] });
    assert_eq!(control(&simulator, "scenario", Some(scenario)).await.0, 200);
    assert_eq!(get().await.unwrap().status(), 500);
    assert_eq!(control(&simulator, "scenario", Some(json!({}))).await.0, 200);
    assert_eq!(control(&simulator, "rules", None).await.1, json!([]));
}
