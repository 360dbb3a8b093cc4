//! What can be wrong in a bill, and where.

use crate::money::InvalidAmount;

/// Something in a bill that cannot be read: the line, the column where there is one, and what is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}{} of the bill: {problem}", in_column(.column.as_deref()))]
#[non_exhaustive]
pub struct BillError {
    /// The line, counted from 1.
    pub line: u64,
    /// The column's name.
    pub column: Option<String>,
    /// What is wrong.
    pub problem: BillProblem,
}

impl BillError {
    pub(super) fn new(line: u64, problem: BillProblem) -> Self {
        Self {
            line,
            column: None,
            problem,
        }
    }

    pub(super) fn amount(line: u64, column: &str, problem: InvalidAmount) -> Self {
        Self {
            line,
            column: Some(column.to_owned()),
            problem: BillProblem::Amount(problem),
        }
    }
}

fn in_column(column: Option<&str>) -> String {
    column
        .map(|column| format!(", column {column},"))
        .unwrap_or_default()
}

/// What is wrong in a bill.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BillProblem {
    /// The line is not UTF-8.
    #[error("it is not UTF-8 from byte {at} of the line on")]
    NotUtf8 {
        /// The first such byte, counted from 0.
        at: usize,
    },
    /// There are no column names: the file is no bill, or is still packed or encrypted.
    #[error("column names are expected here: is it a bill, unpacked and decrypted?")]
    NoHeader,
    /// A row has another number of cells than there are columns.
    #[error("{found} cells for {wanted} columns")]
    Cells {
        /// How many cells there are.
        found: usize,
        /// How many columns there are.
        wanted: usize,
    },
    /// A row of cells is expected, and this begins without a backtick.
    #[error("a row is expected here, whose cells begin with a backtick")]
    NoRow,
    /// Something follows the summary.
    #[error("the summary ends a bill, and something follows it")]
    AfterSummary,
    /// A line is longer than any line of a bill.
    #[error("the line is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// A cell is no amount.
    #[error(transparent)]
    Amount(InvalidAmount),
    /// [`finish`](super::BillReader::finish) was called before all rows were read.
    #[error("rows were not read: call `end` and `next_row` until nothing comes any more")]
    Unread,
}
