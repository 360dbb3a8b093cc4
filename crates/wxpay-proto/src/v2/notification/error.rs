//! What can go wrong with a notification, and what to answer then.

use super::acknowledgement::Acknowledgement;
use crate::crypto::CryptoError;
use crate::error::VerifyError;
use crate::v2::xml::XmlError;

/// A notification from which nothing may be taken. WeChat Pay sends it again when it is answered with
/// [`acknowledgement`](Self::acknowledgement).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// The body is no v2 message.
    #[error("the body is no v2 message: {0}")]
    Xml(#[from] XmlError),
    /// It says itself that it failed, without a signature.
    #[error("the notification says that it failed: {message}")]
    Failed {
        /// `return_msg`, unproven.
        message: String,
    },
    /// Nothing proves that it is WeChat Pay's.
    #[error("the notification is not proven to be WeChat Pay's: {0}")]
    Unverified(#[from] VerifyError),
    /// A field is missing that this kind of notification has.
    #[error("the notification has no field `{field}`: is it of another kind?")]
    Lacks {
        /// The field.
        field: &'static str,
    },
    /// Its encrypted part cannot be decrypted.
    #[error("the notification cannot be opened: {0}")]
    Cipher(#[from] CryptoError),
    /// Its encrypted part was decrypted, and is no XML.
    #[error(
        "what was decrypted is no XML ({0}); is the API key the one that is set on the merchant platform?"
    )]
    Plaintext(XmlError),
}

impl NotificationError {
    /// What to answer. The sender is not told why.
    #[must_use]
    pub fn acknowledgement(&self) -> Acknowledgement {
        Acknowledgement::failure("失败")
    }
}
