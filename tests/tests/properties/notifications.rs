//! Notifications: what was sealed is opened, and one changed byte anywhere is refused.

use http::{HeaderMap, HeaderName, HeaderValue};
use proptest::prelude::*;
use proptest::sample::Index;
use wxpay_proto::crypto::{Aead, Algorithm, Backend};
use wxpay_proto::v2::{self, SignType};
use wxpay_proto::v3::notification::{NotificationDraft, SealedNotification, open_stored, seal};
use wxpay_proto::v3::{PlatformKeys, Scheme, UnverifiedNotification, body_hints};
use wxpay_proto::{KeyId, Nonce, Stamp, UnixTime};
use wxpay_tests::journey::{NOW, PLATFORM, now, platform_id, trusted};
use wxpay_tests::keys::{api_v2_key, api_v3_key, key_text, platform_keys, private_key};

use crate::{bytes, config, text};

const SIGNED: [&str; 5] = [
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-signature",
    "wechatpay-serial",
    "wechatpay-signature-type",
];

fn draft() -> impl Strategy<Value = NotificationDraft> {
    let some = || prop::option::of(text(6));
    let plaintext = (text(6), any::<i64>()).prop_map(|(name, value)| format!("{{{name:?}:{value}}}"));
    // Names are written by Rust here, whose escapes are not all JSON's.
    let plaintext = plaintext.prop_map(|text| match serde_json::from_str::<serde_json::Value>(&text) {
        Ok(_) => text,
        Err(_) => "{}".to_owned(),
    });
    let members = (some(), some(), some());
    (text(6), text(6), "\\PC{1,16}", plaintext, members).prop_map(
        |(id, event_type, nonce, plaintext, (summary, original_type, associated_data))| {
            let mut draft = NotificationDraft::new(format!("I{id}"), event_type, nonce, plaintext);
            draft.summary = summary;
            draft.original_type = original_type;
            draft.associated_data = associated_data;
            draft
        },
    )
}

fn sealed(draft: &NotificationDraft, timestamp: i64) -> SealedNotification {
    let nonce = Nonce::new("593BEC0C930BF1AFEB40B4A08C8FB242").expect("a nonce");
    let stamp = Stamp::new(UnixTime::from_secs(timestamp), nonce);
    let signer = private_key(PLATFORM, Backend::AwsLc);
    seal(draft, &api_v3_key(), &signer, &platform_id(), &stamp).expect("sealed")
}

/// The same draft, signed with SM2 and encrypted with SM4, and the key that verifies it.
fn sealed_sm(draft: &NotificationDraft) -> (SealedNotification, PlatformKeys) {
    let nonce = Nonce::new("593BEC0C930BF1AFEB40B4A08C8FB242").expect("a nonce");
    let draft = draft.clone().algorithm(Aead::Sm4Gcm).scheme(Scheme::MerchantSm2);
    let serial = key_text("platform_sm2", "serial_no");
    let id = KeyId::new(serial).expect("a serial number");
    let signer = private_key("platform_sm2", Backend::AwsLc);
    let sealed = seal(&draft, &api_v3_key(), &signer, &id, &Stamp::new(now(), nonce)).expect("sealed");
    (sealed, platform_keys([(serial, "platform_sm2")], Backend::AwsLc))
}

fn verifies(headers: &HeaderMap, body: &[u8], keys: &PlatformKeys) -> bool {
    let notification = UnverifiedNotification::receive(headers, body.to_vec());
    notification.verify(keys, now()).is_ok()
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn what_was_sealed_is_opened(draft in draft(), timestamp in NOW - 300..=NOW + 300) {
        let sealed = sealed(&draft, timestamp);
        let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body.clone());
        let opened = notification.verify(&trusted(), now()).expect("it verifies");
        prop_assert_eq!(opened.verified_by(), &platform_id());
        let opened = opened.open(&api_v3_key()).expect("it opens");
        prop_assert_eq!(opened.id(), &draft.id);
        prop_assert_eq!(opened.event_type(), &draft.event_type);
        prop_assert_eq!(opened.summary(), draft.summary.as_deref());
        prop_assert_eq!(opened.original_type(), draft.original_type.as_deref());
        prop_assert_eq!(opened.plaintext(), &draft.plaintext);
        prop_assert_eq!(opened.create_time().parse(), Ok(UnixTime::from_secs(timestamp)));
        prop_assert_eq!(opened.body(), &sealed.body);
        // Whatever names and values a framework hands over, in any case.
        let pairs = sealed.headers.iter().map(|(name, value)| (name.as_str().to_uppercase(), value.to_str().expect("a text")));
        let pairs: Vec<_> = pairs.collect();
        let again = UnverifiedNotification::from_pairs(pairs.iter().map(|(name, value)| (name.as_str(), *value)), sealed.body);
        prop_assert!(again.verify(&trusted(), now()).is_ok());
        for clock in [timestamp - 301, timestamp + 301] {
            prop_assert!(notification.verify(&trusted(), UnixTime::from_secs(clock)).is_err());
        }
    }

    #[test]
    fn one_changed_byte_anywhere_is_refused(draft in draft(), index: Index, mask in 1..=255_u8) {
        let sealed = sealed(&draft, NOW);
        prop_assert!(verifies(&sealed.headers, &sealed.body, &trusted()));
        let mut body = sealed.body.to_vec();
        body[index.index(sealed.body.len())] ^= mask;
        prop_assert!(!verifies(&sealed.headers, &body, &trusted()));
        for name in SIGNED {
            let mut value = sealed.headers[name].as_bytes().to_vec();
            let at = index.index(value.len());
            value[at] ^= mask;
            // A value that cannot stand in a header cannot arrive in one.
            let Ok(value) = HeaderValue::from_bytes(&value) else { continue };
            let mut headers = sealed.headers.clone();
            headers.insert(name, value);
            prop_assert!(!verifies(&headers, &sealed.body, &trusted()), "{}: {:?}", name, headers[name]);
            // Without it nothing verifies either, but for the type, which has a default.
            headers.remove(name);
            prop_assert_eq!(verifies(&headers, &sealed.body, &trusted()), name == "wechatpay-signature-type");
        }
    }

    #[test]
    fn national_algorithms_make_the_same_round_trip(draft in draft(), index: Index, mask in 1..=255_u8) {
        let (sealed, keys) = sealed_sm(&draft);
        let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body.clone());
        let opened = notification.verify(&keys, now()).expect("it verifies").open(&api_v3_key()).expect("it opens");
        prop_assert_eq!(opened.plaintext(), &draft.plaintext);
        prop_assert_eq!(opened.algorithm(), "AEAD_SM4_GCM");
        let mut body = sealed.body.to_vec();
        body[index.index(sealed.body.len())] ^= mask;
        prop_assert!(!verifies(&sealed.headers, &body, &keys));
        // Without its type it is taken for RSA.
        let mut headers = sealed.headers;
        headers.remove("wechatpay-signature-type");
        prop_assert!(!verifies(&headers, &sealed.body, &keys));
    }

    #[test]
    fn a_serial_in_other_letters_is_the_same_and_any_other_is_refused(draft in draft(), index: Index, mask in 1..=255_u8) {
        let serial = "7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D";
        let keys = platform_keys([(serial, PLATFORM)], Backend::AwsLc);
        let mut sealed = sealed(&draft, NOW);
        let mut value = serial.as_bytes().to_vec();
        value[index.index(serial.len())] ^= mask;
        let Ok(changed) = HeaderValue::from_bytes(&value) else { return Ok(()) };
        sealed.headers.insert("wechatpay-serial", changed);
        let same = value.eq_ignore_ascii_case(serial.as_bytes());
        prop_assert_eq!(verifies(&sealed.headers, &sealed.body, &keys), same);
    }

    #[test]
    fn nothing_panics_on_any_headers_and_body(headers in prop::collection::vec(bytes(40), 5), body in bytes(60)) {
        let mut map = HeaderMap::new();
        for (name, value) in SIGNED.into_iter().zip(headers) {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                map.insert(HeaderName::from_static(name), value);
            }
        }
        prop_assert!(!verifies(&map, &body, &trusted()));
        let _ = body_hints(&body);
    }
}

fn fields() -> impl Strategy<Value = v2::Fields> {
    let name = "[a-z][a-z_]{0,7}[a-z]".prop_filter("these mean something", |name| {
        !["sign", "return_code", "algorithm", "req_info"].contains(&name.as_str())
    });
    prop::collection::btree_map(name, "[ -~微信支付]{0,12}", 1..6)
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(vec![Algorithm::Md5, Algorithm::HmacSha256])
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn a_sealed_payment_verifies_and_a_changed_one_does_not(fields in fields(), algorithm in algorithm(), index: Index) {
        let body = v2::notification::seal(&fields, algorithm, &api_v2_key()).expect("sealed");
        let verified = v2::UnverifiedNotification::receive(body.clone())
            .verify(&api_v2_key(), Some(SignType::Md5))
            .expect("it verifies");
        prop_assert_eq!(verified.algorithm(), algorithm);
        prop_assert_eq!(verified.differs(), algorithm != Algorithm::Md5);
        let mut read = verified.fields().clone();
        read.remove("sign");
        prop_assert_eq!(&read, &fields);
        let mut changed = body.clone().into_bytes();
        let bit = index.index(changed.len() * 8);
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(verified) = v2::UnverifiedNotification::receive(changed).verify(&api_v2_key(), None) {
            // XML says the same in several spellings, and the root's name is nobody's; what counts is what is read.
            let mut read = verified.fields().clone();
            read.remove("sign");
            read.retain(|_, value| !value.is_empty());
            let mut fields = fields;
            fields.retain(|_, value| !value.is_empty());
            prop_assert_eq!(read, fields);
        }
    }

    #[test]
    fn a_sealed_refund_is_opened(outer in fields(), refund in fields()) {
        let body = v2::notification::seal_refund(&outer, &refund, &api_v2_key()).expect("sealed");
        let opened = v2::UnverifiedNotification::receive(body).open_refund(&api_v2_key()).expect("it opens");
        prop_assert_eq!(opened.claimed(), &refund);
        for (name, value) in &outer {
            prop_assert_eq!(&opened.outer()[name], value);
        }
    }

    #[test]
    fn a_sealed_event_is_opened(outer in fields(), event in fields(), nonce in "[0-9A-Za-z]{1,20}", aad in "[a-z]{0,9}") {
        let mut outer = outer;
        outer.insert("event_associated_data".to_owned(), aad);
        let body = v2::notification::seal_event(&outer, &event, &nonce, &api_v3_key(), &api_v2_key()).expect("sealed");
        let verified = v2::UnverifiedNotification::receive(body).verify(&api_v2_key(), None).expect("it verifies");
        prop_assert_eq!(verified.algorithm(), Algorithm::HmacSha256);
        let opened = verified.open_event(&api_v3_key()).expect("it opens");
        prop_assert_eq!(opened.fields(), &event);
    }

    #[test]
    fn no_v2_body_panics(body in bytes(80)) {
        let notification = v2::UnverifiedNotification::receive(body);
        prop_assert!(notification.verify(&api_v2_key(), None).is_err());
        prop_assert!(notification.open_refund(&api_v2_key()).is_err());
    }
}

proptest! {
    #![proptest_config(config(2))]

    /// One changed byte of what was stored, wherever it stands, and it is not opened.
    #[test]
    fn a_stored_notification_that_was_changed_is_not_opened(draft in draft(), at in any::<Index>(), bit in 0..8u8) {
        let sent = sealed(&draft, NOW);
        let verified = UnverifiedNotification::receive(&sent.headers, sent.body).verify(&trusted(), now());
        let stored = verified.expect("genuine").to_stored(&api_v3_key());
        let opened = open_stored(&stored, &api_v3_key()).expect("stored");
        prop_assert_eq!(opened.id(), &draft.id);
        let mut changed = stored.to_vec();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        // A hexadecimal digit of the first line's may be a capital.
        let same_digit = changed[at].eq_ignore_ascii_case(&stored[at]) && changed[at].is_ascii_hexdigit();
        let digest = 21..21 + 64;
        prop_assume!(!(digest.contains(&at) && same_digit));
        prop_assert!(open_stored(&changed.into(), &api_v3_key()).is_err());
    }
}
