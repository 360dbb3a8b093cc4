//! A request that WeChat Pay refused with `SIGN_ERROR`.

use percent_encoding::percent_decode_str;

use super::{Cause, CauseKind, ranked};
use crate::crypto::{Backend, Certificate, PublicKey, Signature, Verifier as _};
use crate::id::Serial;
use crate::refusal::SignInformation;

/// What was signed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Signed<'a> {
    /// The message ([`Unsigned::message`](crate::Unsigned::message)).
    pub message: &'a [u8],
    /// The signature that was sent.
    pub signature: Option<&'a Signature>,
    /// The serial number that was sent, as it stands in `Authorization`.
    pub serial: Option<&'a str>,
    /// The merchant's API certificate.
    pub certificate: Option<(&'a Certificate, Backend)>,
}

impl<'a> Signed<'a> {
    /// The message alone.
    #[must_use]
    pub fn new(message: &'a [u8]) -> Self {
        Self {
            message,
            signature: None,
            serial: None,
            certificate: None,
        }
    }

    /// Adds the signature that was sent.
    #[must_use]
    pub fn signature(mut self, signature: &'a Signature) -> Self {
        self.signature = Some(signature);
        self
    }

    /// Adds the serial number that was sent: its text, since a lost zero can be seen on that alone.
    #[must_use]
    pub fn serial(mut self, text: &'a (impl AsRef<str> + ?Sized)) -> Self {
        self.serial = Some(text.as_ref());
        self
    }

    /// Adds the merchant's API certificate, and who does the arithmetic.
    #[must_use]
    pub fn certificate(mut self, certificate: &'a Certificate, backend: Backend) -> Self {
        self.certificate = Some((certificate, backend));
        self
    }
}

/// Compares what was signed with what WeChat Pay says it saw, and the key with the certificate.
#[must_use]
pub fn request(signed: &Signed<'_>, seen: Option<&SignInformation>) -> Vec<Cause> {
    let mut causes = form(signed.message);
    if let Some((certificate, backend)) = signed.certificate {
        causes.extend(pair(signed, certificate, backend));
    }
    match seen {
        Some(seen) => causes.extend(compare(signed.message, seen)),
        None => causes.push(Cause::suspected(
            CauseKind::MessageDiffers,
            "the refusal has no sign_information: compare the request at the edge of your network with the message",
        )),
    }
    if !causes.iter().any(|cause| cause.proven) {
        let advice = "WeChat Pay saw what was signed, so the key, the serial number or the merchant number is another \
                      merchant's: check apiclient_key.pem, the serial number of apiclient_cert.pem and mchid together";
        causes.push(Cause::suspected(CauseKind::KeyDoesNotFitCertificate, advice));
    }
    ranked(causes)
}

/// What a message must look like, whatever is in it.
fn form(message: &[u8]) -> Vec<Cause> {
    let mut causes = Vec::new();
    let line_feeds = message.iter().filter(|b| **b == b'\n').count();
    if !message.ends_with(b"\n") || line_feeds < 5 {
        let advice =
            "the message does not end in a line feed: each part is followed by one, an empty body too";
        causes.push(Cause::proven(CauseKind::MessageForm, advice));
    }
    let head: Vec<_> = message.splitn(5, |b| *b == b'\n').take(4).collect();
    if head.len() < 4 || head.iter().any(|line| line.ends_with(b"\r")) {
        let advice = "the message is made of five parts with a line feed after each, never CRLF";
        causes.push(Cause::proven(CauseKind::MessageForm, advice));
    }
    causes
}

/// Holds key, serial number and certificate against each other.
fn pair(signed: &Signed<'_>, certificate: &Certificate, backend: Backend) -> Vec<Cause> {
    let mut causes = Vec::new();
    let right = certificate.serial();
    let same_number = |text: &str| Serial::new(text).as_ref() == Ok(right);
    if signed
        .serial
        .is_some_and(|text| same_number(text) && text.len() < right.as_str().len())
    {
        let advice = format!(
            "the serial number was sent without its leading zero; WeChat Pay compares the text, so send {right} as a whole: \
             take it from the certificate, not from a number that was printed again"
        );
        causes.push(Cause::proven(CauseKind::SerialZeroDropped, advice));
    }
    if signed.serial.is_some_and(|text| !same_number(text)) {
        let advice = format!(
            "the serial number that was sent is not this certificate's, which is {}; a platform certificate's serial \
             number in its place is the usual mistake",
            right
        );
        causes.push(Cause::proven(CauseKind::WrongSerial, advice));
    }
    if let (Some(signature), Ok(key)) = (
        signed.signature,
        PublicKey::from_certificate(certificate, backend),
    ) && key.verify(key.algorithm(), signed.message, signature).is_err()
    {
        let advice = "the signature does not verify with your own certificate: the private key is another one's, or \
                      something else than this message was signed";
        causes.push(Cause::proven(CauseKind::KeyDoesNotFitCertificate, advice));
    }
    causes
}

/// Compares line by line with what WeChat Pay saw.
fn compare(message: &[u8], seen: &SignInformation) -> Vec<Cause> {
    let mut causes = Vec::new();
    let text = String::from_utf8_lossy(message);
    let mut lines = text.split('\n');
    let (method, target) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    if let Some(other) = seen.method.as_deref().filter(|other| *other != method) {
        let advice = format!("{method} was signed and {other} arrived: a redirect or a proxy changed it");
        causes.push(Cause::proven(CauseKind::Method, advice));
    }
    if let Some(other) = seen.url.as_deref().filter(|other| *other != target) {
        causes.push(target_differs(target, other));
    }
    if let Some(other) = seen.truncated_sign_message.as_deref() {
        // It is cut somewhere in the body, in the middle of a character perhaps, so only what is there is compared.
        let length = other.trim_end_matches(['\n', char::REPLACEMENT_CHARACTER]).len();
        let differs = other
            .bytes()
            .take(length)
            .zip(message)
            .position(|(theirs, ours)| theirs != *ours);
        if let Some(index) = differs {
            causes.push(Cause::proven(
                CauseKind::MessageDiffers,
                first_difference(index, &text, other),
            ));
        }
    }
    let length = u64::try_from(message.len()).unwrap_or(u64::MAX);
    if let Some(other) = seen.sign_message_length.filter(|other| *other != length) {
        let advice = format!(
            "{length} bytes were signed and WeChat Pay verified {other}: the body was changed or lost after signing"
        );
        causes.push(Cause::proven(CauseKind::MessageDiffers, advice));
    }
    causes
}

fn target_differs(ours: &str, theirs: &str) -> Cause {
    let decoded = |text: &str| percent_decode_str(&text.replace('+', " ")).collect::<Vec<u8>>();
    if decoded(ours) == decoded(theirs) {
        let advice = format!(
            "{ours:?} was signed and {theirs:?} arrived: the same when decoded, but the signature covers the characters as \
             they are sent; sign what goes onto the request line"
        );
        return Cause::proven(CauseKind::TargetReencoded, advice);
    }
    let advice = format!("the target {ours:?} was signed and {theirs:?} arrived");
    Cause::proven(CauseKind::MessageDiffers, advice)
}

fn first_difference(index: usize, ours: &str, theirs: &str) -> String {
    let around = |text: &str| {
        let (start, end) = (index.saturating_sub(12), (index + 12).min(text.len()));
        String::from_utf8_lossy(text.as_bytes().get(start..end).unwrap_or_default()).into_owned()
    };
    format!(
        "the first byte that differs is number {index} (from 0): signed {:?}, seen {:?}",
        around(ours),
        around(theirs)
    )
}
