//! Files that were made for a merchant and wait to be downloaded.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::record::Record;
use super::seconds;

/// The key of an encrypted file and its nonce, which the answer told.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Lock {
    /// 32 characters for AES-256, 16 for SM4.
    pub(crate) key: String,
    pub(crate) nonce: String,
}

/// A bill behind a `download_url`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) token: String,
    /// Who asked for it.
    pub(crate) mchid: String,
    /// The uncompressed text.
    pub(crate) text: String,
    pub(crate) gzip: bool,
    /// What the file is encrypted with, after it is packed.
    #[serde(default)]
    pub(crate) lock: Option<Lock>,
    #[serde(with = "seconds")]
    pub(crate) expires: UnixTime,
}

impl Record for Statement {
    const SHELF: &'static str = "statement";

    fn key(&self) -> String {
        self.token.clone()
    }

    fn due(&self) -> Option<UnixTime> {
        Some(self.expires)
    }
}
