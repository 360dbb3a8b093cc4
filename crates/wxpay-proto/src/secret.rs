//! The symmetric keys of a merchant: text that must never be seen again once it is in here.
//!
//! None of these types can be cloned, compared, displayed or serialised, and their memory is wiped on drop.

use std::fmt;

use zeroize::Zeroizing;

/// The APIv3 key (APIv3 密钥): 32 ASCII characters that decrypt notifications and platform certificates.
pub struct ApiV3Key(Zeroizing<[u8; 32]>);

impl ApiV3Key {
    /// Takes the key as it was set on the merchant platform.
    ///
    /// # Errors
    /// [`InvalidApiKey`] when it is not exactly 32 ASCII characters: AES itself would also take 16 or 24, and decrypt
    /// nothing.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidApiKey> {
        let text = Zeroizing::new(text.into());
        let bytes = <&[u8; 32]>::try_from(text.as_bytes()).map_err(|_| InvalidApiKey::Length {
            kind: "APIv3",
            bytes: text.len(),
        })?;
        printable("APIv3", &text)?;
        Ok(Self(Zeroizing::new(*bytes)))
    }

    /// The 32 bytes of the AES-256 key.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for ApiV3Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV3Key(…)")
    }
}

/// The APIv2 key (APIv2 密钥): the shared secret of v2's MD5 and HMAC-SHA256 signatures, 32 characters on every
/// merchant account.
pub struct ApiV2Key(Zeroizing<Vec<u8>>);

impl ApiV2Key {
    /// Takes the key as it was set on the merchant platform.
    ///
    /// Other lengths than 32 are let through (retired sandboxes handed out their own); what cannot be right is not.
    ///
    /// # Errors
    /// [`InvalidApiKey`] when it is empty or holds white space or control characters, as a key read from a file
    /// together with its line feed does.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidApiKey> {
        let text = Zeroizing::new(text.into());
        if text.is_empty() {
            return Err(InvalidApiKey::Empty { kind: "APIv2" });
        }
        printable("APIv2", &text)?;
        Ok(Self(Zeroizing::new(text.as_bytes().to_vec())))
    }

    /// The bytes of the key.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for ApiV2Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiV2Key(…)")
    }
}

fn printable(kind: &'static str, text: &str) -> Result<(), InvalidApiKey> {
    match text.bytes().position(|b| !b.is_ascii_graphic()) {
        None => Ok(()),
        Some(index) => Err(InvalidApiKey::Character { kind, index }),
    }
}

/// A text that cannot be an API key. The text itself is not part of the error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidApiKey {
    /// Nothing was given.
    #[error("the {kind} key is empty; set it on the merchant platform (账户中心 → API安全) and pass it here")]
    Empty {
        /// Which key.
        kind: &'static str,
    },
    /// The length is wrong.
    #[error("the {kind} key has {bytes} bytes; it is exactly 32 ASCII characters")]
    Length {
        /// Which key.
        kind: &'static str,
        /// How long the given text is, in bytes.
        bytes: usize,
    },
    /// A character cannot stand in a key.
    #[error(
        "the {kind} key holds a space, line feed, control or non-ASCII character at byte {index}; was it read from a \
         file together with its line end?"
    )]
    Character {
        /// Which key.
        kind: &'static str,
        /// Where, counted in bytes from 0.
        index: usize,
    },
}
