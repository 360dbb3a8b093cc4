//! What the operator is told, and what the log never holds.

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, LazyLock, Mutex};

use axum::body::Body;
use axum::extract::Request;
use http::HeaderMap;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Event, Metadata, Subscriber};
use wxpay_axum::{BoxError, Delivery, Inbox, MemoryStore, Policy, Protocol};

use crate::Tests;
use crate::world::{payment, shared};

pub(crate) fn tests() -> Tests {
    vec![
        ("logs::a_probe_makes_no_noise", a_probe_makes_no_noise),
        (
            "logs::a_body_that_was_printed_again_is_named",
            a_body_that_was_printed_again_is_named,
        ),
        (
            "logs::a_failing_handler_is_told_without_the_payer",
            a_failing_handler_is_told_without_the_payer,
        ),
    ]
}

/// Writes everything of this workspace down, at every level.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

struct Line<'a>(&'a mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("wxpay")
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = self.0.lock().unwrap();
        text.push_str(event.metadata().level().as_str());
        event.record(&mut Line(&mut text));
        text.push('\n');
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Subscribers that nobody uses. While there is only one, tracing asks whichever thread meets a line first whether anybody
/// wants it, and a test on which nobody listens would silence the line for all others.
static BESIDE: LazyLock<[Dispatch; 2]> =
    LazyLock::new(|| [NoSubscriber::default(), NoSubscriber::default()].map(Dispatch::new));

/// What is logged while a test runs, on this thread.
fn logged(test: impl Future<Output = ()>) -> String {
    LazyLock::force(&BESIDE);
    let recorder = Recorder::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    tracing::subscriber::with_default(recorder.clone(), || runtime.unwrap().block_on(test));
    let text = recorder.0.lock().unwrap().clone();
    for secret in ["oSECRET", "Q9xV3kTestOnly0123456789abcdefGH", "ciphertext"] {
        assert!(!text.contains(secret), "{secret} is in the log: {text}");
    }
    text
}

fn inbox() -> Inbox<MemoryStore> {
    Inbox::new(shared(), MemoryStore::new()).policy(Policy::default().attempts(1))
}

async fn received(inbox: &Inbox<MemoryStore>, headers: HeaderMap, body: Vec<u8>) -> u16 {
    let mut request = Request::new(Body::from(body));
    *request.headers_mut() = headers;
    inbox.receive(Protocol::V3, request).await.status().as_u16()
}

fn a_probe_makes_no_noise() {
    let text = logged(async {
        let mut sent = payment("EV-1");
        let signature = "WECHATPAY/SIGNTEST/f8PUS4jzyzzTpLBAAhc".parse().unwrap();
        sent.headers.insert("wechatpay-signature", signature);
        assert_eq!(received(&inbox(), sent.headers, sent.body.to_vec()).await, 401);
    });
    assert!(text.starts_with("DEBUG") && text.lines().count() == 1, "{text}");
    assert!(text.contains("probe"), "{text}");
}

fn a_body_that_was_printed_again_is_named() {
    let text = logged(async {
        let mut sent = payment("EV-1");
        let request_id = "08F78BB5AF0610D302189F99DD5C20BA56F89845-0";
        sent.headers.insert("request-id", request_id.parse().unwrap());
        let body: serde_json::Value = serde_json::from_slice(&sent.body).unwrap();
        let printed = serde_json::to_string_pretty(&body).unwrap();
        assert_eq!(received(&inbox(), sent.headers, printed.into_bytes()).await, 401);
    });
    assert!(text.starts_with("WARN") && text.lines().count() == 1, "{text}");
    for told in [
        "white space",
        "PUB_KEY_ID_",
        "08F78BB5AF0610D302189F99DD5C20BA56F89845-0",
    ] {
        assert!(text.contains(told), "{told} is missing: {text}");
    }
}

fn a_failing_handler_is_told_without_the_payer() {
    let text = logged(async {
        let (inbox, sent) = (inbox(), payment("EV-1"));
        assert_eq!(received(&inbox, sent.headers, sent.body.to_vec()).await, 200);
        let handler = async |delivery: Delivery| {
            // Whoever prints a delivery prints nobody's data.
            Err::<(), BoxError>(format!("no stock for {delivery:?}").into())
        };
        inbox.handle_next(&handler).await.unwrap();
    });
    assert!(text.starts_with("ERROR") && text.lines().count() == 1, "{text}");
    for told in ["EV-1", "TRANSACTION.SUCCESS", "no stock", "parked"] {
        assert!(text.contains(told), "{told} is missing: {text}");
    }
}
