//! The control API over real sockets, as scripts use it.

use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use wxpay_proto::crypto::{Algorithm, Backend, MerchantKey, Signer as _};
use wxpay_proto::v3::canonical::request_message;

use super::client::combine;
use super::https::call;
use super::wire::{exchange, raw, tls, tunnel};
use crate::{CONTROL, Simulator};

/// Asks control in plain text, as curl does.
pub(super) async fn control(simulator: &Simulator, path: &str, body: Option<Value>) -> (u16, Value) {
    let method = if body.is_some() { "POST" } else { "GET" };
    let body = body.map(|body| body.to_string()).unwrap_or_default();
    let answer = raw(
        simulator,
        format!(
            "{method} {CONTROL}{path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            simulator.address(),
            body.len(),
        )
        .as_bytes(),
    )
    .await;
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    (status, serde_json::from_str(body).unwrap())
}

async fn create(simulator: &Simulator, number: &str) {
    let native = "/v3/combine-transactions/native";
    call(simulator, Method::POST, native, &combine(number), b"http/1.1").await;
}

#[tokio::test]
async fn an_order_is_paid_and_the_clock_turned() {
    let simulator = Simulator::start().unwrap();
    create(&simulator, "C1").await;
    let (status, orders) = control(&simulator, "orders", None).await;
    assert_eq!((status, orders.as_array().unwrap().len()), (200, 2));
    assert_eq!(orders[0]["state"], "NOTPAY");
    assert_eq!(orders[0]["part_of"], "C1");
    let order = json!({ "number": "C1", "combined": true, "bank_type": "ICBC_DEBIT" });
    let (status, done) = control(&simulator, "orders/pay", Some(order.clone())).await;
    assert_eq!((status, &done["done"]), (200, &json!("orders/pay")), "{done}");
    let (_, orders) = control(&simulator, "orders", None).await;
    assert_eq!(orders[1]["state"], "SUCCESS");
    let (status, refusal) = control(&simulator, "orders/pay", Some(order)).await;
    assert_eq!(status, 409, "{refusal}");
    let unknown = json!({ "number": "C2" });
    let (status, refusal) = control(&simulator, "orders/abandon", Some(unknown)).await;
    assert_eq!(status, 404, "{refusal}");
    let (status, clocks) = control(&simulator, "clock", Some(json!({ "seconds": 7200 }))).await;
    assert_eq!(
        (status, &clocks["turned_seconds"]),
        (200, &json!(7200)),
        "{clocks}"
    );
    let to = json!({ "to": "2030-01-01T00:00:00+08:00" });
    let (_, clocks) = control(&simulator, "clock", Some(to)).await;
    let business = clocks["business"].as_str().unwrap();
    assert!(business.starts_with("2030-01-01T00:0"), "{business}");
}

#[tokio::test]
async fn faults_spoil_answers_and_reset_forgets_all() {
    let simulator = Simulator::start().unwrap();
    let (_, faults) = control(&simulator, "faults", None).await;
    assert!(faults.as_array().unwrap().contains(&json!("bad-gateway")));
    let wanted = json!({ "fault": "bad-gateway", "times": 2 });
    assert_eq!(control(&simulator, "faults", Some(wanted)).await.0, 200);
    for status in [502, 502, 401] {
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        let stream = tls(&simulator, "localhost", stream, b"http/1.1").await.unwrap();
        let request = Request::get("https://localhost/v3/certificates").body(Bytes::new());
        let response = exchange(stream, request.unwrap(), b"http/1.1").await;
        assert_eq!(response.status(), status);
    }
    create(&simulator, "C1").await;
    control(&simulator, "clock", Some(json!({ "seconds": 7200 }))).await;
    assert_eq!(control(&simulator, "reset", Some(json!({}))).await.0, 200);
    for list in ["orders", "refunds", "notifications", "exchanges"] {
        assert_eq!(control(&simulator, list, None).await, (200, json!([])), "{list}");
    }
    let (_, status) = control(&simulator, "status", None).await;
    assert_eq!(status["clocks"]["turned_seconds"], 0);
    assert_eq!(status["accounts"][1]["mchid"], "1900000109");
}

#[tokio::test]
async fn wrong_words_are_refused_with_the_right_ones() {
    let simulator = Simulator::start().unwrap();
    for (path, body, wanted, says) in [
        ("nothing", None, 404, "orders/pay"),
        ("orders/pay", Some(json!({})), 400, "missing field `number`"),
        (
            "orders/pay",
            Some(json!({ "number": "1", "mchidd": "" })),
            400,
            "unknown field `mchidd`",
        ),
        ("clock", Some(json!({ "to": "noon" })), 400, "`to`"),
        ("clock", Some(json!({})), 400, "`seconds` or `to`"),
        ("faults", Some(json!({ "fault": "rain" })), 400, "tamper-body"),
        (
            "faults",
            Some(json!({ "fault": "stale", "times": 1001 })),
            400,
            "at most 1000",
        ),
        (
            "refunds/settle",
            Some(json!({ "number": "1", "outcome": "lost" })),
            400,
            "`success`",
        ),
        (
            "refunds/settle",
            Some(json!({ "number": "1", "outcome": "success" })),
            404,
            "no refund 1",
        ),
        (
            "notifications/resend",
            Some(json!({ "id": "x" })),
            404,
            "no notification x",
        ),
        ("exchanges/7", None, 404, "no exchange 7"),
    ] {
        let (status, answer) = control(&simulator, path, body).await;
        assert_eq!(status, wanted, "{path}: {answer}");
        assert!(
            answer["error"].as_str().unwrap().contains(says),
            "{path}: {answer}"
        );
    }
}

#[tokio::test]
async fn exchanges_are_explained() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).unwrap();
    let now = simulator.business_time().as_secs().to_string();
    let target = "/v3/combine-transactions/out-trade-no/X";
    // The line feed at the end is forgotten: the commonest mistake of all.
    let mut message = request_message("GET", target, &now, "n0nce", b"");
    message.pop();
    let signature = key.sign(Algorithm::RsaSha256, &message).unwrap();
    let authorization = format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"n0nce\",timestamp=\"{now}\",serial_no=\"{}\",signature=\"{}\"",
        merchant.id(),
        merchant.serial(),
        signature.to_base64(),
    );
    let request = Request::get(format!("https://localhost{target}"))
        .header("authorization", authorization)
        .header("accept", "application/json")
        .header("user-agent", "test")
        .body(Bytes::new())
        .unwrap();
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    let stream = tls(&simulator, "localhost", stream, b"http/1.1").await.unwrap();
    assert_eq!(exchange(stream, request, b"http/1.1").await.status(), 401);
    let (_, list) = control(&simulator, "exchanges", None).await;
    assert_eq!(list[0]["code"], "SIGN_ERROR", "{list}");
    assert_eq!(list[0]["number"], 1);
    let (_, one) = control(&simulator, "exchanges/1", None).await;
    let explanation = one["explanation"].to_string();
    assert!(
        explanation.contains("proven: the message was signed without the line feed at the end"),
        "{explanation}"
    );
    assert!(one["response"]["headers"][0][0].is_string());
}

#[tokio::test]
async fn other_pages_do_not_reach_it() {
    let simulator = Simulator::start().unwrap();
    let address = simulator.address();
    let ask = |headers: String| {
        format!("POST {CONTROL}reset HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n{headers}\r\n")
    };
    for headers in [
        "Host: evil.example\r\n".to_owned(),
        format!("Host: {address}\r\nOrigin: http://evil.example\r\n"),
        format!("Host: {address}\r\nOrigin: null\r\n"),
        format!("Host: {address}\r\nSec-Fetch-Site: cross-site\r\n"),
    ] {
        let answer = raw(&simulator, ask(headers).as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 403 Forbidden\r\n"), "{answer}");
        assert!(
            !answer.to_ascii_lowercase().contains("access-control-allow"),
            "{answer}"
        );
    }
    let form = format!("Host: {address}\r\nContent-Type: text/plain\r\n");
    assert!(
        raw(&simulator, ask(form).as_bytes())
            .await
            .starts_with("HTTP/1.1 415 ")
    );
    let own = format!("Host: {address}\r\nOrigin: http://{address}\r\nSec-Fetch-Site: same-origin\r\n");
    assert!(
        raw(&simulator, ask(own).as_bytes())
            .await
            .starts_with("HTTP/1.1 200 OK\r\n")
    );
    let get = format!("GET {CONTROL}reset HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    assert!(raw(&simulator, get.as_bytes()).await.starts_with("HTTP/1.1 404 "));
    let put = format!("PUT {CONTROL}reset HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    assert!(raw(&simulator, put.as_bytes()).await.starts_with("HTTP/1.1 405 "));
    // Under the name of the host that it stands in for, it is that host.
    let (stream, _) = tunnel(&simulator, "api.mch.weixin.qq.com:443").await;
    let stream = tls(&simulator, "api.mch.weixin.qq.com", stream, b"http/1.1")
        .await
        .unwrap();
    let request = Request::post(format!("https://api.mch.weixin.qq.com{CONTROL}reset"));
    let response = exchange(stream, request.body(Bytes::new()).unwrap(), b"http/1.1").await;
    assert_eq!(response.status(), 403);
}
