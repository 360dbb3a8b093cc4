//! Requests of one's own: what their signature covers.

use std::path::Path;

use wxpay_proto::UnixTime;
use wxpay_proto::crypto::Backend;
use wxpay_proto::explain;

use super::report::Report;
use crate::ended::NotSent;
use crate::input;
use crate::profile::Reader;
use crate::subject::{Sent, Subject, marked};

/// Why WeChat Pay refuses it, as far as the request itself tells.
pub(super) fn explain(sent: &Sent, keys: &Reader, now: Option<UnixTime>) -> Result<Report, NotSent> {
    let certificate = keys.signer_certificate(sent.target.starts_with("/brand/"))?;
    let mut request = explain::Sent::new(
        &sent.method,
        &sent.target,
        &sent.signed,
        &sent.authorization,
        &certificate,
        Backend::AwsLc,
    );
    request.now = now;
    let mut report = Report::new("a request of v3", explain::sent(&request)).fact(
        "what has to be signed (⏎ is a line feed)",
        marked(&sent.message()),
    );
    // Files that do not belong together are a cause by themselves, of whatever these keys sign.
    if let Err(problem) = keys.merchant() {
        report
            .notes
            .push(format!("about the keys that were given: {problem}"));
    }
    Ok(report)
}

/// Reads what was signed: a request as it was sent, or the message alone.
pub(super) fn read_signed(path: &Path) -> Result<Signed, NotSent> {
    let bytes = input::read(path)?;
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let is_request = String::from_utf8_lossy(first).split(' ').count() >= 3;
    if !is_request {
        return Ok(Signed::Message(bytes));
    }
    match Subject::of(crate::captured::parse(&bytes)?)? {
        Subject::Ours(sent) => Ok(Signed::Request(sent)),
        _ => Err(NotSent::new(format!(
            "--signed {}: wanted is the message that was signed, or the request with its `Authorization`",
            path.display()
        ))),
    }
}

/// What was signed.
pub(super) enum Signed {
    Message(Vec<u8>),
    Request(Sent),
}
