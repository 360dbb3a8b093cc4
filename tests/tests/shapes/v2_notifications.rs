//! Notifications of v2, case by case: what proves them, what is refused and why, and what is answered.

use wxpay_proto::VerifyError;
use wxpay_proto::crypto::{Aead, Algorithm};
use wxpay_proto::v2::{self, SignType};
use wxpay_tests::keys::{api_v2_key, api_v3_key};

fn v2_fields(pairs: &[(&str, &str)]) -> v2::Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

#[test]
fn a_v2_payment_says_how_it_was_signed() {
    let fields = v2_fields(&[
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("total_fee", "1"),
        ("attach", ""),
    ]);
    let body = v2::notification::seal(&fields, Algorithm::Md5, &api_v2_key()).expect("sealed");
    let notification = v2::UnverifiedNotification::receive(body);
    let verified = notification
        .verify(&api_v2_key(), Some(SignType::HmacSha256))
        .expect("verified");
    assert!(verified.differs() && verified.is_success());
    assert_eq!(
        (verified.field("total_fee"), verified.field("attach")),
        (Some("1"), None)
    );
    assert!(
        !notification
            .verify(&api_v2_key(), None)
            .expect("verified")
            .differs()
    );
    assert!(!format!("{verified:?}").contains("total_fee"));
}

#[test]
fn a_v2_notification_that_proves_nothing_is_refused() {
    let verify =
        |body: &str| v2::UnverifiedNotification::receive(body.to_owned()).verify(&api_v2_key(), None);
    let failed = verify("<xml><return_code>FAIL</return_code><return_msg>no</return_msg></xml>");
    let message = "no".to_owned();
    assert_eq!(failed.err(), Some(v2::NotificationError::Failed { message }));
    let unsigned = verify("<xml><return_code>SUCCESS</return_code></xml>").err();
    assert_eq!(
        unsigned,
        Some(v2::NotificationError::Unverified(VerifyError::MissingSign))
    );
    let entity = verify("<!DOCTYPE xml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><xml><a>&a;</a></xml>");
    assert!(matches!(
        entity,
        Err(v2::NotificationError::Xml(v2::XmlError::Doctype))
    ));
    // Signed with MD5 where the message itself says HMAC-SHA256.
    let fields = v2_fields(&[("algorithm", "HMAC-SHA256"), ("mch_id", "1900007291")]);
    let body = v2::notification::seal(&fields, Algorithm::Md5, &api_v2_key()).expect("sealed");
    let weak = VerifyError::WeakAlgorithm { found: "MD5" };
    assert_eq!(verify(&body).err(), Some(v2::NotificationError::Unverified(weak)));
}

#[test]
fn a_v2_event_may_be_written_as_in_the_printed_sample() {
    // The documented sample has a blank inside a tag.
    let event = "<xml><out_order_no >1234</out_order_no ><state><![CDATA[DONE]]></state></xml>";
    let (nonce, aad) = ("fdasflkja484", "transaction");
    let ciphertext = Aead::Aes256Gcm
        .seal_base64(&api_v3_key(), nonce, aad, event.as_bytes())
        .expect("sealed");
    let fields = v2_fields(&[
        ("event_id", "EV-1"),
        ("event_type", "TRANSACTION.SUCCESS"),
        ("event_algorithm", "AEAD_AES_256_GCM"),
        ("event_nonce", nonce),
        ("event_associated_data", aad),
        ("event_ciphertext", &ciphertext),
        ("algorithm", "HMAC-SHA256"),
    ]);
    let body = v2::notification::seal(&fields, Algorithm::HmacSha256, &api_v2_key()).expect("sealed");
    let verified = v2::UnverifiedNotification::receive(body)
        .verify(&api_v2_key(), None)
        .expect("verified");
    let opened = verified.open_event(&api_v3_key()).expect("opened");
    assert_eq!(
        (opened.id(), opened.event_type()),
        (Some("EV-1"), Some("TRANSACTION.SUCCESS"))
    );
    assert_eq!(
        opened.fields(),
        &v2_fields(&[("out_order_no", "1234"), ("state", "DONE")])
    );
    let payment =
        v2::notification::seal(&v2_fields(&[("a", "b")]), Algorithm::Md5, &api_v2_key()).expect("sealed");
    let payment = v2::UnverifiedNotification::receive(payment)
        .verify(&api_v2_key(), None)
        .expect("verified");
    let lacks = v2::NotificationError::Lacks {
        field: "event_ciphertext",
    };
    assert_eq!(payment.open_event(&api_v3_key()).err(), Some(lacks));
}

#[test]
fn a_v2_refund_with_a_signature_that_does_not_fit_is_refused() {
    let refund = v2_fields(&[("refund_status", "SUCCESS")]);
    let outer = v2_fields(&[
        ("return_code", "SUCCESS"),
        ("sign", "9A0A8659F005D6984697E2CA0A9CF3B7"),
    ]);
    let body = v2::notification::seal_refund(&outer, &refund, &api_v2_key()).expect("sealed");
    let opened = v2::UnverifiedNotification::receive(body).open_refund(&api_v2_key());
    assert!(matches!(
        opened,
        Err(v2::NotificationError::Unverified(VerifyError::Mismatch { .. }))
    ));
    let nothing = v2::UnverifiedNotification::receive("<xml><a>b</a></xml>").open_refund(&api_v2_key());
    let lacks = v2::NotificationError::Lacks { field: "req_info" };
    assert_eq!(nothing.err(), Some(lacks));
}

#[test]
fn acknowledgements_of_v2_are_xml_in_two_forms() {
    let text = |acknowledgement: v2::Acknowledgement| {
        assert_eq!(acknowledgement.status(), 200);
        let response = acknowledgement.into_response();
        assert_eq!(response.headers()["content-type"], "text/xml; charset=utf-8");
        String::from_utf8(response.into_body().to_vec()).expect("UTF-8")
    };
    assert_eq!(
        text(v2::Acknowledgement::success()),
        "<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg></xml>"
    );
    assert_eq!(
        text(v2::Acknowledgement::event_success()),
        "<xml><code><![CDATA[SUCCESS]]></code><message><![CDATA[OK]]></message></xml>"
    );
    for reason in ["签名失败", "]]>", "]]]]>>", "<a>&b;\u{0}\u{FFFE}"] {
        let kept = reason.replace(['\u{0}', '\u{FFFE}'], "");
        for (answer, name) in [
            (v2::Acknowledgement::failure(reason), "return_msg"),
            (v2::Acknowledgement::event_failure(reason), "message"),
        ] {
            let fields = v2::xml::read(text(answer).as_bytes()).expect("XML");
            assert_eq!(fields[name], kept);
        }
    }
}
