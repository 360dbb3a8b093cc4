//! Fields that travel encrypted (敏感信息): names, identity and bank card numbers, phone numbers.
//!
//! A value goes through these states:
//!
//! ```text
//! from text, or read by serde ──▶ unsealed ──seal(key)──▶ sealed      (requests)
//!                                    └──────open(key)───▶ opened      (answers: the text was a ciphertext)
//! ```
//!
//! Only sealed and opened values can be written, and what is written is always the ciphertext, so that plaintext
//! cannot be sent by mistake.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroizing;

use crate::crypto::{CryptoError, Decryptor, Encryptor, Entropy, Padding};
use crate::id::KeyId;

/// A field that is encrypted in transit with RSA-OAEP (protocol section 5).
///
/// `Debug` shows the state and never the text. Length limits of the documentation count the plaintext; a 2048-bit key
/// can seal at most 214 bytes of UTF-8.
#[derive(Clone)]
pub struct Sensitive(State);

#[derive(Clone)]
enum State {
    /// A text that was given or read: plaintext to be sealed, or ciphertext to be opened.
    Unsealed(Zeroizing<String>),
    /// A ciphertext and the key it was sealed for.
    Sealed { ciphertext: String, key: KeyId },
    /// A ciphertext and what it says.
    Opened {
        ciphertext: String,
        plaintext: Zeroizing<String>,
    },
}

impl Sensitive {
    /// A plaintext, to be sealed before it is sent.
    #[must_use]
    pub fn new(plaintext: impl Into<String>) -> Self {
        Self(State::Unsealed(Zeroizing::new(plaintext.into())))
    }

    /// A ciphertext that was sealed elsewhere, in base64, with the key it was sealed for.
    #[must_use]
    pub fn sealed(ciphertext: impl Into<String>, key: KeyId) -> Self {
        Self(State::Sealed {
            ciphertext: ciphertext.into(),
            key,
        })
    }

    /// Encrypts the text for one of WeChat Pay's keys. A value that is sealed or opened stays as it is.
    ///
    /// # Errors
    /// [`CryptoError`] when the text is too long for the key.
    pub fn seal(
        &mut self,
        encryptor: &(impl Encryptor + ?Sized),
        key: &KeyId,
        entropy: &mut dyn Entropy,
    ) -> Result<(), CryptoError> {
        self.seal_with(Padding::OaepSha1, encryptor, key, entropy)
    }

    /// As [`seal`](Self::seal), with another padding: for the few operations that are documented to have one.
    ///
    /// # Errors
    /// [`CryptoError`] when the text is too long for the key.
    pub fn seal_with(
        &mut self,
        padding: Padding,
        encryptor: &(impl Encryptor + ?Sized),
        key: &KeyId,
        entropy: &mut dyn Entropy,
    ) -> Result<(), CryptoError> {
        if let State::Unsealed(plaintext) = &self.0 {
            let bytes = encryptor.encrypt(padding, plaintext.as_bytes(), entropy)?;
            self.0 = State::Sealed {
                ciphertext: STANDARD.encode(bytes),
                key: key.clone(),
            };
        }
        Ok(())
    }

    /// Decrypts a text that came in an answer, where it is encrypted for the merchant's certificate. A value that is
    /// sealed or opened stays as it is.
    ///
    /// # Errors
    /// [`CryptoError::Decrypt`] for every way in which it fails; which one is not told, on purpose.
    pub fn open(&mut self, decryptor: &(impl Decryptor + ?Sized)) -> Result<(), CryptoError> {
        self.open_with(Padding::OaepSha1, decryptor)
    }

    /// As [`open`](Self::open), with another padding: for the few operations that are documented to have one.
    ///
    /// # Errors
    /// As for [`open`](Self::open).
    pub fn open_with(
        &mut self,
        padding: Padding,
        decryptor: &(impl Decryptor + ?Sized),
    ) -> Result<(), CryptoError> {
        if let State::Unsealed(text) = &self.0 {
            let bytes = STANDARD
                .decode(text.as_bytes())
                .map_err(|_| CryptoError::Decrypt)?;
            let plaintext = decryptor.decrypt(padding, &bytes)?;
            let plaintext = std::str::from_utf8(&plaintext)
                .map_err(|_| CryptoError::Decrypt)?
                .to_owned();
            self.0 = State::Opened {
                ciphertext: text.to_string(),
                plaintext: Zeroizing::new(plaintext),
            };
        }
        Ok(())
    }

    /// The plaintext of an opened value, or the text that a value was made with or read from; nothing for a value
    /// that is sealed.
    #[must_use]
    pub fn expose(&self) -> Option<&str> {
        match &self.0 {
            State::Unsealed(text) => Some(text),
            State::Opened { plaintext, .. } => Some(plaintext),
            State::Sealed { .. } => None,
        }
    }

    /// The key that a sealed value was sealed for.
    #[must_use]
    pub fn key(&self) -> Option<&KeyId> {
        match &self.0 {
            State::Sealed { key, .. } => Some(key),
            _ => None,
        }
    }

    /// Whether it can be written: it is sealed or opened.
    #[must_use]
    pub fn is_writable(&self) -> bool {
        !matches!(self.0, State::Unsealed(_))
    }
}

impl From<&str> for Sensitive {
    fn from(plaintext: &str) -> Self {
        Self::new(plaintext)
    }
}

impl From<String> for Sensitive {
    fn from(plaintext: String) -> Self {
        Self::new(plaintext)
    }
}

impl fmt::Debug for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            State::Unsealed(_) => f.write_str("Sensitive(unsealed)"),
            State::Sealed { key, .. } => write!(f, "Sensitive(sealed for {key})"),
            State::Opened { .. } => f.write_str("Sensitive(opened)"),
        }
    }
}

impl Serialize for Sensitive {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            State::Sealed { ciphertext, .. } | State::Opened { ciphertext, .. } => {
                serializer.serialize_str(ciphertext)
            }
            State::Unsealed(_) => Err(serde::ser::Error::custom(
                "a sensitive field is not sealed: call seal() with a platform key first (the transport does so itself)",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Sensitive {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::open_enum::__text(deserializer).map(Self::new)
    }
}
