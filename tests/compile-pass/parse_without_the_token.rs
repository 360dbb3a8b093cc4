//! An answer cannot be parsed from bytes of one's own: only verification makes the token that parsing asks for.

use bytes::Bytes;
use wxpay_proto::v3::Raw;
use wxpay_proto::{AnswerBody, ParseError, Response};

fn parse(bytes: &Bytes, body: &AnswerBody<'_>) -> Result<Raw, ParseError> {
    let _ = (bytes, body);
    Raw::parse(body)
}

fn main() {
    let _ = parse;
}
