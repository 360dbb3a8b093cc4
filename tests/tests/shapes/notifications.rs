//! Notifications of v3, case by case: what is refused and why, and what is answered.

use http::HeaderValue;
use serde_json::{Value, json};
use wxpay_proto::crypto::{Aead, Algorithm, Backend, CryptoError, Signer as _};
use wxpay_proto::v3::notification::{NotificationDraft, SealedNotification, open_stored, seal};
use wxpay_proto::v3::{
    Acknowledgement, BodyHint, NotificationError, PlatformKeys, UnverifiedNotification, VerifiedNotification,
    body_hints, canonical,
};
use wxpay_proto::{ApiV3Key, UnixTime, VerifyError};
use wxpay_tests::journey::{NOW, PLATFORM, now, platform_id, stamp, trusted};
use wxpay_tests::keys::{api_v3_key, private_key};

const ABOUT: &str = r#"{"transaction_id":"4200000000202311150000000001","trade_state":"SUCCESS"}"#;

fn sealed() -> SealedNotification {
    let draft = NotificationDraft::new(
        "EV-2018022511223320873",
        "TRANSACTION.SUCCESS",
        "fdasflkja484",
        ABOUT,
    )
    .summary("支付成功")
    .original_type("transaction")
    .associated_data("transaction");
    let signer = private_key(PLATFORM, Backend::AwsLc);
    seal(&draft, &api_v3_key(), &signer, &platform_id(), &stamp()).expect("sealed")
}

/// A body of somebody's choice, signed by WeChat Pay.
fn signed(body: &str) -> UnverifiedNotification {
    let mut sealed = sealed();
    let nonce = sealed.headers["wechatpay-nonce"].to_str().expect("a text");
    let message = canonical::answer_message(&NOW.to_string(), nonce, body.as_bytes());
    let signature = private_key(PLATFORM, Backend::AwsLc).sign(Algorithm::RsaSha256, &message);
    let signature = signature
        .expect("a signature")
        .to_base64()
        .parse()
        .expect("a header");
    sealed.headers.insert("wechatpay-signature", signature);
    UnverifiedNotification::receive(&sealed.headers, body.to_owned())
}

fn verified(body: &Value) -> Result<VerifiedNotification, NotificationError> {
    signed(&body.to_string()).verify(&trusted(), now())
}

#[test]
fn an_id_keeps_every_digit() {
    let body = |id: &str| {
        let resource = r#"{"algorithm":"x","ciphertext":"","nonce":"n"}"#;
        format!(r#"{{"id":{id},"resource":{resource}}}"#)
    };
    for id in [
        "4200000000202311150000000001",
        "4200000000202311150000000002",
        "7",
    ] {
        let verified = signed(&body(id)).verify(&trusted(), now()).expect("it verifies");
        assert_eq!(verified.id(), id);
    }
    for none in ["null", "{}", "true", "\"\""] {
        let error = signed(&body(none)).verify(&trusted(), now()).expect_err("no id");
        assert!(matches!(error, NotificationError::Malformed { .. }), "{error}");
    }
}

#[test]
fn a_second_look_with_more_keys_verifies() {
    let sealed = sealed();
    let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    let error = notification
        .verify(&PlatformKeys::new(), now())
        .expect_err("no key is known");
    let NotificationError::Unverified {
        source: VerifyError::UnknownSerial { serial, known },
        hints,
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (Some(serial.as_str()), known.as_str()),
        (notification.serial(), "none")
    );
    assert!(hints.is_empty());
    assert!(notification.verify(&trusted(), now()).is_ok());
}

#[test]
fn a_probe_is_refused_like_every_other_wrong_signature() {
    for signature in ["WECHATPAY/SIGNTEST/abc", "WECHATPAY/SIGNTEST/YWJj"] {
        let mut sealed = sealed();
        let value = HeaderValue::from_static(signature);
        sealed.headers.insert("wechatpay-signature", value);
        let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body);
        let error = notification.verify(&trusted(), now()).expect_err("a probe");
        assert!(error.is_probe());
        assert_eq!(error.acknowledgement(), Acknowledgement::unverified());
    }
}

#[test]
fn what_a_framework_does_to_a_body_is_named() {
    let body = String::from_utf8(sealed().body.to_vec()).expect("UTF-8");
    assert_eq!(body_hints(body.as_bytes()), []);
    let value: Value = serde_json::from_str(&body).expect("JSON");
    let pretty = serde_json::to_string_pretty(&value).expect("JSON");
    let escaped = body.replace("支付成功", "\\u652f\\u4ed8\\u6210\\u529f");
    let latin: Vec<u8> = body
        .chars()
        .flat_map(|c| {
            if c.is_ascii() {
                vec![c as u8]
            } else {
                vec![0xb8, 0xb6]
            }
        })
        .collect();
    let twice: String = body.bytes().map(char::from).collect();
    let quoted = serde_json::to_string(&body).expect("JSON");
    let cases: [(Vec<u8>, &[BodyHint]); 12] = [
        (Vec::new(), &[BodyHint::Empty]),
        (b" \r\n".to_vec(), &[BodyHint::Empty]),
        (latin, &[BodyHint::NotUtf8]),
        (b"id=EV-1&event_type=X".to_vec(), &[BodyHint::NotJson]),
        (body.as_bytes()[..40].to_vec(), &[BodyHint::NotJson]),
        (quoted.into(), &[BodyHint::Quoted]),
        (
            format!("\u{FEFF}{body}\n").into(),
            &[BodyHint::ByteOrderMark, BodyHint::Surrounded],
        ),
        (pretty.into(), &[BodyHint::Spaced, BodyHint::Sorted]),
        (
            body.replace("encrypt-", "a\\/").into(),
            &[BodyHint::EscapedSlashes],
        ),
        (
            body.replace("encrypt-", "a\\u003d").into(),
            &[BodyHint::EscapedAscii],
        ),
        (escaped.into(), &[BodyHint::EscapedUnicode]),
        (twice.into(), &[BodyHint::Garbled]),
    ];
    for (changed, wanted) in cases {
        assert_eq!(
            body_hints(&changed),
            wanted,
            "{}",
            String::from_utf8_lossy(&changed)
        );
        let notification = UnverifiedNotification::receive(&sealed().headers, changed);
        let error = notification
            .verify(&trusted(), now())
            .expect_err("it was changed");
        assert!(matches!(&error, NotificationError::Unverified { hints, .. } if hints == wanted));
        for hint in wanted {
            assert!(error.to_string().contains(&hint.to_string()));
        }
    }
}

#[test]
fn an_authentic_body_that_is_no_notification_is_malformed() {
    let resource = json!({"algorithm": "AEAD_AES_256_GCM", "ciphertext": "", "nonce": "n"});
    for body in [
        json!([]),
        json!({}),
        json!({"id": "EV-1"}),
        json!({"id": "", "resource": resource}),
        json!({"id": "EV-1", "resource": "text"}),
        json!({"id": "EV-1", "resource": {"algorithm": "AEAD_AES_256_GCM"}}),
    ] {
        let error = verified(&body).expect_err("no notification");
        assert!(
            matches!(error, NotificationError::Malformed { .. }),
            "{body}: {error}"
        );
        assert_eq!(error.acknowledgement().status(), 500);
    }
    let twice = r#"{"id":"EV-1","id":"EV-2","resource":{"algorithm":"A","ciphertext":"","nonce":"n"}}"#;
    let error = signed(twice).verify(&trusted(), now()).expect_err("two ids");
    assert!(matches!(error, NotificationError::Malformed { .. }));
}

#[test]
fn what_is_missing_or_new_is_no_error() {
    let nonce = "0123456789abcdef0";
    let ciphertext = Aead::Aes256Gcm
        .seal_base64(&api_v3_key(), nonce, "", b"[1]")
        .expect("sealed");
    for aad in [json!(null), json!("")] {
        let resource = json!({"algorithm": "AEAD_AES_256_GCM", "ciphertext": ciphertext, "nonce": nonce, "associated_data": aad});
        let body = json!({"id": 7, "event_type": "NEW.EVENT", "resource": resource, "more": {"a": []}});
        let verified = verified(&body).expect("a notification");
        assert_eq!((verified.id(), verified.event_type()), ("7", "NEW.EVENT"));
        assert_eq!((verified.summary(), verified.original_type()), (None, None));
        let opened = verified.open(&api_v3_key()).expect("it opens");
        assert_eq!(opened.json::<Vec<u8>>().expect("a list"), [1]);
        assert!(opened.json::<String>().is_err());
    }
}

#[test]
fn what_cannot_be_opened_says_why() {
    let open = |algorithm: &str, nonce: &str, ciphertext: &str| {
        let resource = json!({"algorithm": algorithm, "ciphertext": ciphertext, "nonce": nonce});
        let verified = verified(&json!({"id": "EV-1", "resource": resource})).expect("a notification");
        match verified.open(&api_v3_key()) {
            Err(NotificationError::Cipher { source }) => source,
            other => panic!("{other:?}"),
        }
    };
    let name = "AEAD_AES_256_GCM";
    let found = "AEAD_ROT13".to_owned();
    assert_eq!(
        open("AEAD_ROT13", "n", ""),
        CryptoError::UnsupportedCipher { found }
    );
    assert_eq!(open(name, "", ""), CryptoError::EmptyNonce);
    assert_eq!(open(name, "n", ""), CryptoError::Decrypt);
    assert!(matches!(open(name, "n", "%"), CryptoError::NotBase64 { .. }));
    // Another APIv3 key: authentic, but not to be read.
    let sealed = sealed();
    let other = ApiV3Key::new("x".repeat(32)).expect("a key");
    let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    let error = notification
        .verify(&trusted(), now())
        .expect("verified")
        .open(&other);
    let error = error.expect_err("another key");
    assert!(error.to_string().contains("APIv3 key"));
    assert_eq!(error.acknowledgement().status(), 500);
}

#[test]
fn nothing_personal_is_shown() {
    let sealed = sealed();
    let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    let verified = notification.verify(&trusted(), now()).expect("verified");
    let opened = verified.clone().open(&api_v3_key()).expect("opened");
    let shown = format!("{notification:?} {verified:?} {opened:?}");
    assert!(shown.contains("EV-2018022511223320873") && !shown.contains("4200000000202311150000000001"));
}

#[test]
fn acknowledgements_of_v3_are_json() {
    let json = |acknowledgement: &Acknowledgement| {
        serde_json::from_slice::<Value>(acknowledgement.body()).expect("JSON")
    };
    let taken = Acknowledgement::success();
    assert_eq!(
        (taken.status().as_u16(), json(&taken)),
        (200, json!({"code": "SUCCESS", "message": "成功"}))
    );
    let failed = Acknowledgement::failure("\"库存\" \n");
    assert_eq!(
        (failed.status().as_u16(), json(&failed)),
        (500, json!({"code": "FAIL", "message": "\"库存\" \n"}))
    );
    let long = Acknowledgement::failure(&"支".repeat(1000));
    assert_eq!(
        json(&long)["message"].as_str().expect("a text").chars().count(),
        256
    );
    assert_eq!(Acknowledgement::unverified().status(), 401);
    let kept = Acknowledgement::retention_coupon("USE", "1234");
    let wanted = json!({
        "code": "SUCCESS", "message": "", "retention_type": "COUPON",
        "coupon_info": {"state": "USE", "coupon_id": "1234"},
    });
    assert_eq!((kept.status().as_u16(), json(&kept)), (200, wanted));
    let content = Acknowledgement::with_content(&json!({"retention_type": "NONE"})).expect("an object");
    assert_eq!(
        json(&content),
        json!({"code": "SUCCESS", "message": "", "retention_type": "NONE"})
    );
    assert!(Acknowledgement::with_content(&"text").is_err());
    let response = taken.into_response();
    assert_eq!(response.headers()["content-type"], "application/json");
}

#[test]
fn a_clock_that_is_wrong_is_named() {
    let sealed = sealed();
    let notification = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    for (clock, fits) in [
        (NOW - 301, false),
        (NOW - 300, true),
        (NOW + 300, true),
        (NOW + 301, false),
    ] {
        let outcome = notification.verify(&trusted(), UnixTime::from_secs(clock));
        assert_eq!(outcome.is_ok(), fits);
        if let Err(error) = outcome {
            let expired = VerifyError::Expired {
                signed_at: NOW,
                now: clock,
            };
            assert!(matches!(error, NotificationError::Unverified { source, .. } if source == expired));
        }
    }
}

#[test]
fn only_what_was_verified_and_kept_is_opened_from_a_store() {
    let sent = sealed();
    let verified = UnverifiedNotification::receive(&sent.headers, sent.body.clone())
        .verify(&trusted(), now())
        .unwrap();
    let stored = verified.to_stored(&api_v3_key());
    let opened = open_stored(&stored, &api_v3_key()).unwrap();
    assert_eq!((opened.id(), opened.body()), (verified.id(), verified.body()));
    assert_eq!(opened.verified_by(), verified.verified_by());
    assert_eq!(
        opened.plaintext(),
        verified.clone().open(&api_v3_key()).unwrap().plaintext()
    );
    assert!(!String::from_utf8_lossy(&stored).contains(ABOUT));

    // What comes off the wire is nothing that was stored, however genuine.
    let error = open_stored(&sent.body, &api_v3_key()).unwrap_err();
    assert_eq!(error, NotificationError::NotStored);
    let other = ApiV3Key::new("o".repeat(32)).unwrap();
    let error = open_stored(&stored, &other).unwrap_err();
    assert!(error.to_string().contains("APIv3 key"), "{error}");
}
