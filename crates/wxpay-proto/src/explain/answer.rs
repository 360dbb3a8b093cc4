//! Answers and v3 notifications.

use http::HeaderMap;

use super::resource::wrong_key;
use super::rewrites::candidates;
use super::{Cause, CauseKind, ranked};
use crate::crypto::{Backend, Certificate, PublicKey, Signature, Verifier as _};
use crate::error::VerifyError;
use crate::id::KeyId;
use crate::secret::ApiV3Key;
use crate::stamp::UnixTime;
use crate::v3::canonical::answer_message;
use crate::v3::{CLOCK_WINDOW, PlatformKey, PlatformKeys, Scheme, SignatureHeaders};

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
    /// The APIv3 key, to find out whether it opens what is encrypted in the body.
    pub api_v3_key: Option<&'a ApiV3Key>,
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
            api_v3_key: None,
        }
    }

    /// Adds the merchant's own certificate.
    #[must_use]
    pub fn merchant(mut self, certificate: &'a Certificate) -> Self {
        self.merchant = Some(certificate);
        self
    }

    /// Adds the APIv3 key.
    #[must_use]
    pub fn api_v3_key(mut self, key: &'a ApiV3Key) -> Self {
        self.api_v3_key = Some(key);
        self
    }

    fn wrong_api_key(&self, authentic: bool) -> Option<Cause> {
        wrong_key(self.body, self.api_v3_key?, authentic)
    }
}

/// Finds out why an answer or a notification does not verify, or, with the APIv3 key, does not open. Empty when it does.
#[must_use]
pub fn answer(evidence: &Evidence<'_>) -> Vec<Cause> {
    let headers = match SignatureHeaders::read(evidence.headers) {
        Ok(headers) => headers,
        Err(VerifyError::MissingHeader { .. }) => return vec![filtered(evidence.headers)],
        Err(error) => return vec![Cause::suspected(CauseKind::Changed, error.to_string())],
    };
    if headers.verify(evidence.body, evidence.keys, evidence.now).is_ok() {
        return evidence.wrong_api_key(true).into_iter().collect();
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
    if let Some(key) = named.filter(|key| fits(key.public_key(), &headers, evidence.body, &signature)) {
        // Only the surroundings are wrong: the clock, the certificate's age, or what the signature is said to be.
        causes.extend(surroundings(key, &headers, evidence.now));
        causes.extend(evidence.wrong_api_key(true));
        return ranked(causes);
    }
    let own = merchants_own(named, &headers, evidence, &signature);
    let other = || other_key(named, &headers, evidence, &signature);
    causes.extend(own.or_else(other));
    causes.extend(changed_body(named, &headers, evidence, &signature));
    causes.extend(evidence.wrong_api_key(false));
    if !causes.iter().any(|cause| cause.proven) {
        let advice = "no known cause makes the signature fit: the body, the timestamp or the nonce was changed, or \
                      another key signed; compare the raw bytes at the edge of your network with these";
        causes.push(Cause::suspected(CauseKind::Changed, advice));
    }
    ranked(causes)
}

/// Whatever the signature is said to be, a key verifies one kind only.
fn fits(key: &PublicKey, headers: &SignatureHeaders<'_>, body: &[u8], signature: &Signature) -> bool {
    let message = answer_message(headers.timestamp, headers.nonce, body);
    key.verify(key.algorithm(), &message, signature).is_ok()
}

/// Which of the headers did not arrive.
fn filtered(headers: &HeaderMap) -> Cause {
    let wanted = [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ];
    let missing: Vec<_> = wanted
        .into_iter()
        .filter(|name| crate::header_text(headers, *name).is_none())
        .collect();
    let advice = if missing.len() == wanted.len() {
        "none of the Wechatpay-* headers arrived: a proxy drops them, or somebody else than WeChat Pay sent this".to_owned()
    } else {
        let missing = missing.join(", ");
        format!("{missing} did not arrive; have every proxy pass the Wechatpay-* headers on")
    };
    Cause::proven(CauseKind::HeaderMissing, advice)
}

/// What can be wrong although the signature fits.
fn surroundings(key: &PlatformKey, headers: &SignatureHeaders<'_>, now: UnixTime) -> Vec<Cause> {
    let mut causes = Vec::new();
    if key.is_expired(now) {
        let advice = format!(
            "the signature fits, but the certificate {} has expired: fetch the current ones",
            key.id()
        );
        causes.push(Cause::proven(CauseKind::CertificateExpired, advice));
    }
    let algorithm = key.public_key().algorithm();
    let told = headers
        .signature_type
        .unwrap_or_else(|| Scheme::MerchantRsa.name());
    if !Scheme::ALL
        .iter()
        .any(|scheme| scheme.name() == told && scheme.algorithm() == algorithm)
    {
        let advice = match headers.signature_type {
            None => format!(
                "Wechatpay-Signature-Type did not arrive, and the signature is {algorithm}: have every proxy pass it on"
            ),
            Some(told) => format!("Wechatpay-Signature-Type says {told}, and the signature is {algorithm}"),
        };
        causes.push(Cause::proven(CauseKind::SignatureType, advice));
    }
    causes
}

/// The merchant's own key at either end.
fn merchants_own(
    named: Option<&PlatformKey>,
    headers: &SignatureHeaders<'_>,
    evidence: &Evidence<'_>,
    signature: &Signature,
) -> Option<Cause> {
    let merchant = evidence.merchant?;
    let own = |key: &&PlatformKey| key.public_key().as_spki_der() == merchant.public_key_der();
    if let Some(key) = named.filter(own) {
        let advice = format!(
            "what you have as {} is the key of your own API certificate, which never verifies what WeChat Pay sends: take \
             WeChat Pay's public key from the merchant platform, or fetch /v3/certificates",
            key.id()
        );
        return Some(Cause::proven(CauseKind::MerchantCertificate, advice));
    }
    let key = Backend::ALL
        .first()
        .and_then(|backend| PublicKey::from_certificate(merchant, *backend).ok())?;
    fits(&key, headers, evidence.body, signature).then(|| {
        let advice = "your own API certificate's key made this signature: it is not from WeChat Pay, but from a test double \
                      that signs with the wrong key";
        Cause::proven(CauseKind::MerchantCertificate, advice)
    })
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
        .find(|key| fits(key.public_key(), headers, evidence.body, signature))?;
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
    let key = named?.public_key();
    let (kind, _) = candidates(evidence.body)
        .into_iter()
        .find(|(_, candidate)| fits(key, headers, candidate, signature))?;
    let advice = format!(
        "the signature fits once this is undone ({kind}): verify the raw bytes of the body, before any framework, \
         gateway or character set conversion touches them"
    );
    Some(Cause::proven(kind, advice))
}
