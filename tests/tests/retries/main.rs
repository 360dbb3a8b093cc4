//! When a call is made again, and when it must not be.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod catalogue;
mod headers;
mod laws;
mod table;

use wxpay_proto::v3::read_refusal;
use wxpay_proto::{ApiError, Effect};

/// A refusal as it is read from the wire.
pub(crate) fn refusal(effect: Effect, status: u16, code: &str) -> ApiError {
    let body = if code.is_empty() {
        "<html>Bad Gateway</html>".to_owned()
    } else {
        format!(r#"{{"code":"{code}","message":"…"}}"#)
    };
    read_refusal("test", effect, status, None, body.into())
}
