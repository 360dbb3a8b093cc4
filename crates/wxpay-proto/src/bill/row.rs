//! A row of a bill, and its summary: cells found by the names of their columns.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::{Serialize, Serializer};

use super::error::BillError;
use super::line::Cells;
use crate::money::{DecimalText, fen_from_yuan};
use crate::time_text::TimeText;

/// The names of the columns, in the bill's order.
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    names: Cells,
    by_name: HashMap<String, usize>,
    plans: [OnceLock<Vec<Option<usize>>>; 2],
}

/// The records that remember which of their fields a bill's columns fill.
#[derive(Clone, Copy, Debug)]
pub(super) enum Record {
    Trade,
    FundFlow,
}

impl Columns {
    pub(super) fn read(line: &str) -> Self {
        let mut names = Cells::default();
        names.set_names(line);
        let mut by_name = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            // Of two columns of one name the first is found; both are in the row's order.
            by_name.entry(name.to_owned()).or_insert(index);
        }
        Self {
            names,
            by_name,
            plans: Default::default(),
        }
    }

    /// The field of a record that each column fills, found once for a bill and not for each of its cells.
    fn plan(&self, record: Record, field: fn(&str) -> Option<usize>) -> &[Option<usize>] {
        self.plans[record as usize].get_or_init(|| self.names().map(field).collect())
    }

    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.names.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A row of a bill, as long as the reader stands on it.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    line: u64,
    columns: &'a Columns,
    cells: &'a Cells,
}

impl<'a> Row<'a> {
    pub(super) fn new(line: u64, columns: &'a Columns, cells: &'a Cells) -> Self {
        Self { line, columns, cells }
    }

    /// The line in the file, counted from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The cell in the column of this name; nothing when the bill has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        self.cells.get(*self.columns.by_name.get(column)?)
    }

    /// Every column's name and cell, in the bill's order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&'a str, &'a str)> + use<'a> {
        self.columns.names().zip(self.cells.iter())
    }

    /// Every cell, with its column's name and the field of a record that it fills.
    pub(super) fn planned(
        &self,
        record: Record,
        field: fn(&str) -> Option<usize>,
    ) -> impl Iterator<Item = (Option<usize>, &'a str, &'a str)> + use<'a> {
        let plan = self.columns.plan(record, field).iter();
        plan.zip(self.iter())
            .map(|(field, (column, cell))| (*field, column, cell))
    }

    /// An amount in yuan as whole fen; nothing when there is no such column, or its cell is empty.
    ///
    /// # Errors
    /// [`BillError`] with line and column when the cell is no whole number of fen.
    pub fn fen(&self, column: &str) -> Result<Option<i64>, BillError> {
        let cell = self.get(column).filter(|cell| !cell.is_empty());
        cell.map(fen_from_yuan)
            .transpose()
            .map_err(|problem| BillError::amount(self.line, column, problem))
    }

    /// A number with any decimals, as it is written; nothing when there is no such column, or its cell is empty.
    #[must_use]
    pub fn decimal(&self, column: &str) -> Option<DecimalText> {
        let cell = self.get(column).filter(|cell| !cell.is_empty());
        cell.map(DecimalText::from)
    }

    /// A time, as it is written (Beijing time); nothing when there is no such column, or its cell is empty.
    #[must_use]
    pub fn time(&self, column: &str) -> Option<TimeText> {
        let cell = self.get(column).filter(|cell| !cell.is_empty());
        cell.map(TimeText::from)
    }
}

/// As a map, in the bill's order.
impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// The summary (汇总) at the end of a bill.
#[derive(Clone, Debug)]
pub struct Summary {
    line: u64,
    columns: Columns,
    cells: Cells,
}

impl Summary {
    pub(super) fn new(line: u64, columns: Columns, cells: Cells) -> Self {
        Self { line, columns, cells }
    }

    /// The summary as a row.
    #[must_use]
    pub fn row(&self) -> Row<'_> {
        Row::new(self.line, &self.columns, &self.cells)
    }

    /// The cell in the column of this name; nothing when the summary has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&str> {
        self.row().get(column)
    }

    /// How many rows the bill says it has: `总交易单数` of a trade bill, `资金流水总笔数` of a fund-flow bill.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        let cell = ["总交易单数", "资金流水总笔数"]
            .into_iter()
            .find_map(|column| self.row().decimal(column))?;
        // `2.0` occurs.
        cell.scaled(0).ok()?.try_into().ok()
    }
}

/// As a map, in the bill's order.
impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.row().serialize(serializer)
    }
}
