//! How transfers are named from outside, and what becomes of them.

/// Names a merchant transfer bill (商家转账单) by its merchant's number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TransferRef {
    /// The merchant's number of the transfer.
    pub number: String,
    /// The merchant that asked for it. Needed only when two of them use the same number.
    pub creator: Option<String>,
}

impl TransferRef {
    /// A transfer by its `out_bill_no`.
    #[must_use]
    pub fn new(out_bill_no: impl Into<String>) -> Self {
        Self {
            number: out_bill_no.into(),
            creator: None,
        }
    }

    /// Says who asked for it.
    #[must_use]
    pub fn created_by(mut self, mchid: impl Into<String>) -> Self {
        self.creator = Some(mchid.into());
        self
    }
}

/// What the user, or the user's account, does with a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferOutcome {
    /// The user takes the money: `TRANSFERING`, and some seconds later `SUCCESS`.
    Confirmed,
    /// The user lets the time to confirm pass: `FAIL` with `OVERDUE_CLOSE`.
    Expired,
    /// It fails, with this `fail_reason`: `PAYEE_ACCOUNT_ABNORMAL` for instance.
    Failed(String),
}

/// Why nothing can be done to a transfer as its user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// There is no such transfer.
    #[error("there is no transfer {number}")]
    Unknown {
        /// The merchant's number.
        number: String,
    },
    /// Several merchants have a transfer of that number.
    #[error("several merchants have a transfer {number}: say which")]
    Ambiguous {
        /// The merchant's number.
        number: String,
    },
    /// It was confirmed already, or taken back, or has come to its end.
    #[error("the transfer {number} does not wait for that any more")]
    Over {
        /// The merchant's number.
        number: String,
    },
}
