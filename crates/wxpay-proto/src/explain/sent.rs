//! Requests as they were sent: what their signature covers, when it is not what was sent.

mod variants;

use super::{Cause, CauseKind, ranked};
use crate::crypto::{Algorithm, Backend, Certificate, PublicKey, Signature, Verifier as _};
use crate::id::Serial;
use crate::stamp::UnixTime;
use crate::v3::canonical::request_message;
use crate::v3::{Authorization, CLOCK_WINDOW};

/// A request as it left, whichever program signed it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Sent<'a> {
    /// The method.
    pub method: &'a str,
    /// Path and query as they stand on the request line.
    pub target: &'a str,
    /// The body, or of an upload the text of `meta`.
    pub body: &'a [u8],
    /// The header, in its parts.
    pub authorization: &'a Authorization,
    /// The API certificate of whoever signed.
    pub certificate: &'a Certificate,
    /// Who does the arithmetic.
    pub backend: Backend,
    /// When it was sent, or nothing when that does not matter.
    pub now: Option<UnixTime>,
}

impl<'a> Sent<'a> {
    /// A request with its `Authorization`, and the certificate that it was to be signed for.
    #[must_use]
    pub fn new(
        method: &'a str,
        target: &'a str,
        body: &'a [u8],
        authorization: &'a Authorization,
        certificate: &'a Certificate,
        backend: Backend,
    ) -> Self {
        Self {
            method,
            target,
            body,
            authorization,
            certificate,
            backend,
            now: None,
        }
    }

    /// Looks at the clock as well.
    #[must_use]
    pub fn now(mut self, now: UnixTime) -> Self {
        self.now = Some(now);
        self
    }

    /// The message that has to be signed (待签名串).
    #[must_use]
    pub fn message(&self) -> Vec<u8> {
        let Authorization {
            timestamp, nonce_str, ..
        } = self.authorization;
        request_message(self.method, self.target, timestamp, nonce_str, self.body)
    }
}

/// Finds out why WeChat Pay refuses the signature of a request. Empty when nothing is wrong with it.
///
/// Every usual way to build the message wrongly is tried, alone and in pairs; one is *proven* when the signature fits
/// the message that it gives.
#[must_use]
pub fn sent(request: &Sent<'_>) -> Vec<Cause> {
    let mut causes = head(request);
    match signature(request) {
        Ok(signature) => causes.extend(message(request, &signature)),
        Err(cause) => causes.push(cause),
    }
    ranked(causes)
}

/// What can be told without the signature: clock, owner, serial number.
fn head(request: &Sent<'_>) -> Vec<Cause> {
    let authorization = request.authorization;
    let mut causes = Vec::new();
    match authorization.timestamp.parse::<i64>() {
        Err(_) => {
            let advice = format!(
                "the timestamp {:?} is no number of seconds",
                authorization.timestamp
            );
            causes.push(Cause::proven(CauseKind::Timestamp, advice));
        }
        Ok(signed_at) => causes.extend(request.now.and_then(|now| clock(signed_at, now))),
    }
    let owner = request.certificate.merchant();
    let identity = &authorization.identity;
    if let Some(owner) = owner.filter(|owner| authorization.scheme.identity() == "mchid" && owner != identity)
    {
        let advice = format!("it says merchant {identity}, and the certificate is merchant {owner}'s");
        causes.push(Cause::proven(CauseKind::WrongSerial, advice));
    }
    let serial = Serial::new(&authorization.serial_no);
    if serial.as_ref() != Ok(request.certificate.serial()) {
        let advice = format!(
            "serial_no {} is not the API certificate's, which is {}; a platform certificate's in its place is the usual \
             mistake",
            authorization.serial_no,
            request.certificate.serial()
        );
        causes.push(Cause::proven(CauseKind::WrongSerial, advice));
    }
    causes
}

fn clock(signed_at: i64, now: UnixTime) -> Option<Cause> {
    let off = now.as_secs().abs_diff(signed_at);
    if off <= CLOCK_WINDOW {
        return None;
    }
    if now.as_secs().abs_diff(signed_at / 1000) <= CLOCK_WINDOW {
        let advice = "the timestamp is in milliseconds, and seconds are wanted";
        return Some(Cause::proven(CauseKind::Timestamp, advice));
    }
    let advice = format!(
        "the timestamp is {off} s off, and {CLOCK_WINDOW} s are allowed: sign anew for every attempt, and set the clock by \
         NTP"
    );
    Some(Cause::proven(CauseKind::Clock, advice))
}

/// The bytes of the signature, whatever they are written in.
fn signature(request: &Sent<'_>) -> Result<Signature, Cause> {
    let text = &request.authorization.signature;
    let Ok(signature) = Signature::from_base64(text) else {
        let advice = "the signature is not base64 of the standard alphabet with padding: was it cut, or written in the \
                      alphabet of addresses (-_)?";
        return Err(Cause::proven(CauseKind::SignatureDamaged, advice));
    };
    // 256 bytes as hexadecimal are base64, too.
    let is_hex = text.len() >= 512 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if is_hex {
        let advice = "the signature is written in hexadecimal, and base64 is wanted";
        return Err(Cause::proven(CauseKind::SignatureForm, advice));
    }
    Ok(signature)
}

/// What the signature covers.
fn message(request: &Sent<'_>, signature: &Signature) -> Vec<Cause> {
    let algorithm = request.authorization.scheme.algorithm();
    let Ok(key) = PublicKey::from_certificate(request.certificate, request.backend) else {
        let advice = "the certificate's key is of another kind than requests are signed with";
        return vec![Cause::proven(CauseKind::KeyDoesNotFitCertificate, advice)];
    };
    let fits = |message: &[u8]| key.verify(algorithm, message, signature).is_ok();
    if fits(&request.message()) {
        return Vec::new();
    }
    if let Some(changes) = variants::of(request).find(fits) {
        return changes
            .into_iter()
            .map(|(kind, advice)| {
                Cause::proven(kind, format!("the signature covers something else: {advice}"))
            })
            .collect();
    }
    let advice = "no usual mistake gives a message that the signature fits: the private key is not this certificate's, or \
                  something quite different was signed; print the message that was signed and compare it with the one of \
                  this request, byte by byte";
    let mut causes = vec![Cause::suspected(CauseKind::KeyDoesNotFitCertificate, advice)];
    if algorithm == Algorithm::RsaSha256 {
        let advice = "or the algorithm is another one: SHA-1 or PSS in the place of SHA-256 with PKCS#1 v1.5";
        causes.push(Cause::suspected(CauseKind::SignatureForm, advice));
    }
    causes
}
