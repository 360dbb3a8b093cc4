//! How an order is named from outside, and why it cannot be paid.

use std::fmt;

/// Which kind of order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum OrderKind {
    /// A v3 combined order (合单), by its `combine_out_trade_no`.
    Combine,
    /// A global or HK order, by its `out_trade_no`.
    Global,
    /// A v2 combined order, by its `combine_out_trade_no`.
    V2Combined,
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
    /// A v3 combined order.
    #[must_use]
    pub fn combine(combine_out_trade_no: impl Into<String>) -> Self {
        Self::new(OrderKind::Combine, combine_out_trade_no)
    }

    /// A global or HK order.
    #[must_use]
    pub fn global(out_trade_no: impl Into<String>) -> Self {
        Self::new(OrderKind::Global, out_trade_no)
    }

    /// A v2 combined order.
    #[must_use]
    pub fn v2_combined(combine_out_trade_no: impl Into<String>) -> Self {
        Self::new(OrderKind::V2Combined, combine_out_trade_no)
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
            OrderKind::Combine => "combined order",
            OrderKind::Global => "global order",
            OrderKind::V2Combined => "v2 combined order",
        };
        write!(f, "{kind} {}", self.number)?;
        self.creator
            .iter()
            .try_for_each(|creator| write!(f, " of {creator}"))
    }
}

/// Why an order cannot be paid.
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
    /// It is closed, by its merchant or because its time was over.
    #[error("{order} is closed")]
    Closed {
        /// The order.
        order: OrderRef,
    },
}
