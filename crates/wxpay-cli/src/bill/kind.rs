//! What kind of bill it is, told by its columns, and what is shown of it.

use wxpay_proto::bill::{BillError, FundFlow, Row, Trade};

/// The kinds of bills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A trade bill (交易账单).
    Trade,
    /// A fund-flow bill (资金账单), of an account of one's own or of sub-merchants.
    FundFlow,
    /// Another one: its cells are texts.
    Other,
}

impl Kind {
    pub(super) fn of<'a>(mut columns: impl Iterator<Item = &'a str>) -> Self {
        let found = columns.find_map(|column| match column {
            "交易时间" => Some(Self::Trade),
            "记账时间" => Some(Self::FundFlow),
            _ => None,
        });
        found.unwrap_or(Self::Other)
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Trade => "trade bill (交易账单)",
            Self::FundFlow => "fund-flow bill (资金账单)",
            Self::Other => "bill of an unknown kind",
        }
    }

    /// The columns of a table that fits a screen, with their widths in cells of a terminal.
    pub(super) fn table(self) -> &'static [(&'static str, usize)] {
        match self {
            Self::Trade => &[
                ("交易时间", 19),
                ("商户订单号", 32),
                ("交易状态", 8),
                ("订单金额", 12),
                ("商户退款单号", 24),
                ("退款金额", 12),
                ("手续费", 10),
            ],
            Self::FundFlow => &[
                ("记账时间", 19),
                ("业务凭证号", 32),
                ("业务名称", 12),
                ("收支类型", 8),
                ("收支金额(元)", 14),
                ("账户结余(元)", 14),
            ],
            Self::Other => &[],
        }
    }

    /// The row as a JSON object: documented columns under English names, amounts in fen; other bills as they are.
    pub(super) fn json(self, row: &Row<'_>) -> Result<String, BillError> {
        let text = match self {
            Self::Trade => serde_json::to_string(&Trade::from_row(row)?),
            Self::FundFlow => serde_json::to_string(&FundFlow::from_row(row)?),
            Self::Other => serde_json::to_string(row),
        };
        // Invariant: texts, numbers and lists of texts always serialise.
        Ok(text.unwrap_or_default())
    }

    /// Whether the amounts of a row can be read.
    pub(super) fn check(self, row: &Row<'_>) -> Result<(), BillError> {
        match self {
            Self::Trade => Trade::from_row(row).map(drop),
            Self::FundFlow => FundFlow::from_row(row).map(drop),
            Self::Other => Ok(()),
        }
    }
}
