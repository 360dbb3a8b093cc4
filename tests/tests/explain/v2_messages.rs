//! v2's `sign`.

use wxpay_proto::crypto::Algorithm;
use wxpay_proto::explain::{Cause, CauseKind, v2_message};
use wxpay_proto::v2::notification::{seal_event, seal_refund};
use wxpay_proto::v2::{Fields, sign, xml};
use wxpay_proto::{ApiV2Key, ApiV3Key};

fn signed(algorithm: Algorithm) -> (Fields, ApiV2Key) {
    let key = ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let mut fields: Fields = [("body", "茶\n "), ("mch_id", "10000100")]
        .map(|(n, v)| (n.to_owned(), v.to_owned()))
        .into();
    let text = sign(&fields, algorithm, &key).expect("a signature");
    fields.insert("sign".to_owned(), text);
    (fields, key)
}

#[test]
fn what_fits_needs_no_explanation() {
    let (fields, key) = signed(Algorithm::HmacSha256);
    assert!(v2_message(&fields, &key, None).is_empty());
}

#[test]
fn small_letters_are_found_and_a_wrong_key_is_suspected() {
    for algorithm in [Algorithm::Md5, Algorithm::HmacSha256] {
        let (mut fields, key) = signed(algorithm);
        let small = fields["sign"].to_ascii_lowercase();
        fields.insert("sign".to_owned(), small);
        let causes = v2_message(&fields, &key, None);
        assert_eq!(
            (causes[0].kind, causes[0].proven),
            (CauseKind::SignatureForm, true)
        );

        let other = ApiV2Key::new("0123456789abcdef0123456789abcdef").expect("a key");
        let causes = v2_message(&fields, &other, None);
        assert_eq!(
            (causes[0].kind, causes[0].proven, causes.len()),
            (CauseKind::WrongApiKey, false, 1)
        );
    }
}

#[test]
fn values_that_gained_white_space_are_found() {
    let key = ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let mut fields: Fields = [("body".to_owned(), "茶".to_owned())].into();
    let text = sign(&fields, Algorithm::Md5, &key).expect("a signature");
    fields.insert("sign".to_owned(), text);
    fields.insert("body".to_owned(), " 茶\n".to_owned());
    let causes = v2_message(&fields, &key, None);
    assert_eq!((causes[0].kind, causes[0].proven), (CauseKind::LineEndLost, true));
}

fn fields(pairs: &[(&str, &str)]) -> Fields {
    let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(own).collect()
}

fn keys() -> (ApiV2Key, ApiV3Key) {
    let v2 = ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let v3 = ApiV3Key::new("a7f3c1e95b2d8046f1e0d9c8b7a69584").expect("a key");
    (v2, v3)
}

fn found(causes: &[Cause]) -> Vec<(CauseKind, bool)> {
    causes.iter().map(|cause| (cause.kind, cause.proven)).collect()
}

#[test]
fn a_payscore_event_needs_the_apiv3_key_beside_the_apiv2_key() {
    let (key, api_v3_key) = keys();
    let outer = fields(&[("mch_id", "1900007291"), ("event_type", "TRANSACTION.SUCCESS")]);
    let event = fields(&[("out_order_no", "20260101")]);
    let sealed = |api_v3_key: &ApiV3Key| {
        let body = seal_event(&outer, &event, "0123456789ab", api_v3_key, &key).expect("a body");
        xml::read(body.as_bytes()).expect("XML")
    };
    let message = sealed(&api_v3_key);
    assert!(v2_message(&message, &key, Some(&api_v3_key)).is_empty());
    assert!(
        v2_message(&message, &key, None).is_empty(),
        "nothing to say without a key"
    );

    let other = ApiV3Key::new("0123456789abcdef0123456789abcdef").expect("a key");
    let causes = v2_message(&message, &key, Some(&other));
    assert_eq!(found(&causes), [(CauseKind::WrongApiKey, true)]);
    assert!(
        causes[0].advice.contains("encrypts with the APIv3 key"),
        "{}",
        causes[0]
    );

    // The same text in both places at WeChat Pay, and another one given here.
    let both = ApiV3Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let causes = v2_message(&sealed(&both), &key, Some(&other));
    assert_eq!(found(&causes), [(CauseKind::WrongApiKey, true)]);
    assert!(
        causes[0].advice.contains("give it in both places"),
        "{}",
        causes[0]
    );
}

#[test]
fn a_refund_notification_that_does_not_open_says_what_it_can() {
    let (key, _) = keys();
    let outer = fields(&[("return_code", "SUCCESS"), ("mch_id", "1900007291")]);
    // One whose base64 has a `+`.
    let message = (1..)
        .map(|number| {
            let claimed = fields(&[
                ("out_refund_no", &format!("R{number}")),
                ("refund_status", "SUCCESS"),
            ]);
            let body = seal_refund(&outer, &claimed, &key).expect("a body");
            xml::read(body.as_bytes()).expect("XML")
        })
        .find(|message| message["req_info"].contains('+'))
        .expect("one in some dozen");
    assert!(v2_message(&message, &key, None).is_empty());

    let with = |info: String| {
        let mut message = message.clone();
        message.insert("req_info".to_owned(), info);
        message
    };
    let info = message["req_info"].clone();
    let other = ApiV2Key::new("0123456789abcdef0123456789abcdef").expect("a key");
    let cases = [
        (message.clone(), &other, (CauseKind::WrongApiKey, false)),
        (
            with(info[..info.len() - 8].to_owned()),
            &key,
            (CauseKind::Changed, true),
        ),
        (with(format!("{info}!")), &key, (CauseKind::Changed, true)),
    ];
    for (message, key, wanted) in cases {
        let causes = v2_message(&message, key, None);
        assert_eq!(found(&causes), [wanted], "{causes:?}");
    }
    let causes = v2_message(&with(info.replace('+', " ")), &key, None);
    assert_eq!(found(&causes), [(CauseKind::BodyReserialised, true)]);
    // The two keys, each given in the other's place.
    let as_v3 = ApiV3Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let causes = v2_message(&message, &other, Some(&as_v3));
    assert_eq!(found(&causes), [(CauseKind::WrongApiKey, true)]);
    assert!(causes[0].advice.contains("swapped"), "{}", causes[0]);
}

#[test]
fn swapped_keys_are_proven() {
    let (message, _) = signed(Algorithm::HmacSha256);
    let as_v3 = ApiV3Key::new("192006250b4c09247ec02edce69f6a2d").expect("a key");
    let other = ApiV2Key::new("a7f3c1e95b2d8046f1e0d9c8b7a69584").expect("a key");
    let causes = v2_message(&message, &other, Some(&as_v3));
    assert_eq!(found(&causes), [(CauseKind::WrongApiKey, true)]);
    assert!(causes[0].advice.contains("swapped"), "{}", causes[0]);
}
