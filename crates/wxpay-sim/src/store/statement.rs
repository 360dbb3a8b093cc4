//! Files that were made for a merchant and wait to be downloaded.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::record::Record;
use super::seconds;

/// A bill behind a `download_url`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Statement {
    pub(crate) token: String,
    /// Who asked for it.
    pub(crate) mchid: String,
    /// The uncompressed text.
    pub(crate) text: String,
    pub(crate) gzip: bool,
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
