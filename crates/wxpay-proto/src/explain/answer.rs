//! Answers and v3 notifications.

use http::HeaderMap;

use super::rewrites::candidates;
use super::{Cause, CauseKind, ranked};
use crate::crypto::{Algorithm, Certificate, Signature, Verifier as _};
use crate::error::VerifyError;
use crate::id::KeyId;
use crate::stamp::UnixTime;
use crate::v3::canonical::answer_message;
use crate::v3::{CLOCK_WINDOW, PlatformKey, PlatformKeys, SignatureHeaders};

/// What is at hand when an answer or a notification fails.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Evidence<'a> {
    /// The headers, as they arrived.
    pub headers: &'a HeaderMap,
    /// The body, as it is now.
    pub body: &'a [u8],
    /// WeChat Pay's keys.
    pub keys: &'a PlatformKeys,
    /// This machine's clock.
    pub now: UnixTime,
    /// The merchant's own API certificate, to find out whether it was taken for WeChat Pay's.
    pub merchant: Option<&'a Certificate>,
}

impl<'a> Evidence<'a> {
    /// Headers, body, keys and clock.
    #[must_use]
    pub fn new(headers: &'a HeaderMap, body: &'a [u8], keys: &'a PlatformKeys, now: UnixTime) -> Self {
        Self {
            headers,
            body,
            keys,
            now,
            merchant: None,
        }
    }

    /// Adds the merchant's own certificate.
    #[must_use]
    pub fn merchant(mut self, certificate: &'a Certificate) -> Self {
        self.merchant = Some(certificate);
        self
    }
}

/// Finds out why an answer or a notification does not verify. Empty when it does.
#[must_use]
pub fn answer(evidence: &Evidence<'_>) -> Vec<Cause> {
    let headers = match SignatureHeaders::read(evidence.headers) {
        Ok(headers) => headers,
        Err(VerifyError::MissingHeader { name }) => {
            let advice = format!("{name} did not arrive; have every proxy pass the Wechatpay-* headers on");
            return vec![Cause::proven(CauseKind::HeaderMissing, advice)];
        }
        Err(error) => return vec![Cause::suspected(CauseKind::Changed, error.to_string())],
    };
    if headers.verify(evidence.body, evidence.keys, evidence.now).is_ok() {
        return Vec::new();
    }
    let mut causes = Vec::new();
    causes.extend(clock(&headers, evidence.now));
    if headers.signature.starts_with("WECHATPAY/SIGNTEST/") {
        let advice = "WeChat Pay tests that you verify: fail the call; the genuine message comes again";
        causes.push(Cause::proven(CauseKind::Probe, advice));
        return ranked(causes);
    }
    let Ok(signature) = Signature::from_base64(headers.signature) else {
        let advice = "the signature is not base64: was the header cut or decoded?";
        causes.push(Cause::proven(CauseKind::SignatureDamaged, advice));
        return ranked(causes);
    };
    let named = KeyId::new(headers.serial)
        .ok()
        .and_then(|id| evidence.keys.get(&id));
    causes.extend(serial(&headers, named, evidence));
    if let Some(key) = named.filter(|key| fits(key, &headers, evidence.body, &signature)) {
        // Only the surroundings are wrong, the clock or the certificate's age: say so when nothing else did.
        if causes.is_empty() {
            let advice = format!("the signature fits, but the certificate {} has expired", key.id());
            causes.push(Cause::proven(CauseKind::UnknownSerial, advice));
        }
        return ranked(causes);
    }
    causes.extend(other_key(named, &headers, evidence, &signature));
    causes.extend(changed_body(named, &headers, evidence, &signature));
    if !causes.iter().any(|cause| cause.proven) {
        let advice = "no known cause makes the signature fit: the body, the timestamp or the nonce was changed, or \
                      another key signed; compare the raw bytes at the edge of your network with these";
        causes.push(Cause::suspected(CauseKind::Changed, advice));
    }
    ranked(causes)
}

fn fits(key: &PlatformKey, headers: &SignatureHeaders<'_>, body: &[u8], signature: &Signature) -> bool {
    let message = answer_message(headers.timestamp, headers.nonce, body);
    key.public_key()
        .verify(Algorithm::RsaSha256, &message, signature)
        .is_ok()
}

fn clock(headers: &SignatureHeaders<'_>, now: UnixTime) -> Option<Cause> {
    let Ok(signed_at) = headers.timestamp.parse::<i64>() else {
        let advice = format!(
            "Wechatpay-Timestamp {:?} is no number of seconds",
            headers.timestamp
        );
        return Some(Cause::proven(CauseKind::Timestamp, advice));
    };
    let off = now.as_secs().abs_diff(signed_at);
    if off <= CLOCK_WINDOW {
        return None;
    }
    if now.as_secs().abs_diff(signed_at / 1000) <= CLOCK_WINDOW {
        let advice = "the timestamp is in milliseconds; WeChat Pay signs seconds: who rewrote it?";
        return Some(Cause::proven(CauseKind::Timestamp, advice));
    }
    let direction = if now.as_secs() < signed_at {
        "behind"
    } else {
        "ahead of"
    };
    let advice = format!(
        "this machine's clock is {off} s {direction} the signature's, and {CLOCK_WINDOW} s are allowed: set the clock by \
         NTP; if it is right, this is an old message that somebody sends again"
    );
    Some(Cause::proven(CauseKind::Clock, advice))
}

/// What the serial number itself tells.
fn serial(
    headers: &SignatureHeaders<'_>,
    named: Option<&PlatformKey>,
    evidence: &Evidence<'_>,
) -> Option<Cause> {
    if named.is_some() {
        return None;
    }
    let of_merchant = evidence.merchant.is_some_and(|merchant| {
        KeyId::new(headers.serial) == Ok(KeyId::Certificate(merchant.serial().clone()))
    });
    if of_merchant {
        let advice = "the serial number is that of your own API certificate, which never verifies what WeChat Pay sends: \
                      the message is not from WeChat Pay, or a test double signs with the wrong key";
        return Some(Cause::proven(CauseKind::MerchantCertificate, advice));
    }
    let known: Vec<_> = evidence.keys.iter().map(|key| key.id().as_str()).collect();
    let known = if known.is_empty() {
        "none".to_owned()
    } else {
        known.join(", ")
    };
    let advice = format!(
        "{} is not among the keys at hand ({known}): fetch /v3/certificates, or add the public key with this id from the \
         merchant platform; during the move from certificates to the public key both are needed",
        headers.serial
    );
    Some(Cause::proven(CauseKind::UnknownSerial, advice))
}

/// Another of the keys at hand, whose file was saved under the wrong name.
fn other_key(
    named: Option<&PlatformKey>,
    headers: &SignatureHeaders<'_>,
    evidence: &Evidence<'_>,
    signature: &Signature,
) -> Option<Cause> {
    let others = evidence
        .keys
        .iter()
        .filter(|key| Some(key.id()) != named.map(PlatformKey::id));
    let found = others
        .into_iter()
        .find(|key| fits(key, headers, evidence.body, signature))?;
    let advice = format!(
        "the message says {}, but the key that you have as {} made the signature: the two were mixed up when they were \
         saved",
        headers.serial,
        found.id()
    );
    Some(Cause::proven(CauseKind::WrongPlatformKey, advice))
}

/// A body that something on the way has written again.
fn changed_body(
    named: Option<&PlatformKey>,
    headers: &SignatureHeaders<'_>,
    evidence: &Evidence<'_>,
    signature: &Signature,
) -> Option<Cause> {
    let key = named?;
    let (kind, _) = candidates(evidence.body)
        .into_iter()
        .find(|(_, candidate)| fits(key, headers, candidate, signature))?;
    let advice = format!(
        "the signature fits once this is undone ({kind}): verify the raw bytes of the body, before any framework, \
         gateway or character set conversion touches them"
    );
    Some(Cause::proven(kind, advice))
}
