//! The published vectors of notifications, through a socket and the extractors.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post as on_post;
use http::{HeaderMap, HeaderName, HeaderValue};
use wxpay_axum::{About, Receiver, V2, V3};
use wxpay_proto::crypto::Backend;
use wxpay_proto::v2::xml;
use wxpay_proto::v3::PlatformKeys;
use wxpay_proto::{ApiV2Key, ApiV3Key, UnixTime};
use wxpay_tests::keys::platform_keys;
use wxpay_tests::vectors::{Vector, vectors};

use crate::world::{Answer, serve, try_post};
use crate::{Tests, block_on};

pub(crate) fn tests() -> Tests {
    vec![
        ("vectors::of_v3", of_v3),
        ("vectors::of_v2_refunds", of_v2_refunds),
    ]
}

fn of_group(group: &str) -> Vec<Vector> {
    let found: Vec<_> = vectors()
        .into_iter()
        .filter(|vector| vector.group == group)
        .collect();
    assert!(!found.is_empty(), "there are no vectors {group}");
    found
}

async fn sent(app: Router, headers: &HeaderMap, body: &[u8]) -> Answer {
    let answer = try_post(serve(app).await, headers, body).await;
    answer.expect("an answer")
}

fn of_v3() {
    for vector in of_group("v3_notification") {
        let trust = vector.object("trust").iter();
        let keys = platform_keys(
            trust.map(|(id, name)| (id.as_str(), name.as_str().expect("a name"))),
            Backend::AwsLc,
        );
        let now = UnixTime::from_secs(vector.number("now"));
        let receiver = Receiver::new(keys)
            .api_v3_key(ApiV3Key::new(vector.text("api_v3_key")).expect("an APIv3 key"))
            .clock(move || now);
        let taken = Arc::new(Mutex::new(None));
        let seen = taken.clone();
        let route = on_post(async move |V3(notification): V3| {
            let answer = notification.taken();
            *seen.lock().unwrap() = Some(notification);
            answer
        });
        let app = Router::new()
            .route("/notify", route)
            .with_state(Arc::new(receiver));
        let mut headers = HeaderMap::new();
        for (name, value) in vector.object("headers") {
            let value = HeaderValue::try_from(value.as_str().expect("a text")).expect("a header");
            headers.insert(HeaderName::try_from(name).expect("a name"), value);
        }
        let answer = block_on(sent(app, &headers, &vector.bytes("body_base64")));
        let (name, taken) = (&vector.name, taken.lock().unwrap().take());
        if vector.fails() {
            assert!(taken.is_none(), "{name} reached the handler");
            assert!([401, 500].contains(&answer.status), "{name}: {answer:?}");
            assert!(answer.body.contains(r#""code":"FAIL""#), "{name}: {answer:?}");
            continue;
        }
        assert_eq!(answer.status, 200, "{name}: {answer:?}");
        let (notification, mut expected) = (taken.expect("it reached the handler"), vector.expected());
        assert_eq!(expected.text("id"), notification.id());
        assert_eq!(expected.text("event_type"), notification.event_type());
        let About::V3(about) = notification.about() else {
            panic!("{name} is {notification:?}");
        };
        assert_eq!(expected.text("resource_plaintext").as_bytes(), about.plaintext());
        expected.finish();
    }
}

fn of_v2_refunds() {
    for vector in of_group("v2_refund_req_info") {
        // One is of the cipher alone.
        if vector.get("req_info").is_none() {
            continue;
        }
        let key = ApiV2Key::new(vector.text("api_v2_key")).expect("an APIv2 key");
        let taken = Arc::new(Mutex::new(None));
        let seen = taken.clone();
        let route = on_post(async move |V2(notification): V2| {
            let answer = notification.taken();
            *seen.lock().unwrap() = Some(notification);
            answer
        });
        let receiver = Receiver::new(PlatformKeys::new()).api_v2_key(key);
        let app = Router::new()
            .route("/notify", route)
            .with_state(Arc::new(receiver));
        let body = format!(
            "<xml><return_code>SUCCESS</return_code><req_info>{}</req_info></xml>",
            vector.text("req_info")
        );
        let answer = block_on(sent(app, &HeaderMap::new(), body.as_bytes()));
        let (name, taken) = (&vector.name, taken.lock().unwrap().take());
        // Some open to what is no XML, which is no notification.
        let opens = !vector.fails() && xml::read(vector.expected().text("plaintext").as_bytes()).is_ok();
        assert_eq!(answer.body.contains("SUCCESS"), opens, "{name}: {answer:?}");
        assert_eq!(answer.body.contains("FAIL"), !opens, "{name}: {answer:?}");
        let refund = taken.map(|notification| {
            let About::V2Refund(refund) = notification.about() else {
                panic!("{name} is {notification:?}");
            };
            refund.claimed().clone()
        });
        let expected = opens.then(|| xml::read(vector.expected().text("plaintext").as_bytes()).unwrap());
        assert_eq!(refund, expected, "{name}");
    }
}
