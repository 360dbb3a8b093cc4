//! WeChat Pay's keys: platform certificates and public keys, side by side (protocol sections 2.5 and 3.3).

use crate::crypto::{Backend, Certificate, KeyError, PublicKey};
use crate::id::{KeyId, PublicKeyId};
use crate::stamp::UnixTime;

/// One of WeChat Pay's keys.
#[derive(Clone, Debug)]
pub struct PlatformKey {
    id: KeyId,
    key: PublicKey,
    /// A certificate's first and last moment; a public key has none.
    validity: Option<(UnixTime, UnixTime)>,
}

impl PlatformKey {
    /// A platform certificate (平台证书).
    ///
    /// # Errors
    /// [`KeyError::WrongKind`] when it is a merchant's API certificate (its name is a merchant number), which never
    /// verifies anything; [`KeyError`] when its key is not RSA.
    pub fn from_certificate(certificate: &Certificate, backend: Backend) -> Result<Self, KeyError> {
        if let Some(merchant) = certificate.merchant() {
            return Err(KeyError::WrongKind {
                found: format!("the API certificate of merchant {merchant}"),
                wanted: "a platform certificate of WeChat Pay, as /v3/certificates returns it",
            });
        }
        Ok(Self {
            id: KeyId::Certificate(certificate.serial().clone()),
            key: PublicKey::from_certificate(certificate, backend)?,
            validity: Some((certificate.not_before(), certificate.not_after())),
        })
    }

    /// A platform certificate as PEM.
    ///
    /// # Errors
    /// As for [`from_certificate`](Self::from_certificate); a public key or private key in its place is named.
    pub fn from_certificate_pem(pem: &str, backend: Backend) -> Result<Self, KeyError> {
        Self::from_certificate(&Certificate::from_pem(pem)?, backend)
    }

    /// A WeChat Pay public key (微信支付公钥) as PEM, with its id.
    ///
    /// # Errors
    /// [`KeyError`] that says what the text is instead.
    pub fn from_public_key_pem(id: PublicKeyId, pem: &str, backend: Backend) -> Result<Self, KeyError> {
        Ok(Self::new(
            KeyId::PublicKey(id),
            PublicKey::from_pem(pem, backend)?,
        ))
    }

    /// A key under any id, without a validity.
    #[must_use]
    pub fn new(id: KeyId, key: PublicKey) -> Self {
        Self {
            id,
            key,
            validity: None,
        }
    }

    /// The serial number or id.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// The key itself.
    #[must_use]
    pub fn public_key(&self) -> &PublicKey {
        &self.key
    }

    /// A certificate's first moment.
    #[must_use]
    pub fn not_before(&self) -> Option<UnixTime> {
        self.validity.map(|(start, _)| start)
    }

    /// A certificate's last moment.
    #[must_use]
    pub fn not_after(&self) -> Option<UnixTime> {
        self.validity.map(|(_, end)| end)
    }

    /// Whether it is a certificate whose last moment has passed.
    #[must_use]
    pub fn is_expired(&self, now: UnixTime) -> bool {
        self.not_after().is_some_and(|end| now > end)
    }
}

/// The keys that answers and notifications are verified with, chosen by `Wechatpay-Serial`.
#[derive(Clone, Debug, Default)]
pub struct PlatformKeys(Vec<PlatformKey>);

impl PlatformKeys {
    /// No keys.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a key; one with the same id is replaced.
    pub fn add(&mut self, key: PlatformKey) {
        self.0.retain(|known| known.id != key.id);
        self.0.push(key);
    }

    /// Adds a key, in a chain of calls.
    #[must_use]
    pub fn with(mut self, key: PlatformKey) -> Self {
        self.add(key);
        self
    }

    /// Removes the certificates that have expired, which verify nothing any more; public keys stay.
    pub fn discard_expired(&mut self, now: UnixTime) {
        self.0.retain(|key| !key.is_expired(now));
    }

    /// Finds a key by its id; serial numbers are compared as numbers.
    #[must_use]
    pub fn get(&self, id: &KeyId) -> Option<&PlatformKey> {
        self.0.iter().find(|key| key.id == *id)
    }

    /// Finds a key by the text of a header.
    pub(super) fn find(&self, id: &str) -> Option<&PlatformKey> {
        self.0.iter().find(|key| key.id.is(id))
    }

    /// All keys, in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &PlatformKey> {
        self.0.iter()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The key to ask answers for and to seal sensitive fields with: a public key if there is one, otherwise the
    /// newest certificate that has not expired.
    #[must_use]
    pub fn preferred(&self, now: UnixTime) -> Option<&PlatformKey> {
        let usable = self.0.iter().filter(|key| !key.is_expired(now));
        // A public key (no validity) comes after every certificate; among certificates the latest start wins.
        usable.max_by_key(|key| key.validity.map_or((1, None), |(start, _)| (0, Some(start))))
    }

    /// The ids, for error messages.
    pub(super) fn list(&self) -> String {
        if self.0.is_empty() {
            return "none".to_owned();
        }
        self.0
            .iter()
            .map(|key| key.id.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl FromIterator<PlatformKey> for PlatformKeys {
    fn from_iter<I: IntoIterator<Item = PlatformKey>>(keys: I) -> Self {
        keys.into_iter().fold(Self::new(), Self::with)
    }
}
