//! `v3_notification`: whole notifications, from headers and raw body to what they are about.

use serde_json::Value;
use wxpay_proto::crypto::Backend;
use wxpay_proto::v3::{NotificationError, OpenedNotification, PlatformKeys, UnverifiedNotification};
use wxpay_proto::{ApiV3Key, UnixTime};
use wxpay_tests::keys::platform_keys;
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let trust = vector.object("trust").iter();
    let keys = platform_keys(
        trust.map(|(id, name)| (id.as_str(), name.as_str().expect("a name"))),
        backend,
    );
    match open(vector, &keys) {
        Ok(opened) => {
            assert_eq!(expected.text("id"), opened.id());
            assert_eq!(expected.text("event_type"), opened.event_type());
            assert_eq!(expected.text("resource_plaintext").as_bytes(), opened.plaintext());
            assert_eq!(
                opened.json::<Value>().ok(),
                serde_json::from_slice(opened.plaintext()).ok()
            );
            assert_eq!(opened.body(), &vector.bytes("body_base64"));
            assert!(opened.create_time().parse().is_ok(), "{}", opened.create_time());
        }
        Err(error) => {
            assert_kind(&Ours::Notification(&error), &expected.text("kind"));
            assert!(!error.acknowledgement().status().is_success());
        }
    }
    expected.finish();
}

fn open(vector: &Vector, keys: &PlatformKeys) -> Result<OpenedNotification, NotificationError> {
    let key = ApiV3Key::new(vector.text("api_v3_key")).expect("an APIv3 key");
    let headers = vector.object("headers").iter();
    let pairs = headers.map(|(name, value)| (name.as_str(), value.as_str().expect("a text")));
    let notification = UnverifiedNotification::from_pairs(pairs, vector.bytes("body_base64"));
    let now = UnixTime::from_secs(vector.number("now"));
    notification.verify(keys, now)?.open(&key)
}
