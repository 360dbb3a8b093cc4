//! One journey over real sockets, by HTTP/1.1 and HTTP/2.

use std::sync::Arc;

use bytes::Bytes;
use http::header::HOST;
use http::{Method, Request, Response, StatusCode, Version};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use wxpay_proto::{Nonce, Stamp, Unsigned, v3};

use super::client::{Table, close, combine};
use crate::{Fault, OrderRef, Simulator};

async fn send(simulator: &Simulator, request: Request<Bytes>, protocol: &[u8]) -> Response<Bytes> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(simulator.ca_pem().as_bytes()).unwrap())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    // Under a name of WeChat Pay's, as a client behind a proxy would connect.
    let name = ServerName::try_from("api.mch.weixin.qq.com").unwrap();
    let stream = TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap();
    let io = TokioIo::new(stream);
    let response = if protocol == b"h2" {
        let mut request = request.map(Full::new);
        *request.version_mut() = Version::HTTP_2;
        let (mut sender, connection) = hyper::client::conn::http2::handshake(TokioExecutor::new(), io)
            .await
            .unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    } else {
        let mut request = request.map(Full::new);
        request
            .headers_mut()
            .insert(HOST, "api.mch.weixin.qq.com".parse().unwrap());
        let target = request.uri().path_and_query().unwrap().as_str().parse().unwrap();
        *request.uri_mut() = target;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(io).await.unwrap();
        tokio::spawn(connection);
        sender.send_request(request).await.unwrap()
    };
    let (parts, body) = response.into_parts();
    Response::from_parts(parts, body.collect().await.unwrap().to_bytes())
}

/// Signs by the real clock, sends and verifies.
async fn call(simulator: &Simulator, method: Method, target: &str, body: &Value, protocol: &[u8]) -> v3::Raw {
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
    let signed = Unsigned::new(&call, &credentials, &stamp)
        .unwrap()
        .sign(&Table::merchant().key())
        .unwrap();
    let (request, pending) = signed.at(simulator.base_url()).into_parts();
    let response = send(simulator, request, protocol).await;
    pending
        .receive(response)
        .verify(&simulator.profile().platform_keys(), now)
        .unwrap()
        .into_inner()
}

#[tokio::test]
async fn a_journey_over_https() {
    const ORDER: &str = "/v3/combine-transactions/out-trade-no/";
    let simulator = Simulator::start().unwrap();
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
    let simulator = Simulator::start().unwrap();
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
    let large = send(&simulator, request(vec![b' '; (10 << 20) + 1]), b"h2").await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
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
