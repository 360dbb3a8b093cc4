//! Why a signature fails.
//!
//! A signature that does not fit says nothing by itself. Here the usual causes are tried one by one, and a cause is
//! *proven* when the signature fits once it is undone. What is left are suspicions, ranked behind.
//!
//! * [`answer()`] for answers and v3 notifications, with the keys at hand;
//! * [`request()`] for a `SIGN_ERROR`, with the message that was signed and what WeChat Pay says it saw;
//! * [`sent()`] for a request as it left, whichever program signed it: what does its signature cover?
//! * [`v2_message()`] for v2 answers and notifications.
//!
//! Nothing here lets anybody skip verification: what comes out are words, never a body.

mod answer;
mod request;
mod resource;
mod rewrites;
mod sent;
mod v2_message;

use std::fmt;

pub use answer::{Evidence, answer};
pub use request::{Signed, request};
pub use sent::{Sent, sent};
pub use v2_message::v2_message;

/// A cause of a failed signature, and how sure it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// What it is.
    pub kind: CauseKind,
    /// The signature fits once this is undone, or the thing itself is plain to see; otherwise it is a suspicion.
    pub proven: bool,
    /// What was found and what to do, in words.
    pub advice: String,
}

impl Cause {
    fn proven(kind: CauseKind, advice: impl Into<String>) -> Self {
        Self {
            kind,
            proven: true,
            advice: advice.into(),
        }
    }

    fn suspected(kind: CauseKind, advice: impl Into<String>) -> Self {
        Self {
            kind,
            proven: false,
            advice: advice.into(),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sure = if self.proven { "proven" } else { "suspected" };
        write!(f, "{sure}: {}: {}", self.kind, self.advice)
    }
}

/// The kinds of causes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CauseKind {
    /// The body was parsed and written again: other white space, other escapes.
    BodyReserialised,
    /// A line feed at the end was lost or added.
    LineEndLost,
    /// Line ends were changed between LF and CRLF.
    LineEndsChanged,
    /// A byte order mark was added or dropped.
    ByteOrderMark,
    /// The text was read in another character set and written again.
    CharacterSet,
    /// Another of the keys at hand signed than the one that the serial number names.
    WrongPlatformKey,
    /// The merchant's own certificate was used where WeChat Pay's key belongs.
    MerchantCertificate,
    /// No key with this serial number is at hand.
    UnknownSerial,
    /// The platform certificate that signed has expired.
    CertificateExpired,
    /// `Wechatpay-Signature-Type` was lost on the way, or says something else than the key does.
    SignatureType,
    /// The clock is off; the advice says by how much.
    Clock,
    /// The timestamp is in milliseconds, or no number.
    Timestamp,
    /// A signature header is missing: a proxy filters headers.
    HeaderMissing,
    /// The signature was cut or changed on its way: it is not base64 of the right length.
    SignatureDamaged,
    /// WeChat Pay's probe: the signature is wrong on purpose.
    Probe,
    /// The request target was decoded or encoded again between signing and sending.
    TargetReencoded,
    /// The method that arrived is not the one that was signed.
    Method,
    /// What was sent is not what was signed: the advice points at the first byte that differs.
    MessageDiffers,
    /// The message does not end in a line feed, or has CRLF between its lines.
    MessageForm,
    /// The private key does not belong to the certificate whose serial number was sent.
    KeyDoesNotFitCertificate,
    /// The serial number that was sent is not the merchant certificate's.
    WrongSerial,
    /// The serial number was sent without its leading zero.
    SerialZeroDropped,
    /// The APIv2 key or APIv3 key is not the merchant's.
    WrongApiKey,
    /// The signature is right but written differently: in small letters, say.
    SignatureForm,
    /// None of the known causes makes the signature fit.
    Changed,
}

impl fmt::Display for CauseKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BodyReserialised => "the body was parsed and written again",
            Self::LineEndLost => "a line feed at the end of the body was lost or added",
            Self::LineEndsChanged => "line ends were changed",
            Self::ByteOrderMark => "a byte order mark was added or dropped",
            Self::CharacterSet => "the body was converted to another character set",
            Self::WrongPlatformKey => "another key signed than its serial number says",
            Self::MerchantCertificate => "the merchant's certificate in place of WeChat Pay's key",
            Self::UnknownSerial => "no key with this serial number",
            Self::CertificateExpired => "the certificate has expired",
            Self::SignatureType => "the signature's type",
            Self::Clock => "the clock",
            Self::Timestamp => "the timestamp",
            Self::HeaderMissing => "a header is missing",
            Self::SignatureDamaged => "the signature is damaged",
            Self::Probe => "a probe",
            Self::TargetReencoded => "the target was decoded or encoded again",
            Self::Method => "another method",
            Self::MessageDiffers => "what arrived is not what was signed",
            Self::MessageForm => "the form of the message",
            Self::KeyDoesNotFitCertificate => "the private key does not belong to the certificate",
            Self::WrongSerial => "another serial number",
            Self::SerialZeroDropped => "the serial number lost its leading zero",
            Self::WrongApiKey => "another API key",
            Self::SignatureForm => "the signature's form",
            Self::Changed => "changed in an unknown way",
        })
    }
}

/// Proven causes first, in the order in which they were found.
fn ranked(mut causes: Vec<Cause>) -> Vec<Cause> {
    causes.sort_by_key(|cause| !cause.proven);
    causes
}
