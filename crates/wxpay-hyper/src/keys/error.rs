//! Why WeChat Pay's keys cannot be had.

use wxpay_proto::v3::certificates::CertificatesError;

/// WeChat Pay's keys cannot be had, or not the one that is wanted. It can be cloned, because everybody who waited for a
/// download gets what came of it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum KeysError {
    /// No client was made with the store yet, so that it has nothing to send with.
    #[error("no client was made with this key store yet (ClientBuilder::key_store), which would send for it")]
    NoClient,
    /// WeChat Pay has no certificates for this merchant, who works with the public key (微信支付公钥) alone.
    #[error(
        "WeChat Pay has no platform certificates for this merchant; give the WeChat Pay public key and its id, from the \
         merchant platform (KeyStoreBuilder::platform_keys)"
    )]
    PublicKeyMode,
    /// The download brought no answer, or WeChat Pay refused.
    #[error("the platform certificates were not downloaded: {problem}")]
    Download {
        /// What went wrong.
        problem: String,
    },
    /// The list that was downloaded cannot be trusted or used.
    #[error(transparent)]
    Certificates(Box<CertificatesError>),
    /// The certificates are there, and this key is not among them.
    #[error("no key {serial} of WeChat Pay is known, and the list of platform certificates does not have it")]
    Unknown {
        /// The serial number or id.
        serial: String,
    },
    /// The same key was looked for a moment ago, in vain.
    #[error("no key {serial} of WeChat Pay is known; it was looked for a moment ago, in vain")]
    LookedFor {
        /// The serial number or id.
        serial: String,
    },
}

impl From<CertificatesError> for KeysError {
    fn from(error: CertificatesError) -> Self {
        Self::Certificates(Box::new(error))
    }
}
