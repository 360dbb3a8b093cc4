//! Contracts by which users let a merchant charge them (委托代扣协议).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::names::Dialect;
use super::planned::{Announced, Planned};
use super::record::Record;
use super::seconds;

/// Where a contract stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ContractState {
    /// It waits for the user.
    Offered,
    Signed,
    Terminated,
}

/// Who has ended a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EndedBy {
    User,
    Merchant,
    /// Its one deduction was made, or the day of it has passed.
    System,
}

/// A contract.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Contract {
    pub(crate) mchid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) plan_id: String,
    /// The merchant's number of it: `contract_code`, `out_contract_code`.
    pub(crate) code: String,
    /// WeChat Pay's number of it, which merchants learn when it is signed.
    pub(crate) contract_id: String,
    pub(crate) dialect: Dialect,
    pub(crate) appid: String,
    pub(crate) sub_appid: Option<String>,
    pub(crate) openid: String,
    pub(crate) display_account: String,
    /// v2's `request_serial`.
    pub(crate) serial: Option<String>,
    /// v3's `out_user_code`.
    pub(crate) user_code: Option<String>,
    pub(crate) notify_url: String,
    /// Where the user signs: the tail of a link, or a `pre_entrustweb_id`.
    pub(crate) handle: String,
    /// The parameters of its offer.
    pub(crate) asked: Document,
    pub(crate) state: ContractState,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    #[serde(with = "seconds::optional")]
    pub(crate) signed: Option<UnixTime>,
    #[serde(with = "seconds::optional")]
    pub(crate) terminated: Option<UnixTime>,
    pub(crate) ended_by: Option<EndedBy>,
    pub(crate) remark: Option<String>,
    /// Since when the merchant is to be told of what has become of it.
    #[serde(with = "seconds::optional")]
    pub(crate) tell: Option<UnixTime>,
    /// The user has no money: deductions fail.
    pub(crate) broke: bool,
    #[serde(default)]
    pub(crate) planned: Option<Planned>,
    #[serde(default)]
    pub(crate) announced: Option<Announced>,
}

impl Contract {
    /// The key of the contract with a merchant's number.
    pub(crate) fn key_of(mchid: &str, plan_id: &str, code: &str) -> String {
        format!("{mchid}/{plan_id}/{code}")
    }

    /// When it ends by itself: a year after it was signed.
    pub(crate) fn expires(&self) -> UnixTime {
        const YEAR: i64 = 365 * 86_400;
        let from = self.signed.unwrap_or(self.created);
        UnixTime::from_secs(from.as_secs().saturating_add(YEAR))
    }

    /// When it ends because its one deduction was not made: at 8 o'clock of the next day.
    pub(crate) fn lapses(&self) -> Option<UnixTime> {
        const AFTER: i64 = (24 + 8) * 3600;
        let planned = self.planned.as_ref()?;
        let waits = self.state == ContractState::Signed && planned.paid.is_none();
        waits.then(|| UnixTime::from_secs(planned.day.as_secs().saturating_add(AFTER)))
    }

    /// Whether the merchant may charge the user now.
    pub(crate) fn is_good(&self, now: UnixTime) -> bool {
        self.state == ContractState::Signed && now < self.expires()
    }
}

impl Record for Contract {
    const SHELF: &'static str = "contract";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.plan_id, &self.code)
    }

    fn marks(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.contract_id),
            format!("number:{}", self.code),
            format!("handle:{}", self.handle),
        ]
    }

    fn due(&self) -> Option<UnixTime> {
        [self.tell, self.lapses()].into_iter().flatten().min()
    }
}
