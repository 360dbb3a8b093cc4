//! What can go wrong with the list of platform certificates.

use crate::crypto::{CryptoError, KeyError};
use crate::error::Error;
use crate::outcome::Outcome;

/// Platform certificates that cannot be had, or not be trusted.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CertificatesError {
    /// The call itself failed: refused, unproven or unreadable.
    #[error(transparent)]
    Call(#[from] Error),
    /// The list is empty, or holds nothing that can be used.
    #[error(
        "the answer holds no platform certificate that can be used ({expired} have expired, {skipped} need an \
         algorithm that is not supported here)"
    )]
    NoCertificate {
        /// How many have expired.
        expired: usize,
        /// How many need an algorithm that this build has not.
        skipped: usize,
    },
    /// An entry cannot be decrypted.
    #[error(
        "platform certificate {serial_no}: {source}; is the APIv3 key the one that is set on the merchant platform?"
    )]
    Decrypt {
        /// The entry's `serial_no`, empty for one that was to be written and is no certificate.
        serial_no: String,
        /// Why not.
        source: CryptoError,
    },
    /// An entry is no platform certificate.
    #[error("platform certificate {serial_no}: {source}")]
    Unreadable {
        /// The entry's `serial_no`.
        serial_no: String,
        /// What it is instead.
        source: KeyError,
    },
    /// An entry is another certificate than it says.
    #[error("the entry {told} holds the certificate {found}")]
    SerialMismatch {
        /// The entry's `serial_no`.
        told: String,
        /// The serial number in the certificate.
        found: String,
    },
    /// A certificate was not issued by the given root.
    #[error("platform certificate {serial_no} is not trusted: {source}")]
    Root {
        /// Its serial number.
        serial_no: String,
        /// Why not.
        source: KeyError,
    },
}

impl CertificatesError {
    /// May the call have been executed? It only reads, so calling again is always safe.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Call(error) => error.outcome(),
            _ => Outcome::Unknown,
        }
    }
}

/// An entry of the list that this build cannot use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// Its `serial_no`.
    pub serial_no: String,
    /// Why not.
    pub problem: String,
}
