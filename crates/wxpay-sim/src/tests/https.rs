//! One journey over real sockets, by HTTP/1.1 and HTTP/2.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::Value;
use tokio::net::TcpStream;
use wxpay_proto::{Nonce, Signed, Stamp, Unsigned, v3};

use super::client::{Table, close, combine};
use super::wire::{exchange, tls};
use crate::{Fault, OrderRef, Setup, Simulator};

/// A simulator that offers HTTP/2 too.
fn with_http2() -> Simulator {
    let setup = Setup {
        http2: true,
        ..Setup::default()
    };
    Simulator::start_with(setup).unwrap()
}

pub(super) async fn send(simulator: &Simulator, request: Request<Bytes>, protocol: &[u8]) -> Response<Bytes> {
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    // Under a name of WeChat Pay's, as a client behind a proxy would connect.
    let stream = tls(simulator, "api.mch.weixin.qq.com", stream, protocol)
        .await
        .unwrap();
    exchange(stream, request, protocol).await
}

/// Signed by the real clock.
pub(super) fn signed(simulator: &Simulator, method: Method, target: &str, body: &Value) -> Signed<v3::Call> {
    let merchant = simulator.profile().merchant();
    let key = simulator.profile().platform_public_key().id().clone();
    let credentials =
        v3::Credentials::merchant(merchant.id().clone(), merchant.serial().clone()).answer_key(key);
    let mut call = v3::Call::new(method, target);
    if !body.is_null() {
        call = call.body(body.to_string());
    }
    // Nobody has turned the business clock of this simulator, so it shows real time.
    let now = simulator.business_time();
    let stamp = Stamp::new(now, Nonce::from_entropy([7; 32]));
    Unsigned::new(&call, &credentials, &stamp)
        .unwrap()
        .sign(&Table::merchant().key())
        .unwrap()
        .at(simulator.base_url())
}

/// Signs by the real clock, sends and verifies.
pub(super) async fn call(
    simulator: &Simulator,
    method: Method,
    target: &str,
    body: &Value,
    protocol: &[u8],
) -> v3::Raw {
    let (request, pending) = signed(simulator, method, target, body).into_parts();
    let response = send(simulator, request, protocol).await;
    pending
        .receive(response)
        .verify(&simulator.profile().platform_keys(), simulator.business_time())
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn a_journey_over_https() {
    const ORDER: &str = "/v3/combine-transactions/out-trade-no/";
    let simulator = with_http2();
    for protocol in [&b"http/1.1"[..], b"h2"] {
        let number = if protocol == b"h2" { "P2" } else { "P1" };
        let native = "/v3/combine-transactions/native";
        let answer = call(&simulator, Method::POST, native, &combine(number), protocol).await;
        assert!(answer.json::<Value>().unwrap()["code_url"].is_string());
        simulator.pay(&OrderRef::combine(number)).unwrap();
        let order = call(
            &simulator,
            Method::GET,
            &format!("{ORDER}{number}"),
            &Value::Null,
            protocol,
        )
        .await;
        assert_eq!(
            order.json::<Value>().unwrap()["sub_orders"][0]["trade_state"],
            "SUCCESS"
        );
        let number = format!("{number}B");
        call(&simulator, Method::POST, native, &combine(&number), protocol).await;
        let target = format!("{ORDER}{number}/close");
        let closed = call(&simulator, Method::POST, &target, &close(&number), protocol).await;
        assert_eq!(closed.status, 204);
    }
    let log = simulator.log();
    assert_eq!(log.len(), 8);
    assert_eq!(
        (log[0].request.method().as_str(), log[0].status()),
        ("POST", StatusCode::OK)
    );
    assert_eq!(log[7].target(), "/v3/combine-transactions/out-trade-no/P2B/close");
    assert!(log[7].request_id().unwrap().ends_with("-0"));
}

#[tokio::test]
async fn control_reaches_the_server() {
    let simulator = with_http2();
    let before = simulator.business_time();
    simulator.turn_business_clock(7200);
    assert!((7200..7260).contains(&simulator.business_time().seconds_since(before)));
    simulator.fail_next(Fault::BadGateway);
    let request = |body: Vec<u8>| {
        let request = Request::post("https://api.mch.weixin.qq.com/v3/combine-transactions/jsapi");
        request.body(Bytes::from(body)).unwrap()
    };
    assert_eq!(
        send(&simulator, request(Vec::new()), b"http/1.1").await.status(),
        502
    );
    assert_eq!(
        send(&simulator, request(Vec::new()), b"http/1.1").await.status(),
        401
    );
    for protocol in [&b"http/1.1"[..], b"h2"] {
        let large = send(&simulator, request(vec![b' '; (10 << 20) + 1]), protocol).await;
        assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    }
    assert!(simulator.address().ip().is_loopback());
    let address = simulator.address();
    simulator.shutdown();
    assert!(TcpStream::connect(address).await.is_err());
}

#[test]
fn a_blocking_test_needs_no_runtime() {
    let simulator = Simulator::start().unwrap();
    assert_eq!(
        simulator.base_url().to_string(),
        format!("https://{}", simulator.address())
    );
    assert!(simulator.pay(&OrderRef::combine("P1")).is_err());
}
