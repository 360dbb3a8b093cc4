//! The `Authorization` header (protocol section 1.3): made by clients, read by the simulator.

use std::fmt::{self, Write as _};
use std::ops::Range;

use super::credentials::Scheme;
use crate::crypto::Signature;
use crate::stamp::Stamp;

/// The parts of an `Authorization` header, each as its text.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the header has these parts and no others"
)]
pub struct Authorization {
    /// The scheme at the head.
    pub scheme: Scheme,
    /// The value of `mchid` or `brand_id`.
    pub identity: String,
    /// `nonce_str`.
    pub nonce_str: String,
    /// `timestamp`: Unix seconds in decimal.
    pub timestamp: String,
    /// `serial_no`: the serial number of the account's API certificate.
    pub serial_no: String,
    /// `signature`: base64.
    pub signature: String,
}

impl Authorization {
    /// Reads a header. The order of the pairs is free, and blanks after commas are let through.
    ///
    /// # Errors
    /// [`AuthorizationError`] that names the part that is wrong.
    pub fn parse(header: &str) -> Result<Self, AuthorizationError> {
        let malformed = |problem: String| AuthorizationError::Malformed { problem };
        let (name, pairs) = header
            .split_once(' ')
            .ok_or_else(|| malformed("no blank after the scheme".to_owned()))?;
        let scheme = Scheme::ALL.iter().copied().find(|scheme| scheme.name() == name);
        let scheme = scheme.ok_or_else(|| AuthorizationError::UnsupportedScheme {
            found: name.to_owned(),
        })?;
        let names = [
            scheme.identity(),
            "nonce_str",
            "timestamp",
            "serial_no",
            "signature",
        ];
        let mut values = [const { None }; 5];
        for pair in pairs.split(',') {
            let (name, value) = pair
                .trim()
                .split_once('=')
                .ok_or_else(|| malformed(format!("{pair:?} is no pair")))?;
            let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let value = value.filter(|value| !value.contains('"'));
            let value = value.ok_or_else(|| malformed(format!("the value of `{name}` is not in quotes")))?;
            let slot = names
                .iter()
                .position(|known| *known == name)
                .and_then(|slot| values.get_mut(slot));
            let slot = slot.ok_or_else(|| malformed(format!("`{name}` is unknown in this scheme")))?;
            if slot.replace(value.to_owned()).is_some() {
                return Err(malformed(format!("`{name}` stands twice")));
            }
        }
        let mut parts = names.into_iter().zip(values).map(|(name, value)| {
            value
                .filter(|value| !value.is_empty())
                .ok_or_else(|| malformed(format!("`{name}` is missing or empty")))
        });
        // Invariant: `parts` yields one item for each of the five names, in their order.
        let mut next = || {
            parts
                .next()
                .unwrap_or_else(|| Err(malformed("too few parts".to_owned())))
        };
        Ok(Self {
            scheme,
            identity: next()?,
            nonce_str: next()?,
            timestamp: next()?,
            serial_no: next()?,
            signature: next()?,
        })
    }
}

/// A header that only its signature is missing from. It is written once, and holds what the message is made of.
#[derive(Debug)]
pub(super) struct Unsigned {
    text: String,
    nonce: Range<usize>,
    timestamp: Range<usize>,
}

/// The length of an RSA-2048 signature in base64, and of the quote behind it.
const SIGNATURE: usize = 344 + 1;

impl Unsigned {
    pub(super) fn new(scheme: Scheme, identity: &str, stamp: &Stamp, serial: &str) -> Self {
        let nonce = stamp.nonce.as_str();
        let timestamp = stamp.timestamp.as_secs();
        let digits = timestamp.unsigned_abs().checked_ilog10().unwrap_or(0) as usize + 1;
        let digits = digits + usize::from(timestamp < 0);
        let parts = [
            scheme.name(),
            " ",
            scheme.identity(),
            "=\"",
            identity,
            "\",nonce_str=\"",
            nonce,
            "\",timestamp=\"",
        ];
        let (after, end) = ("\",serial_no=\"", "\",signature=\"");
        let length = parts.iter().map(|part| part.len()).sum::<usize>() + digits;
        let length = length + after.len() + serial.len() + end.len() + SIGNATURE;
        let mut text = String::with_capacity(length);
        let [before @ .., nonce, between] = &parts;
        before.iter().for_each(|part| text.push_str(part));
        let nonce_at = text.len()..text.len() + nonce.len();
        text.push_str(nonce);
        text.push_str(between);
        let timestamp_at = text.len()..text.len() + digits;
        // Writing into a text does not fail.
        let _ = write!(text, "{timestamp}");
        text.push_str(after);
        text.push_str(serial);
        text.push_str(end);
        Self {
            text,
            nonce: nonce_at,
            timestamp: timestamp_at,
        }
    }

    pub(super) fn nonce(&self) -> &str {
        &self.text[self.nonce.clone()]
    }

    pub(super) fn timestamp(&self) -> &str {
        &self.text[self.timestamp.clone()]
    }

    /// The whole header.
    pub(super) fn signed(mut self, signature: &Signature) -> String {
        signature.push_base64(&mut self.text);
        self.text.push('"');
        self.text
    }
}

/// Writes the header on one line.
impl fmt::Display for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}=\"{}\",nonce_str=\"{}\",timestamp=\"{}\",serial_no=\"{}\",signature=\"{}\"",
            self.scheme.name(),
            self.scheme.identity(),
            self.identity,
            self.nonce_str,
            self.timestamp,
            self.serial_no,
            self.signature,
        )
    }
}

/// The signature is left out: within 300 s, whoever has it can replay the request.
impl fmt::Debug for Authorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorization")
            .field("scheme", &self.scheme)
            .field("identity", &self.identity)
            .field("timestamp", &self.timestamp)
            .field("serial_no", &self.serial_no)
            .finish_non_exhaustive()
    }
}

/// A header that is no `Authorization` of WeChat Pay's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorizationError {
    /// The header is not in the right form.
    #[error("Authorization: {problem}")]
    Malformed {
        /// What is wrong.
        problem: String,
    },
    /// The scheme is not known.
    #[error("Authorization: the scheme {found:?} is not supported")]
    UnsupportedScheme {
        /// The scheme.
        found: String,
    },
}
