//! The synchronous mode: the handler's result is the answer.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::routing::MethodRouter;
use http::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use wxpay_axum::{BoxError, Direct, Inbox, MemoryStore, Notification, Reply, Store};
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{self, Fields};
use wxpay_proto::v3::Acknowledgement;
use wxpay_proto::v3::notification::{NotificationDraft, SealedNotification};
use wxpay_tests::keys::api_v2_key;
use wxpay_types::events::v3::Event;

use crate::world::{Answer, payment, post, sealed, serve, shared, try_post};
use crate::{Tests, block_on};

const SHORT: Duration = Duration::from_millis(50);

pub(crate) fn tests() -> Tests {
    vec![
        ("direct::the_result_is_the_answer", the_result_is_the_answer),
        ("direct::a_slow_handler_is_dropped", a_slow_handler_is_dropped),
        (
            "direct::a_slow_sender_is_not_waited_for",
            a_slow_sender_is_not_waited_for,
        ),
        (
            "direct::a_retention_is_answered_with_content",
            a_retention_is_answered_with_content,
        ),
        ("direct::a_late_retention_is_refused", a_late_retention_is_refused),
        (
            "direct::an_inbox_answers_a_retention_at_once",
            an_inbox_answers_a_retention_at_once,
        ),
        ("direct::v2_is_answered_as_v2_has_it", v2_is_answered_as_v2_has_it),
    ]
}

async fn answered(route: MethodRouter, sent: &SealedNotification) -> Answer {
    post(serve(Router::new().route("/notify", route)).await, sent).await
}

fn retention() -> SealedNotification {
    let plaintext = r#"{"contract_id":"C1","contract_status":"TERMINATING"}"#;
    sealed(NotificationDraft::new(
        "EV-1",
        "ENTRUST.TERMINATE_RETENTION",
        "fdasflkja484",
        plaintext,
    ))
}

async fn coupon(notification: Notification) -> Result<Acknowledgement, BoxError> {
    match notification.event() {
        Some(Event::EntrustTerminateRetention(_)) => {
            Ok(Acknowledgement::retention_coupon("SENDED", "98674556"))
        }
        other => Err(format!("{other:?}").into()),
    }
}

fn assert_coupon(answer: &Answer) {
    assert_eq!(answer.status, 200);
    let body: serde_json::Value = serde_json::from_str(&answer.body).expect("JSON");
    assert_eq!(body["coupon_info"]["coupon_id"], "98674556", "{body}");
    assert_eq!(body["retention_type"], "COUPON");
}

fn the_result_is_the_answer() {
    block_on(async {
        let direct = Direct::new(shared());
        let taken = async |_: Notification| Ok::<_, BoxError>(Reply::Taken);
        let answer = answered(direct.route_v3(taken), &payment("EV-1")).await;
        assert_eq!((answer.status, answer.body.contains("SUCCESS")), (200, true));
        let failing = async |_: Notification| Err::<Reply, _>(BoxError::from("no stock"));
        let answer = answered(direct.route_v3(failing), &payment("EV-1")).await;
        assert_eq!((answer.status, answer.body.contains("FAIL")), (500, true));
        // The sender is not told why.
        assert!(!answer.body.contains("stock"), "{answer:?}");
        let panicking = async |notification: Notification| match notification.id() {
            // A panic, without a trace in the output.
            "EV-1" => resume_unwind(Box::new("no database")),
            _ => Ok::<_, BoxError>(Reply::Taken),
        };
        let answer = answered(direct.route_v3(panicking), &payment("EV-1")).await;
        assert_eq!(answer.status, 500);
    });
}

fn a_slow_handler_is_dropped() {
    block_on(async {
        let finished = Arc::new(AtomicBool::new(false));
        let seen = finished.clone();
        let slow = move |_: Notification| {
            let seen = seen.clone();
            async move {
                std::future::pending::<()>().await;
                seen.store(true, Ordering::SeqCst);
                Ok::<_, BoxError>(Reply::Taken)
            }
        };
        let direct = Direct::new(shared()).deadline(SHORT);
        let answer = answered(direct.route_v3(slow), &payment("EV-1")).await;
        assert_eq!((answer.status, answer.body.contains("FAIL")), (503, true));
        assert!(!finished.load(Ordering::SeqCst));
    });
}

/// A sender that never comes to an end is not waited for either; and what is waited for is what WeChat Pay waits for, and
/// something for the way.
fn a_slow_sender_is_not_waited_for() {
    block_on(async {
        let sent = payment("EV-1");
        let called = Arc::new(AtomicBool::new(false));
        let seen = called.clone();
        let handler = move |_: Notification| {
            seen.store(true, Ordering::SeqCst);
            async { Ok::<_, BoxError>(Reply::Taken) }
        };
        let direct = Direct::new(shared());
        let shown = format!("{direct:?}");
        assert!(shown.contains("deadline: 4s, retention: 800ms"), "{shown}");
        let route = direct.deadline(SHORT).route_v3(handler);
        let address = serve(Router::new().route("/notify", route)).await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut head = format!("POST /notify HTTP/1.1\r\nhost: {address}\r\n");
        for (name, value) in &sent.headers {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().unwrap()));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", sent.body.len()));
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&sent.body[..10]).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HTTP/1.1 503");
        assert!(!called.load(Ordering::SeqCst));
    });
}

fn a_retention_is_answered_with_content() {
    block_on(async {
        let handler = async |notification: Notification| coupon(notification).await.map(Reply::With);
        let answer = answered(Direct::new(shared()).route_v3(handler), &retention()).await;
        assert_coupon(&answer);
    });
}

fn a_late_retention_is_refused() {
    block_on(async {
        let direct = Direct::new(shared()).retention_deadline(SHORT);
        let slow = async |notification: Notification| {
            if notification.event_type() == "ENTRUST.TERMINATE_RETENTION" {
                std::future::pending::<()>().await;
            }
            Ok::<_, BoxError>(Reply::Taken)
        };
        let answer = answered(direct.route_v3(slow), &retention()).await;
        assert_eq!(answer.status, 503);
        // Its deadline is its own.
        let answer = answered(direct.route_v3(slow), &payment("EV-1")).await;
        assert_eq!(answer.status, 200);
    });
}

fn an_inbox_answers_a_retention_at_once() {
    block_on(async {
        let inbox = Arc::new(Inbox::new(shared(), MemoryStore::new()).retention(coupon));
        assert_coupon(&answered(inbox.route_v3(), &retention()).await);
        assert_eq!(inbox.store().counts().await.unwrap().open, 0);
        // Everything else goes into the inbox, and so does a retention that nobody answers.
        assert_eq!(answered(inbox.route_v3(), &payment("EV-2")).await.status, 200);
        assert_eq!(inbox.store().counts().await.unwrap().open, 1);
        let inbox = Arc::new(Inbox::new(shared(), MemoryStore::new()));
        assert_eq!(answered(inbox.route_v3(), &retention()).await.status, 200);
        assert_eq!(inbox.store().counts().await.unwrap().open, 1);
    });
}

fn v2_is_answered_as_v2_has_it() {
    block_on(async {
        let handler = async |notification: Notification| match notification.event_type() {
            "REFUND" => Err("query it first"),
            _ => Ok(Reply::Taken),
        };
        let route = Direct::new(shared()).route_v2(handler);
        let address = serve(Router::new().route("/notify", route)).await;
        let fields = Fields::from([("total_fee".to_owned(), "1".to_owned())]);
        let paid = v2::notification::seal(&fields, Algorithm::Md5, &api_v2_key()).unwrap();
        let refund = v2::notification::seal_refund(&fields, &fields, &api_v2_key()).unwrap();
        for (body, expected) in [(paid, "SUCCESS"), (refund, "FAIL")] {
            let answer = try_post(address, &HeaderMap::new(), body.as_bytes())
                .await
                .unwrap();
            assert_eq!(answer.status, 200);
            let code = format!("<return_code><![CDATA[{expected}]]></return_code>");
            assert!(answer.body.contains(&code), "{answer:?}");
        }
    });
}
