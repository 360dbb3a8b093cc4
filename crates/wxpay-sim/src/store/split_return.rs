//! Shares that are given back (分账回退单).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::record::Record;
use super::seconds;

/// Where a return stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ReturnState {
    Processing,
    Success,
    Failed,
}

impl ReturnState {
    /// The official word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
        }
    }
}

/// A return of a merchant's share.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct SplitReturn {
    pub(crate) mchid: String,
    pub(crate) out_return_no: String,
    pub(crate) return_id: String,
    /// The key of the request whose share it is.
    pub(crate) split: String,
    /// Who gives it back.
    pub(crate) return_mchid: String,
    /// In fen.
    pub(crate) amount: i64,
    pub(crate) description: String,
    /// The parameters of its creation.
    pub(crate) asked: Document,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    pub(crate) state: ReturnState,
    pub(crate) fail_reason: Option<String>,
    #[serde(with = "seconds::optional")]
    pub(crate) finished: Option<UnixTime>,
    /// When it comes to its end by itself.
    #[serde(with = "seconds::optional")]
    pub(crate) settles: Option<UnixTime>,
}

impl SplitReturn {
    /// The key of the return with a merchant's number.
    pub(crate) fn key_of(mchid: &str, out_return_no: &str) -> String {
        format!("{mchid}/{out_return_no}")
    }
}

impl Record for SplitReturn {
    const SHELF: &'static str = "split_return";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.out_return_no)
    }

    fn marks(&self) -> Vec<String> {
        vec![format!("split:{}", self.split)]
    }

    fn due(&self) -> Option<UnixTime> {
        self.settles
    }
}
