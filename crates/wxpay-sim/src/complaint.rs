//! What users complain of, as it is told from outside.

use serde::Serialize;

use crate::order::OrderRef;

/// What kind of trouble a user has (问题类型).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Trouble {
    /// The user wants money back.
    Refund,
    /// What was paid for does not work.
    ServiceNotWork,
    /// Something else.
    #[default]
    Others,
}

impl Trouble {
    /// The official word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refund => "REFUND",
            Self::ServiceNotWork => "SERVICE_NOT_WORK",
            Self::Others => "OTHERS",
        }
    }

    /// Finds one by its official word.
    #[must_use]
    pub fn find(word: &str) -> Option<Self> {
        let all = [Self::Refund, Self::ServiceNotWork, Self::Others];
        all.into_iter().find(|known| known.as_str() == word)
    }
}

/// What a user complains of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Grievance {
    /// In the user's words (投诉详情).
    pub detail: String,
    /// What kind of trouble it is.
    pub trouble: Trouble,
    /// What the user wants back, in fen.
    pub refund: Option<i64>,
    /// The user's phone number; merchants get it encrypted.
    pub phone: Option<String>,
    /// Whether the user is to be served at once (需即时服务).
    pub immediate: bool,
}

impl Grievance {
    /// A complaint in the user's words.
    #[must_use]
    pub fn new(detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..Self::default()
        }
    }

    /// The user wants so much back, in fen.
    #[must_use]
    pub fn refund(mut self, amount: i64) -> Self {
        self.trouble = Trouble::Refund;
        self.refund = Some(amount);
        self
    }

    /// Says what kind of trouble it is.
    #[must_use]
    pub fn trouble(mut self, trouble: Trouble) -> Self {
        self.trouble = trouble;
        self
    }

    /// Wants to be served at once.
    #[must_use]
    pub fn immediate(mut self) -> Self {
        self.immediate = true;
        self
    }

    /// Leaves a phone number.
    #[must_use]
    pub fn phone(mut self, number: impl Into<String>) -> Self {
        self.phone = Some(number.into());
        self
    }
}

/// What a user does with a complaint.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ComplaintMove {
    /// Writes to the merchant.
    Reply(String),
    /// Goes on complaining, after the merchant is done as well: it is `PENDING` again.
    Continue(String),
    /// Takes it back: it is `PROCESSED`.
    Withdraw,
}

/// A complaint, as whoever looks on sees it ([`Platform::complaints`](crate::Platform::complaints)).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Complained {
    /// WeChat Pay's number of it (投诉单号).
    pub complaint_id: String,
    /// Whom it is about.
    pub mchid: String,
    /// Who created the order: the merchant, or the partner that acts for it.
    pub creator: String,
    /// The merchant's number of the order.
    pub order: String,
    /// `PENDING`, `PROCESSING` or `PROCESSED`.
    pub state: &'static str,
    /// In the user's words.
    pub detail: String,
    /// `REFUND`, `SERVICE_NOT_WORK` or `OTHERS`.
    pub problem_type: String,
    /// What the user wants back, in fen.
    pub refund: Option<i64>,
    /// How often the user has complained: once, and each time that the complaint went on.
    pub times: u32,
    /// Whether the user waits for a reply.
    pub waits: bool,
    /// When it was made, by the business clock.
    pub created: String,
    /// What was said and done, oldest first: when, `operate_type`, and the words.
    pub history: Vec<(String, String, String)>,
}

/// Why nothing can be done about a complaint as its user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComplaintError {
    /// There is no such order.
    #[error("there is no {order}")]
    UnknownOrder {
        /// The order.
        order: OrderRef,
    },
    /// Several merchants have an order of that number.
    #[error("several merchants have a {order}: say which")]
    Ambiguous {
        /// The order.
        order: OrderRef,
    },
    /// Nobody complains of what nobody has paid.
    #[error("{order} is not paid")]
    Unpaid {
        /// The order.
        order: OrderRef,
    },
    /// There is no such complaint.
    #[error("there is no complaint {id}")]
    Unknown {
        /// WeChat Pay's number.
        id: String,
    },
    /// It is over; it can be continued.
    #[error("the complaint {id} is over")]
    Over {
        /// WeChat Pay's number.
        id: String,
    },
}
