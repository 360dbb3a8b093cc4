//! The moment and the random text that one attempt at a request carries.
//!
//! The core reads no clock and draws no random numbers: both arrive as arguments, so that the same input always
//! gives the same bytes. Every attempt needs a stamp of its own, because WeChat Pay refuses a timestamp that is more
//! than 300 s off.

use std::fmt;

/// A point in time as Unix seconds (UTC), the unit of every timestamp that WeChat Pay signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixTime(i64);

impl UnixTime {
    /// The point `seconds` after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0
    }

    /// How many seconds `self` lies after `earlier`; negative when it lies before. Never overflows.
    #[must_use]
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A random text (随机串) of 1 to 32 ASCII letters and digits.
///
/// It goes between quotes into a header and between line feeds into the message, which is why nothing but letters
/// and digits is let in (protocol section 1.4).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Nonce(String);

impl Nonce {
    /// Takes a text that the caller made.
    ///
    /// # Errors
    /// [`InvalidNonce`] when it is empty, longer than 32 characters, or holds anything but ASCII letters and digits.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidNonce> {
        let text = text.into();
        let fits = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(Self(text)) } else { Err(InvalidNonce) }
    }

    /// Makes a nonce of 32 characters from 32 random bytes (about 160 bits of entropy survive).
    #[must_use]
    pub fn from_entropy(random: [u8; 32]) -> Self {
        // 32 symbols, so that every byte maps onto one of them without bias. I, L, O and U are left out, as people
        // read nonces aloud on the phone.
        const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        Self(
            random
                .iter()
                .map(|b| char::from(ALPHABET[usize::from(b % 32)]))
                .collect(),
        )
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A nonce that WeChat Pay would not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a nonce has 1 to 32 characters, each an ASCII letter or digit")]
pub struct InvalidNonce;

/// The moment and the random text of one attempt. Make a new one for every attempt, retries included.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a stamp is these two values and will not grow"
)]
pub struct Stamp {
    /// When the request is signed.
    pub timestamp: UnixTime,
    /// The random text.
    pub nonce: Nonce,
}

impl Stamp {
    /// Puts the two together.
    #[must_use]
    pub const fn new(timestamp: UnixTime, nonce: Nonce) -> Self {
        Self { timestamp, nonce }
    }
}
