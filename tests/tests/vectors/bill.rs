//! `bill`: the digest of a bill.

use wxpay_proto::crypto::FileDigest;
use wxpay_tests::vectors::Vector;

pub(crate) fn digest(vector: &Vector) {
    let mut expected = vector.expected();
    let digest = FileDigest::new(vector.text("hash_type"), vector.text("hash_value")).expect("a digest");
    assert_eq!(
        expected.take("hash_ok"),
        digest.check(&vector.bytes("content_base64")).is_ok()
    );
    expected.finish();
}
