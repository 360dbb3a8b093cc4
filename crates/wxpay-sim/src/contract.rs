//! How contracts for deductions are named from outside.

use serde::Serialize;

/// Names a contract (委托代扣协议) by its merchant's number, by WeChat Pay's, or by where the user signs it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ContractRef {
    /// `contract_code`, `out_contract_code`, `contract_id` or `pre_entrustweb_id`.
    pub number: String,
    /// The merchant that offered it. Needed only when two of them use the same number.
    pub creator: Option<String>,
}

impl ContractRef {
    /// A contract by one of its numbers.
    #[must_use]
    pub fn new(number: impl Into<String>) -> Self {
        Self {
            number: number.into(),
            creator: None,
        }
    }

    /// Says who offered it.
    #[must_use]
    pub fn offered_by(mut self, mchid: impl Into<String>) -> Self {
        self.creator = Some(mchid.into());
        self
    }
}

/// A contract, as whoever looks on sees it ([`Platform::contracts`](crate::Platform::contracts)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Contracted {
    /// Who offered it.
    pub mchid: String,
    /// The merchant's number of it.
    pub code: String,
    /// The template (模板).
    pub plan_id: String,
    /// WeChat Pay's number of it.
    pub contract_id: String,
    /// `OFFERED`, `SIGNED` or `TERMINATED`.
    pub state: &'static str,
    /// Who is charged.
    pub openid: String,
    /// What the user is called at the merchant's.
    pub display_account: String,
    /// When it was offered, by the business clock.
    pub created: String,
    /// When it was signed.
    pub signed: Option<String>,
    /// When it ends by itself, once it is signed.
    pub expires: Option<String>,
    /// When it was terminated.
    pub terminated: Option<String>,
    /// Whether deductions fail.
    pub broke: bool,
}

/// Why nothing can be done to a contract as its user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContractError {
    /// There is no such contract.
    #[error("there is no contract {number}")]
    Unknown {
        /// The number.
        number: String,
    },
    /// Several merchants have a contract of that number.
    #[error("several merchants have a contract {number}: say which")]
    Ambiguous {
        /// The number.
        number: String,
    },
    /// It was signed already, or never, or it was ended.
    #[error("the contract {number} does not wait for that")]
    Over {
        /// The number.
        number: String,
    },
}
