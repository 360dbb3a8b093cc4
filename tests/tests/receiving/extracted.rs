//! The extractors: what reaches a handler, and what the others are answered.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::routing::post as on_post;
use http::HeaderMap;
use wxpay_axum::{About, Inbox, MemoryStore, Receiver, Store, V2, V3};
use wxpay_proto::ApiV3Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::notification::{seal, seal_event, seal_refund};
use wxpay_proto::v2::{Fields, UnverifiedNotification};
use wxpay_proto::v3::PlatformKeys;
use wxpay_tests::journey::{now, trusted};
use wxpay_tests::keys::{api_v2_key, api_v3_key};

use crate::world::{payment, post, receiver, serve, shared, try_post};
use crate::{Tests, block_on};

pub(crate) fn tests() -> Tests {
    vec![
        (
            "extracted::what_is_changed_is_refused",
            what_is_changed_is_refused,
        ),
        ("extracted::a_long_body_is_refused", a_long_body_is_refused),
        (
            "extracted::a_missing_key_is_this_ends_fault",
            a_missing_key_is_this_ends_fault,
        ),
        (
            "extracted::each_kind_of_v2_is_told_apart",
            each_kind_of_v2_is_told_apart,
        ),
        ("extracted::the_inbox_takes_v2", the_inbox_takes_v2),
    ]
}

async fn receiving(receiver: Receiver) -> SocketAddr {
    let app = Router::new()
        .route(
            "/notify",
            on_post(async |V3(notification): V3| notification.taken()),
        )
        .with_state(Arc::new(receiver));
    serve(app).await
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let owned = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    owned.collect()
}

fn what_is_changed_is_refused() {
    block_on(async {
        let address = receiving(receiver()).await;
        let sent = payment("EV-1");
        assert_eq!(post(address, &sent).await.status, 200);
        let changed = String::from_utf8(sent.body.to_vec())
            .unwrap()
            .replace("EV-1", "EV-2");
        let answer = try_post(address, &sent.headers, changed.as_bytes())
            .await
            .unwrap();
        assert_eq!((answer.status, answer.body.contains("FAIL")), (401, true));
        for name in sent
            .headers
            .keys()
            .filter(|name| name.as_str().starts_with("wechatpay-"))
        {
            let mut headers = sent.headers.clone();
            headers.remove(name);
            let answer = try_post(address, &headers, &sent.body).await.unwrap();
            // The type of the signature is the only one that may be missing.
            let expected = if name == "wechatpay-signature-type" {
                200
            } else {
                401
            };
            assert_eq!(answer.status, expected, "{name}");
        }
    });
}

fn a_long_body_is_refused() {
    block_on(async {
        let sent = payment("EV-1");
        for (limit, expected) in [(sent.body.len(), 200), (sent.body.len() - 1, 413)] {
            let address = receiving(receiver().body_limit(limit)).await;
            let answer = post(address, &sent).await;
            assert_eq!(answer.status, expected);
            assert_eq!(answer.body.contains("FAIL"), expected == 413, "{answer:?}");
        }
        // 1 MiB is the limit when nobody says otherwise.
        let address = receiving(receiver()).await;
        for (bytes, expected) in [(1 << 20, 401), ((1 << 20) + 1, 413)] {
            let answer = try_post(address, &sent.headers, &vec![b' '; bytes])
                .await
                .unwrap();
            assert_eq!(answer.status, expected, "{bytes} bytes");
        }
    });
}

fn a_missing_key_is_this_ends_fault() {
    block_on(async {
        let without = Receiver::new(trusted()).clock(now);
        assert_eq!(post(receiving(without).await, &payment("EV-1")).await.status, 500);
        let other = ApiV3Key::new("b".repeat(32)).unwrap();
        let wrong = Receiver::new(trusted()).clock(now).api_v3_key(other);
        assert_eq!(post(receiving(wrong).await, &payment("EV-1")).await.status, 500);
        // The new key first, the old one behind it.
        let other = ApiV3Key::new("b".repeat(32)).unwrap();
        let both = Receiver::new(trusted()).clock(now).api_v3_key(other);
        let both = both.api_v3_key(api_v3_key());
        assert_eq!(post(receiving(both).await, &payment("EV-1")).await.status, 200);
        // Nothing is proven without WeChat Pay's keys.
        let nobody = Receiver::new(PlatformKeys::new())
            .clock(now)
            .api_v3_key(api_v3_key());
        assert_eq!(post(receiving(nobody).await, &payment("EV-1")).await.status, 401);
    });
}

/// What the handler below says of a notification.
fn said(about: &About) -> String {
    match about {
        About::V2(paid) => format!("paid {:?}", paid.field("total_fee")),
        About::V2Refund(refund) => format!("refunded {:?}", refund.claimed().get("refund_fee")),
        About::V2Event(event) => format!("scored {:?}", event.fields().get("out_order_no")),
        other => format!("{other:?}"),
    }
}

fn each_kind_of_v2_is_told_apart() {
    block_on(async {
        let route = on_post(async |V2(notification): V2| said(notification.about()));
        let app = Router::new().route("/notify", route).with_state(shared());
        let address = serve(app).await;
        let told = async |body: String| {
            let answer = try_post(address, &HeaderMap::new(), body.as_bytes()).await;
            answer.unwrap().body
        };
        let key = api_v2_key();
        let paid = fields(&[("total_fee", "1")]);
        for algorithm in [Algorithm::Md5, Algorithm::HmacSha256] {
            let body = seal(&paid, algorithm, &key).unwrap();
            assert_eq!(told(body.clone()).await, r#"paid Some("1")"#);
            let forged = body.replace(">1<", ">2<").replace("[1]", "[2]");
            assert_ne!(forged, body);
            assert!(told(forged).await.contains("FAIL"));
        }
        let refund = seal_refund(&paid, &fields(&[("refund_fee", "3")]), &key).unwrap();
        assert_eq!(told(refund).await, r#"refunded Some("3")"#);
        let outer = fields(&[("event_id", "E1"), ("event_type", "CHECK.SUCCESS")]);
        let event = fields(&[("out_order_no", "P1")]);
        let event = seal_event(&outer, &event, "fdasflkja484", &api_v3_key(), &key).unwrap();
        assert_eq!(told(event).await, r#"scored Some("P1")"#);
        for nothing in ["", "<xml/>", "<xml><total_fee>1</total_fee></xml>", "{}"] {
            assert!(told(nothing.to_owned()).await.contains("FAIL"), "{nothing}");
        }
    });
}

fn the_inbox_takes_v2() {
    block_on(async {
        let inbox = Arc::new(Inbox::new(shared(), MemoryStore::new()));
        let address = serve(Router::new().route("/notify", inbox.route_v2())).await;
        let key = api_v2_key();
        let paid = |nonce: &str| {
            let fields = fields(&[("transaction_id", "1004"), ("nonce_str", nonce)]);
            seal(&fields, Algorithm::HmacSha256, &key).unwrap()
        };
        let refund = seal_refund(&fields(&[]), &fields(&[("refund_id", "50")]), &key).unwrap();
        let outer = fields(&[("event_id", "E1"), ("event_type", "CHECK.SUCCESS")]);
        let event = seal_event(&outer, &outer, "fdasflkja484", &api_v3_key(), &key).unwrap();
        // The second says the same as the first, with another nonce.
        for (body, code) in [
            (paid("a"), "return_code"),
            (paid("b"), "return_code"),
            (refund, "return_code"),
            (event, "code"),
        ] {
            assert_eq!(
                UnverifiedNotification::receive(body.clone())
                    .verify(&key, None)
                    .is_ok(),
                !body.contains("req_info")
            );
            let answer = try_post(address, &HeaderMap::new(), body.as_bytes())
                .await
                .unwrap();
            let expected = format!("<xml><{code}><![CDATA[SUCCESS]]></{code}>");
            assert!(answer.body.starts_with(&expected), "{answer:?}");
        }
        assert_eq!(inbox.store().counts().await.unwrap().open, 3);
        let handled = std::cell::RefCell::new(Vec::new());
        let handler = |delivery: wxpay_axum::Delivery| {
            let kind = match delivery.about() {
                About::V2(_) => "paid",
                About::V2Refund(_) => "refund",
                About::V2Event(_) => "event",
                _ => "other",
            };
            handled.borrow_mut().push(kind);
            async { Ok::<_, wxpay_axum::BoxError>(()) }
        };
        while inbox.handle_next(&handler).await.unwrap().is_some() {}
        handled.borrow_mut().sort_unstable();
        assert_eq!(*handled.borrow(), ["event", "paid", "refund"]);
    });
}
