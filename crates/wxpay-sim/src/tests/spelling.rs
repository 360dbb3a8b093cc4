//! What stands on the wire, byte for byte: the spelling of headers, and which HTTP is spoken.

use http::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::client::combine;
use super::https::{call, signed};
use super::wire::{offering, tls};
use crate::{OrderRef, Setup, Simulator};

/// The names of WeChat Pay's headers in a message, as they are spelled there.
fn names(head: &str) -> Vec<&str> {
    let lines = head.lines().filter_map(|line| line.split_once(": "));
    let mut names: Vec<_> = lines
        .map(|(name, _)| name)
        .filter(|name| name.to_ascii_lowercase().starts_with("wechatpay-"))
        .collect();
    names.sort_unstable();
    names
}

const SPELLED: [&str; 5] = [
    "Wechatpay-Nonce",
    "Wechatpay-Serial",
    "Wechatpay-Signature",
    "Wechatpay-Signature-Type",
    "Wechatpay-Timestamp",
];

#[tokio::test]
async fn answers_spell_their_headers_as_wechat_pay_does() {
    let simulator = Simulator::start().unwrap();
    let stream = TcpStream::connect(simulator.address()).await.unwrap();
    let mut stream = tls(&simulator, "api.mch.weixin.qq.com", stream, b"http/1.1")
        .await
        .unwrap();
    let target = "/v3/certificates";
    let (request, _) = signed(&simulator, Method::GET, target, &Value::Null).into_parts();
    let mut ask = format!("GET {target} HTTP/1.1\r\nHost: api.mch.weixin.qq.com\r\nConnection: close\r\n");
    for (name, value) in request.headers() {
        ask.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
    }
    ask.push_str("\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // The server may close without saying so by TLS; what came before counts.
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8(answer).unwrap();
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(names(head), SPELLED, "{head}");
    assert!(head.contains("\r\nContent-Type: application/json"), "{head}");
    assert!(head.contains("\r\nRequest-Id: "), "{head}");
}

#[tokio::test]
async fn notifications_spell_their_headers_as_wechat_pay_does() {
    let simulator = Simulator::start().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut order = combine("N1");
    order["notify_url"] = json!(format!("http://{}/notify", listener.local_addr().unwrap()));
    let native = "/v3/combine-transactions/native";
    call(&simulator, Method::POST, native, &order, b"http/1.1").await;
    simulator.pay(&OrderRef::combine("N1")).unwrap();
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert_eq!(names(&head), SPELLED, "{head}");
    assert!(head.contains("\r\nContent-Type: application/json"), "{head}");
}

#[tokio::test]
async fn http2_is_spoken_when_it_is_asked_for() {
    for (http2, chosen) in [(false, &b"http/1.1"[..]), (true, b"h2")] {
        let setup = Setup {
            http2,
            ..Setup::default()
        };
        let simulator = Simulator::start_with(setup).unwrap();
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        let both = [&b"h2"[..], b"http/1.1"];
        let stream = offering(&simulator, "localhost", stream, &both).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(chosen));
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        let alone = tls(&simulator, "localhost", stream, b"h2").await;
        assert_eq!(alone.is_ok(), http2, "who speaks HTTP/2 alone");
        // Nor is it spoken to who begins with it all the same.
        let stream = TcpStream::connect(simulator.address()).await.unwrap();
        let mut stream = offering(&simulator, "localhost", stream, &[]).await.unwrap();
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
        stream.write_all(preface).await.unwrap();
        let mut first = [0; 9];
        let read = stream.read_exact(&mut first).await;
        // A frame of settings begins so: a length, then its type.
        assert_eq!(read.is_ok() && first[3] == 4, http2, "{first:?}");
    }
}
