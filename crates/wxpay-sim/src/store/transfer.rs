//! Merchant transfer bills (商家转账单).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::moment::Moment;
use super::record::Record;
use super::seconds;

/// Where a transfer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TransferState {
    /// The user has to say that the money is welcome.
    WaitUserConfirm,
    /// The user has said so.
    Transfering,
    Success,
    Fail,
    /// The merchant takes it back.
    Canceling,
    Cancelled,
}

impl TransferState {
    /// The official word, with the official spelling.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::WaitUserConfirm => "WAIT_USER_CONFIRM",
            Self::Transfering => "TRANSFERING",
            Self::Success => "SUCCESS",
            Self::Fail => "FAIL",
            Self::Canceling => "CANCELING",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// A transfer to a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Transfer {
    pub(crate) mchid: String,
    pub(crate) out_bill_no: String,
    pub(crate) transfer_bill_no: String,
    pub(crate) appid: String,
    pub(crate) openid: String,
    /// In plaintext.
    pub(crate) user_name: Option<String>,
    /// In fen.
    pub(crate) amount: i64,
    pub(crate) remark: String,
    pub(crate) notify_url: Option<String>,
    /// What takes the user to the page on which the transfer is confirmed.
    pub(crate) package_info: String,
    /// The parameters of its creation, sensitive fields opened: sealing gives other bytes each time.
    pub(crate) asked: Document,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    #[serde(with = "seconds")]
    pub(crate) updated: UnixTime,
    pub(crate) state: TransferState,
    pub(crate) fail_reason: Option<String>,
    /// When its state changes by itself.
    #[serde(with = "seconds::optional")]
    pub(crate) changes: Option<UnixTime>,
    /// What happened to it, oldest first.
    #[serde(default)]
    pub(crate) history: Vec<Moment>,
}

impl TransferState {
    /// What is said of the moment in which a transfer comes to it.
    const fn moment(self) -> &'static str {
        match self {
            Self::WaitUserConfirm => "transfer accepted",
            Self::Transfering => "confirmed by the user",
            Self::Success => "transfer succeeded",
            Self::Fail => "transfer failed",
            Self::Canceling => "cancellation accepted",
            Self::Cancelled => "cancelled",
        }
    }
}

impl Transfer {
    /// Comes to a state.
    pub(crate) fn turn(&mut self, state: TransferState, at: UnixTime) {
        self.state = state;
        self.updated = at;
        self.history.push(Moment::new(at, state.moment()));
    }

    /// What happened to it; of a row that is older than histories what its times tell.
    pub(crate) fn moments(&self) -> Vec<Moment> {
        if !self.history.is_empty() {
            return self.history.clone();
        }
        let waits = TransferState::WaitUserConfirm;
        let accepted = Moment::new(self.created, waits.moment());
        let turned = Moment::new(self.updated, self.state.moment());
        [accepted]
            .into_iter()
            .chain((self.state != waits).then_some(turned))
            .collect()
    }

    /// The key of the transfer with a merchant's number.
    pub(crate) fn key_of(mchid: &str, out_bill_no: &str) -> String {
        format!("{mchid}/{out_bill_no}")
    }
}

impl Record for Transfer {
    const SHELF: &'static str = "transfer";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.out_bill_no)
    }

    fn marks(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.transfer_bill_no),
            format!("number:{}", self.out_bill_no),
        ]
    }

    fn due(&self) -> Option<UnixTime> {
        self.changes
    }
}
