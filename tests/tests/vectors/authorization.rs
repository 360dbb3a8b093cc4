//! `v3_authorization_parse`: reading the header.

use wxpay_proto::v3::Authorization;
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    match Authorization::parse(vector.text("header")) {
        Ok(read) => {
            assert_eq!(read.identity, expected.text("mchid"));
            assert_eq!(read.nonce_str, expected.text("nonce_str"));
            assert_eq!(read.timestamp, expected.text("timestamp"));
            assert_eq!(read.serial_no, expected.text("serial_no"));
            assert_eq!(read.signature, expected.text("signature"));
        }
        Err(error) => assert_kind(&Ours::Authorization(&error), &expected.text("kind")),
    }
    expected.finish();
}
