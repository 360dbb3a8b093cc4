//! Totals of a bill, held against its own summary.

use std::io::{self, Write};

use serde_json::{Value, json};
use wxpay_proto::bill::{BillEnd, Row};

use super::decimal::Sum;
use super::kind::Kind;

/// The sums of a trade bill: the summary's column, and the rows' columns, newest name first.
const TRADE: [(&str, &[&str]); 6] = [
    ("应结订单总金额", &["应结订单金额", "总金额"]),
    ("退款总金额", &["退款金额"]),
    (
        "充值券退款总金额",
        &["充值券退款金额", "代金券或立减优惠退款金额", "企业红包退款金额"],
    ),
    ("手续费总金额", &["手续费"]),
    ("订单总金额", &["订单金额"]),
    ("申请退款总金额", &["申请退款金额"]),
];

/// A total beside what the summary says.
#[derive(Debug)]
struct Total {
    column: &'static str,
    ours: Option<Sum>,
    theirs: Option<String>,
}

impl Total {
    /// What the summary does not say cannot differ.
    fn differs(&self) -> bool {
        let theirs = self.theirs.as_deref().map(Sum::read);
        theirs.is_some_and(|theirs| self.ours.is_some() && theirs != self.ours)
    }
}

/// Sums that grow row by row.
#[derive(Debug)]
pub(super) struct Totals {
    kind: Kind,
    /// As in [`TRADE`]; of a fund-flow bill what came in, and what went out. Nothing once a sum does not fit.
    sums: Vec<Option<Sum>>,
    /// Of a fund-flow bill: how often something came in, and went out.
    counts: [u64; 2],
    /// Which of the rows' columns the bill has.
    present: Vec<bool>,
}

impl Totals {
    pub(super) fn new(kind: Kind) -> Self {
        let count = match kind {
            Kind::Trade => TRADE.len(),
            Kind::FundFlow => 2,
            Kind::Other => 0,
        };
        Self {
            kind,
            sums: vec![Some(Sum::default()); count],
            counts: [0; 2],
            present: vec![false; count],
        }
    }

    /// Adds a row whose amounts can be read.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        match self.kind {
            Kind::Trade => {
                for (index, (_, columns)) in TRADE.iter().enumerate() {
                    if let Some(cell) = columns.iter().find_map(|column| row.get(column)) {
                        self.plus(index, cell);
                    }
                }
            }
            Kind::FundFlow => {
                let index = usize::from(row.get("收支类型") != Some("收入"));
                self.counts[index] += 1;
                let cell = ["收支金额(元)", "收支金额（元）"]
                    .iter()
                    .find_map(|column| row.get(column));
                if let Some(cell) = cell {
                    self.plus(index, cell);
                }
            }
            Kind::Other => {}
        }
    }

    fn plus(&mut self, index: usize, cell: &str) {
        self.present[index] = true;
        if cell.is_empty() {
            return;
        }
        self.sums[index] = self.sums[index]
            .zip(Sum::read(cell))
            .and_then(|(sum, cell)| sum.plus(cell));
    }

    /// The totals beside the summary.
    fn lines(&self, end: &BillEnd) -> Vec<Total> {
        let told = |column: &str| {
            let summary = end.summary()?;
            summary.get(column).map(str::to_owned)
        };
        match self.kind {
            Kind::Trade => TRADE
                .iter()
                .zip(self.sums.iter().zip(&self.present))
                .filter(|(_, (_, present))| **present)
                .map(|((column, _), (sum, _))| Total {
                    column,
                    ours: *sum,
                    theirs: told(column),
                })
                .collect(),
            Kind::FundFlow => {
                let count = |count: u64| Sum::read(&count.to_string());
                [
                    ("收入笔数", count(self.counts[0])),
                    ("收入金额", self.sums[0]),
                    ("支出笔数", count(self.counts[1])),
                    ("支出金额", self.sums[1]),
                ]
                .into_iter()
                .map(|(column, ours)| Total {
                    column,
                    ours,
                    theirs: told(column),
                })
                .collect()
            }
            Kind::Other => Vec::new(),
        }
    }

    /// What differs from the summary, in words.
    pub(super) fn differences(&self, end: &BillEnd) -> Vec<String> {
        let lines = self.lines(end);
        let wrong = lines.iter().filter(|total| total.differs());
        wrong
            .map(|total| {
                let ours = total.ours.map(|sum| sum.to_string()).unwrap_or_default();
                let theirs = total.theirs.as_deref().unwrap_or_default();
                format!(
                    "{}: the rows add up to {ours}, and the summary says {theirs}",
                    total.column
                )
            })
            .collect()
    }

    pub(super) fn write(&self, end: &BillEnd, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}, {} rows", self.kind.name(), end.rows())?;
        for total in self.lines(end) {
            let ours = total
                .ours
                .map_or_else(|| "(too large)".to_owned(), |sum| sum.to_string());
            let standing = match &total.theirs {
                None => "not in the summary".to_owned(),
                Some(theirs) if total.differs() => format!("DIFFERS: the summary says {theirs}"),
                Some(_) => "as in the summary".to_owned(),
            };
            writeln!(out, "{}: {ours} ({standing})", total.column)?;
        }
        Ok(())
    }

    pub(super) fn json(&self, end: &BillEnd) -> Value {
        let totals = self.lines(end).into_iter().map(|total| {
            json!({
                "column": total.column,
                "rows": total.ours.map(|sum| sum.to_string()),
                "summary": total.theirs,
                "differs": total.differs(),
            })
        });
        json!({ "rows": end.rows(), "totals": totals.collect::<Vec<_>>(), "summary": end.summary() })
    }
}
