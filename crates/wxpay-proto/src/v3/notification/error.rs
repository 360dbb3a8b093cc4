//! What can go wrong with a notification, and what to answer then.

use std::fmt;

use super::acknowledgement::Acknowledgement;
use crate::crypto::CryptoError;
use crate::error::VerifyError;
use crate::v3::body_hints::BodyHint;

/// A notification from which nothing may be taken. WeChat Pay sends it again when it is answered with
/// [`acknowledgement`](Self::acknowledgement).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// Nothing proves that it is WeChat Pay's.
    #[error("the notification is not proven to be WeChat Pay's: {source}{}", Hints(hints))]
    Unverified {
        /// Why not.
        source: VerifyError,
        /// What can be seen on the body, where the signature does not fit it.
        hints: Vec<BodyHint>,
    },
    /// It is authentic, but no notification.
    #[error("the authentic body is no notification: {problem}")]
    Malformed {
        /// What is wrong.
        problem: String,
    },
    /// It is authentic, but cannot be decrypted.
    #[error(
        "the notification cannot be opened: {source}; is the APIv3 key the one that is set on the merchant platform?"
    )]
    Cipher {
        /// Why not.
        source: CryptoError,
    },
    /// It was to be opened as one that was stored, and is none.
    #[error(
        "this is no stored notification: only what `VerifiedNotification::to_stored` gave can be opened so"
    )]
    NotStored,
    /// It was decrypted, and is no JSON.
    #[error("the decrypted resource is no JSON: {problem}")]
    Plaintext {
        /// What is wrong.
        problem: String,
    },
}

impl NotificationError {
    /// Whether it was WeChat Pay's probe (探测流量): a wrong signature on purpose. It is answered like every other
    /// failure, and needs no alarm.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        matches!(
            self,
            Self::Unverified {
                source: VerifyError::Probe,
                ..
            }
        )
    }

    /// What to answer: 401 when nothing is proven, 500 otherwise, as the cause is then to be found at this end. The
    /// sender is not told why.
    #[must_use]
    pub fn acknowledgement(&self) -> Acknowledgement {
        match self {
            Self::Unverified { .. } => Acknowledgement::unverified(),
            _ => Acknowledgement::failure("失败"),
        }
    }
}

struct Hints<'a>(&'a [BodyHint]);

impl fmt::Display for Hints<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, hint) in self.0.iter().enumerate() {
            let before = if index == 0 { ". Of the body: " } else { "; " };
            write!(f, "{before}{hint}")?;
        }
        Ok(())
    }
}
