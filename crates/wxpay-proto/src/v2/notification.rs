//! Notifications (回调通知) of v2: of payments and contracts, of refunds, and of payment scores (protocol sections 4.5
//! and 7.9).
//!
//! They differ in what proves them, and so do the types that come out:
//!
//! | notification | method | proof |
//! |---|---|---|
//! | payment, papay (委托代扣) and all else with `sign` | [`verify`](UnverifiedNotification::verify) | MD5 or HMAC-SHA256 with the APIv2 key |
//! | refund: `req_info`, no `sign` | [`open_refund`](UnverifiedNotification::open_refund) | none, see [`UnauthenticatedRefund`] |
//! | payscore (支付分): `sign`, and an encrypted event | `verify`, then [`open_event`](VerifiedNotification::open_event) | the APIv2 key, then the APIv3 key |

mod acknowledgement;
mod error;
mod refund_key;
mod seal;

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::credentials::SignType;
use super::sign::verify_sign;
use super::xml::{self, Fields};
use crate::crypto::{Aead, Algorithm, CryptoError, aes};
use crate::error::{ParseError, VerifyError};
use crate::fields::{ListSpec, regroup};
use crate::secret::{ApiV2Key, ApiV3Key};

pub use acknowledgement::Acknowledgement;
pub use error::NotificationError;
pub use seal::{seal, seal_event, seal_refund};

/// A notification that nothing proves yet. Its fields cannot be read.
#[derive(Clone)]
pub struct UnverifiedNotification {
    body: Bytes,
}

impl UnverifiedNotification {
    /// Takes the body as it arrived.
    #[must_use]
    pub fn receive(body: impl Into<Bytes>) -> Self {
        Self { body: body.into() }
    }

    /// Verifies the field `sign`.
    ///
    /// The algorithm is told by the signature's length, since it is seen to differ from the order's now and then; what
    /// was `expected` is held against it in [`VerifiedNotification::differs`].
    ///
    /// # Errors
    /// [`NotificationError::Unverified`] when `sign` is missing or does not fit, or is MD5 where the message itself says
    /// HMAC-SHA256 in `algorithm`; [`NotificationError::Failed`] for a `return_code` other than `SUCCESS`.
    pub fn verify(
        &self,
        key: &ApiV2Key,
        expected: Option<SignType>,
    ) -> Result<VerifiedNotification, NotificationError> {
        let fields = self.fields()?;
        let algorithm = verify_sign(&fields, key)?;
        let told = fields.get("algorithm").map(String::as_str);
        if told == Some("HMAC-SHA256") && algorithm != Algorithm::HmacSha256 {
            return Err(VerifyError::WeakAlgorithm {
                found: algorithm.as_str(),
            }
            .into());
        }
        Ok(VerifiedNotification {
            fields,
            algorithm,
            expected,
            body: self.body.clone(),
        })
    }

    /// Decrypts `req_info` of a refund notification (退款结果通知).
    ///
    /// A `sign` that is there must verify; none is documented.
    ///
    /// # Errors
    /// [`NotificationError::Cipher`] when it cannot be decrypted, [`NotificationError::Plaintext`] when what comes out
    /// is no XML, [`NotificationError::Lacks`] when there is no `req_info`.
    pub fn open_refund(&self, key: &ApiV2Key) -> Result<UnauthenticatedRefund, NotificationError> {
        let outer = self.fields()?;
        if outer.get("sign").is_some_and(|sign| !sign.is_empty()) {
            verify_sign(&outer, key)?;
        }
        let info = required(&outer, "req_info")?;
        let ciphertext = STANDARD.decode(info).map_err(|error| CryptoError::NotBase64 {
            problem: error.to_string(),
        })?;
        if ciphertext.is_empty() {
            return Err(CryptoError::Decrypt.into());
        }
        let plaintext = aes::open_ecb(&refund_key::refund_key(key), &ciphertext)?;
        let claimed = xml::read(&plaintext).map_err(NotificationError::Plaintext)?;
        Ok(UnauthenticatedRefund { outer, claimed })
    }

    fn fields(&self) -> Result<Fields, NotificationError> {
        let fields = xml::read(&self.body)?;
        // A failed communication is not signed, so there is nothing more to be learned.
        match fields.get("return_code") {
            Some(code) if code != "SUCCESS" => Err(NotificationError::Failed {
                message: fields.get("return_msg").cloned().unwrap_or_default(),
            }),
            _ => Ok(fields),
        }
    }
}

impl fmt::Debug for UnverifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnverifiedNotification({} bytes)", self.body.len())
    }
}

fn required<'a>(fields: &'a Fields, name: &'static str) -> Result<&'a str, NotificationError> {
    fields
        .get(name)
        .map(String::as_str)
        .ok_or(NotificationError::Lacks { field: name })
}

/// A notification whose signature verified.
///
/// Compare the amount with your order's before anything is delivered: it is what was paid, not what was asked for.
#[derive(Clone)]
pub struct VerifiedNotification {
    fields: Fields,
    algorithm: Algorithm,
    expected: Option<SignType>,
    body: Bytes,
}

impl VerifiedNotification {
    /// The fields, `sign` included.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// One field; an empty one counts as missing.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields
            .get(name)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }

    /// Whether `result_code` says `SUCCESS`, or is not there, as in notifications that are sent for successes only.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.field("result_code").is_none_or(|code| code == "SUCCESS")
    }

    /// Reads the fields, with numbered fields regrouped into the given lists.
    ///
    /// # Errors
    /// [`ParseError`] when they do not fit `T`.
    pub fn read<T: DeserializeOwned>(&self, lists: &[ListSpec]) -> Result<T, ParseError> {
        read(&self.fields, lists)
    }

    /// The algorithm of the signature, told by its length.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Whether the signature's algorithm is another than the expected one. It is authentic all the same.
    #[must_use]
    pub fn differs(&self) -> bool {
        self.expected
            .is_some_and(|expected| expected.algorithm() != self.algorithm)
    }

    /// The body as it arrived.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Decrypts the event of a payment-score notification (`event_ciphertext`) with the **APIv3** key; the signature
    /// around it was made with the APIv2 key.
    ///
    /// # Errors
    /// [`NotificationError::Lacks`] when there is no event; [`NotificationError::Cipher`] when the key does not open it,
    /// or its algorithm is unknown here; [`NotificationError::Plaintext`] when what comes out is no XML.
    pub fn open_event(&self, key: &ApiV3Key) -> Result<OpenedEvent, NotificationError> {
        let ciphertext = required(&self.fields, "event_ciphertext")?;
        let nonce = required(&self.fields, "event_nonce")?;
        let aad = self.field("event_associated_data").unwrap_or_default();
        let aead = Aead::find(required(&self.fields, "event_algorithm")?)?;
        let plaintext = aead.open_base64(key, nonce, aad, ciphertext)?;
        let fields = xml::read(&plaintext).map_err(NotificationError::Plaintext)?;
        Ok(OpenedEvent {
            notification: self.clone(),
            fields,
        })
    }
}

/// The fields are left out: they may hold personal data.
impl fmt::Debug for VerifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedNotification")
            .field("algorithm", &self.algorithm)
            .field("expected", &self.expected)
            .finish_non_exhaustive()
    }
}

/// The event of a payment-score notification, verified and decrypted.
#[derive(Clone)]
pub struct OpenedEvent {
    notification: VerifiedNotification,
    fields: Fields,
}

impl OpenedEvent {
    /// `event_id`: the same each time this event is sent.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.notification.field("event_id")
    }

    /// `event_type`: `CHECK.SUCCESS`, `TRANSACTION.FAIL` …
    #[must_use]
    pub fn event_type(&self) -> Option<&str> {
        self.notification.field("event_type")
    }

    /// What was encrypted.
    #[must_use]
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Reads what was encrypted.
    ///
    /// # Errors
    /// [`ParseError`] when it does not fit `T`.
    pub fn read<T: DeserializeOwned>(&self, lists: &[ListSpec]) -> Result<T, ParseError> {
        read(&self.fields, lists)
    }

    /// The notification around it.
    #[must_use]
    pub fn notification(&self) -> &VerifiedNotification {
        &self.notification
    }
}

impl fmt::Debug for OpenedEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedEvent")
            .field("id", &self.id())
            .field("event_type", &self.event_type())
            .finish_non_exhaustive()
    }
}

/// What a refund notification claims. **Nothing authenticates it**: AES-ECB has no tag, and the document around it no
/// signature.
///
/// That it could be decrypted makes it likely that the sender has the APIv2 key; but blocks of old notifications can be
/// put together to a new one without it, and the outer fields can be anything. Take it as a reason to query the refund,
/// and let the query's answer decide.
#[derive(Clone)]
pub struct UnauthenticatedRefund {
    outer: Fields,
    claimed: Fields,
}

impl UnauthenticatedRefund {
    /// The fields around the encrypted part: `appid`, `mch_id` …, as claimed.
    #[must_use]
    pub fn outer(&self) -> &Fields {
        &self.outer
    }

    /// The fields of the encrypted part: `refund_id`, `refund_status` …, as claimed.
    #[must_use]
    pub fn claimed(&self) -> &Fields {
        &self.claimed
    }

    /// Reads the fields around the encrypted part, as claimed.
    ///
    /// # Errors
    /// [`ParseError`] when they do not fit `T`.
    pub fn read_outer<T: DeserializeOwned>(&self, lists: &[ListSpec]) -> Result<T, ParseError> {
        read(&self.outer, lists)
    }

    /// Reads the encrypted part, as claimed.
    ///
    /// # Errors
    /// [`ParseError`] when it does not fit `T`.
    pub fn read_claimed<T: DeserializeOwned>(&self, lists: &[ListSpec]) -> Result<T, ParseError> {
        read(&self.claimed, lists)
    }
}

impl fmt::Debug for UnauthenticatedRefund {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnauthenticatedRefund").finish_non_exhaustive()
    }
}

fn read<T: DeserializeOwned>(fields: &Fields, lists: &[ListSpec]) -> Result<T, ParseError> {
    let nothing = serde_json::Map::new();
    let object = regroup(fields, &nothing, lists);
    T::deserialize(object).map_err(|error| ParseError::new(error.to_string()))
}
