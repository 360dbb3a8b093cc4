//! The shapes of operations, written by hand against the core's traits before anything is generated: whatever an
//! interface of WeChat Pay's looks like, it fits, and each kind of answer means what it should.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod bill_files;
mod brand;
mod certificates;
mod downloads;
mod front_end;
mod hosts;
mod identity;
mod key_files;
mod lists;
mod notifications;
mod operations;
mod refusals;
mod sealed;
mod secrets;
mod statuses;
mod tickets;
mod unproven;
mod uploads;
mod v2_notifications;
mod v2_requests;
mod wrong_answers;

use bytes::Bytes;
use wxpay_proto::crypto::Signer as _;
use wxpay_proto::v2::V2;
use wxpay_proto::v3::V3;
use wxpay_proto::{BuildError, Operation, Pending, Unsigned};
use wxpay_tests::journey::{merchant_key, stamp, v2_credentials, v3_credentials};
use wxpay_tests::keys::api_v2_key;

/// Signs a v3 operation: what is sent, and what waits for its answer.
pub(crate) fn ask_v3<O: Operation<Protocol = V3>>(
    operation: &O,
) -> Result<(http::Request<Bytes>, Pending<O>), BuildError> {
    let unsigned = Unsigned::new(operation, &v3_credentials(), &stamp())?;
    Ok(unsigned
        .sign(&merchant_key())
        .expect("a signed request")
        .into_parts())
}

/// Signs a v2 operation: what is sent, and what waits for its answer.
pub(crate) fn ask_v2<O: Operation<Protocol = V2>>(
    operation: &O,
) -> Result<(http::Request<Bytes>, Pending<O>), BuildError> {
    let unsigned = Unsigned::new(operation, &v2_credentials(), &stamp())?;
    let signature = api_v2_key()
        .sign(unsigned.algorithm(), unsigned.message())
        .expect("a signature");
    Ok(unsigned.attach(&signature)?.into_parts())
}

/// A header of a request, as text.
pub(crate) fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> Option<&'a str> {
    request
        .headers()
        .get(name)
        .map(|value| value.to_str().expect("a text"))
}
