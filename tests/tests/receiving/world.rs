//! WeChat Pay, which sends; a merchant, who receives; and a socket between them.

use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use axum::Router;
use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use wxpay_axum::{Arrival, Policy, Protocol, Receiver};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::UnverifiedNotification;
use wxpay_proto::v3::notification::{NotificationDraft, SealedNotification, seal};
use wxpay_tests::journey::{PLATFORM, now, platform_id, stamp, trusted};
use wxpay_tests::keys::{api_v2_key, api_v3_key, private_key};

/// How long a test waits for what must happen; it takes milliseconds where nothing is wrong.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

static KEY: LazyLock<MerchantKey> = LazyLock::new(|| private_key(PLATFORM, Backend::AwsLc));

/// A receiver with the merchant's keys, at the moment of the tests.
pub(crate) fn receiver() -> Receiver {
    Receiver::new(trusted())
        .api_v3_key(api_v3_key())
        .api_v2_key(api_v2_key())
        .clock(now)
}

/// Tries often, and never waits for long.
pub(crate) fn impatient() -> Policy {
    let pause = Duration::from_millis(1);
    Policy::default()
        .pauses(pause, pause)
        .poll(Duration::from_millis(20))
}

/// The order number of a notification's order.
pub(crate) fn order(id: &str) -> String {
    format!("P-{id}")
}

/// A payment's notification.
pub(crate) fn payment(id: &str) -> SealedNotification {
    let plaintext = format!(
        r#"{{"out_trade_no":"{}","payer":{{"openid":"oSECRET"}}}}"#,
        order(id)
    );
    sealed(NotificationDraft::new(
        id,
        "TRANSACTION.SUCCESS",
        "fdasflkja484",
        plaintext,
    ))
}

/// A payment's notification as an inbox keeps it.
pub(crate) fn stored(id: &str) -> Arrival {
    let sent = payment(id);
    let verified = UnverifiedNotification::receive(&sent.headers, sent.body).verify(&trusted(), now());
    let body = verified.expect("genuine").to_stored(&api_v3_key());
    Arrival::new(id, Protocol::V3, "TRANSACTION.SUCCESS", body)
}

pub(crate) fn sealed(draft: NotificationDraft) -> SealedNotification {
    let draft = draft.summary("支付成功").original_type("transaction");
    seal(&draft, &api_v3_key(), &*KEY, &platform_id(), &stamp()).expect("sealed")
}

/// What a notification was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Serves until the runtime ends.
pub(crate) async fn serve(app: Router) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, app).await });
    address
}

/// Posts over a connection of its own; nothing when there is no whole answer.
pub(crate) async fn try_post(to: SocketAddr, headers: &HeaderMap, body: &[u8]) -> Option<Answer> {
    let mut stream = TcpStream::connect(to).await.ok()?;
    let mut head = format!(
        "POST /notify HTTP/1.1\r\nhost: {to}\r\nconnection: close\r\ncontent-length: {}\r\n",
        body.len()
    );
    for (name, value) in headers {
        head.push_str(&format!("{name}: {}\r\n", value.to_str().expect("a text")));
    }
    head.push_str("\r\n");
    stream.write_all(head.as_bytes()).await.ok()?;
    // A server that answers early may not read the rest.
    let _ = stream.write_all(body).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.ok()?;
    let answer = String::from_utf8(answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    Some(Answer {
        status: head.split(' ').nth(1)?.parse().ok()?,
        body: body.to_owned(),
    })
}

pub(crate) async fn post(to: SocketAddr, sent: &SealedNotification) -> Answer {
    let answer = try_post(to, &sent.headers, &sent.body).await;
    answer.expect("an answer")
}

/// Waits for what must happen.
pub(crate) async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let waiting = async {
        while !happened().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, waiting).await;
    assert!(waited.is_ok(), "it did not happen: {what}");
}

/// A receiver behind an `Arc`, as everything takes it.
pub(crate) fn shared() -> Arc<Receiver> {
    Arc::new(receiver())
}
