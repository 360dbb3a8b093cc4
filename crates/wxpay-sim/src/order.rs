//! How orders and refunds are named from outside, who pays them, and why they cannot be paid.

use std::fmt;

/// Which kind of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OrderKind {
    /// An order of v3, v2, global or HK, by its `out_trade_no`.
    Order,
    /// A combined order (合单) of v3 or v2, by its `combine_out_trade_no`.
    Combine,
}

/// Names an order by its merchant's number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct OrderRef {
    /// The kind.
    pub kind: OrderKind,
    /// The merchant's number of the order.
    pub number: String,
    /// The merchant, partner or institution that created it. Needed only when two of them use the same number.
    pub creator: Option<String>,
}

impl OrderRef {
    /// An order that is not combined.
    #[must_use]
    pub fn order(out_trade_no: impl Into<String>) -> Self {
        Self::new(OrderKind::Order, out_trade_no)
    }

    /// A combined order.
    #[must_use]
    pub fn combine(combine_out_trade_no: impl Into<String>) -> Self {
        Self::new(OrderKind::Combine, combine_out_trade_no)
    }

    /// An order of a kind that is chosen at run time.
    #[must_use]
    pub fn new(kind: OrderKind, number: impl Into<String>) -> Self {
        Self {
            kind,
            number: number.into(),
            creator: None,
        }
    }

    /// Says who created it.
    #[must_use]
    pub fn created_by(mut self, mchid: impl Into<String>) -> Self {
        self.creator = Some(mchid.into());
        self
    }
}

impl fmt::Display for OrderRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            OrderKind::Order => "order",
            OrderKind::Combine => "combined order",
        };
        write!(f, "{kind} {}", self.number)?;
        self.creator
            .iter()
            .try_for_each(|creator| write!(f, " of {creator}"))
    }
}

/// Who pays, and with what. The default is somebody with a bank card of China Merchants Bank; an order with a
/// `goods_tag` gets a coupon of a tenth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Payer {
    /// The user, when it is not the one whom the order names.
    pub openid: Option<String>,
    /// `bank_type` (付款银行), `CMC` when nothing is said.
    pub bank_type: Option<String>,
    /// What a coupon takes off, in the order's unit, at most all of it.
    pub coupon: Option<i64>,
}

impl Payer {
    /// Says which user.
    #[must_use]
    pub fn openid(mut self, openid: impl Into<String>) -> Self {
        self.openid = Some(openid.into());
        self
    }

    /// Says which bank, `ICBC_DEBIT` for instance.
    #[must_use]
    pub fn bank_type(mut self, bank_type: impl Into<String>) -> Self {
        self.bank_type = Some(bank_type.into());
        self
    }

    /// Says what a coupon takes off, in the order's smallest unit; of a combined order each part.
    #[must_use]
    pub fn coupon(mut self, amount: i64) -> Self {
        self.coupon = Some(amount);
        self
    }
}

/// Why nothing can be done to an order as its user.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PayError {
    /// There is no such order.
    #[error("there is no {order}")]
    Unknown {
        /// The order.
        order: OrderRef,
    },
    /// Several merchants have an order of that number.
    #[error("several merchants have a {order}: say which")]
    Ambiguous {
        /// The order.
        order: OrderRef,
    },
    /// It is paid.
    #[error("{order} is paid already")]
    Paid {
        /// The order.
        order: OrderRef,
    },
    /// It is closed, by its merchant or because its time was over; or it was reversed, or its payment failed.
    #[error("{order} is closed")]
    Closed {
        /// The order.
        order: OrderRef,
    },
}

/// Names a refund by its merchant's number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RefundRef {
    /// The merchant's number of the refund.
    pub number: String,
    /// The merchant, partner or institution that asked for it. Needed only when two of them use the same number.
    pub creator: Option<String>,
}

impl RefundRef {
    /// A refund by its `out_refund_no`.
    #[must_use]
    pub fn new(out_refund_no: impl Into<String>) -> Self {
        Self {
            number: out_refund_no.into(),
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

/// What becomes of a refund.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundOutcome {
    /// The payer has the money.
    Success,
    /// It cannot be made; the merchant keeps the money.
    Closed,
    /// The payer's account does not take it.
    Abnormal,
}

/// Why a refund cannot be settled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettleError {
    /// There is no such refund.
    #[error("there is no refund {number}")]
    Unknown {
        /// The merchant's number.
        number: String,
    },
    /// Several merchants have a refund of that number.
    #[error("several merchants have a refund {number}: say which")]
    Ambiguous {
        /// The merchant's number.
        number: String,
    },
    /// It is settled.
    #[error("the refund {number} is settled already")]
    Settled {
        /// The merchant's number.
        number: String,
    },
}
