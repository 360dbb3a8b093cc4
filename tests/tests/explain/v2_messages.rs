//! v2's `sign`.

use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::explain::{CauseKind, v2_message};
use wxpay_proto::v2::{Fields, sign};

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
    assert!(v2_message(&fields, &key).is_empty());
}

#[test]
fn small_letters_are_found_and_a_wrong_key_is_suspected() {
    for algorithm in [Algorithm::Md5, Algorithm::HmacSha256] {
        let (mut fields, key) = signed(algorithm);
        let small = fields["sign"].to_ascii_lowercase();
        fields.insert("sign".to_owned(), small);
        let causes = v2_message(&fields, &key);
        assert_eq!(
            (causes[0].kind, causes[0].proven),
            (CauseKind::SignatureForm, true)
        );

        let other = ApiV2Key::new("0123456789abcdef0123456789abcdef").expect("a key");
        let causes = v2_message(&fields, &other);
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
    let causes = v2_message(&fields, &key);
    assert_eq!((causes[0].kind, causes[0].proven), (CauseKind::LineEndLost, true));
}
