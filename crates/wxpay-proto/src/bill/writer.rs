//! Writes a bill as WeChat Pay does: what is written is read again.

use std::mem;

use super::line::{BETWEEN, MARK};
use super::record::BillRecord;

/// Writes a bill row by row, with the byte order mark and the line ends (CRLF) that WeChat Pay's have.
#[derive(Clone, Debug)]
pub struct BillWriter {
    out: String,
    columns: Vec<String>,
}

impl BillWriter {
    /// Begins a bill with its columns.
    ///
    /// # Errors
    /// [`WriteError`] when there are no columns, or a name cannot stand in a header.
    pub fn new<C: AsRef<str>>(columns: impl IntoIterator<Item = C>) -> Result<Self, WriteError> {
        let columns: Vec<String> = columns.into_iter().map(|name| name.as_ref().to_owned()).collect();
        let mut writer = Self {
            out: String::from('\u{FEFF}'),
            columns: Vec::new(),
        };
        writer.names(&columns)?;
        writer.columns = columns;
        Ok(writer)
    }

    /// Writes a row, its cells in the order of the columns.
    ///
    /// # Errors
    /// [`WriteError`] when there are more or fewer cells than columns, or a cell would be read as something else.
    pub fn row<C: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = C>) -> Result<(), WriteError> {
        let wanted = self.columns.len();
        self.cells(cells, wanted)
    }

    /// Writes a record; columns that it does not know stay empty.
    ///
    /// # Errors
    /// [`WriteError`] when a cell would be read as something else.
    pub fn record(&mut self, record: &impl BillRecord) -> Result<(), WriteError> {
        let cells: Vec<_> = self
            .columns
            .iter()
            .map(|column| record.cell(column).unwrap_or_default())
            .collect();
        let mut line = String::new();
        push_row(&mut line, &cells)?;
        self.out.push_str(&line);
        Ok(())
    }

    /// What was written since this was last asked: for bills that do not fit into memory.
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.out).into_bytes()
    }

    /// Writes the summary, names and cells, and ends the bill: what was written since [`take`](Self::take).
    ///
    /// # Errors
    /// As for [`new`](Self::new) and [`row`](Self::row).
    pub fn summary<N: AsRef<str>, C: AsRef<str>>(
        mut self,
        names: impl IntoIterator<Item = N>,
        cells: impl IntoIterator<Item = C>,
    ) -> Result<Vec<u8>, WriteError> {
        let names: Vec<N> = names.into_iter().collect();
        self.names(&names)?;
        self.cells(cells, names.len())?;
        Ok(self.take())
    }

    fn names<N: AsRef<str>>(&mut self, names: &[N]) -> Result<(), WriteError> {
        let fits = |name: &str| !name.is_empty() && !name.contains([',', '\r', '\n']);
        let first = names.first().map(AsRef::as_ref).unwrap_or_default();
        if first.is_empty() || first.starts_with(MARK) || !names.iter().all(|name| fits(name.as_ref())) {
            return Err(WriteError::Name);
        }
        for (index, name) in names.iter().enumerate() {
            self.out.push_str(if index == 0 { "" } else { "," });
            self.out.push_str(name.as_ref());
        }
        self.out.push_str("\r\n");
        Ok(())
    }

    fn cells<C: AsRef<str>>(
        &mut self,
        cells: impl IntoIterator<Item = C>,
        wanted: usize,
    ) -> Result<(), WriteError> {
        let cells: Vec<C> = cells.into_iter().collect();
        if cells.len() != wanted {
            return Err(WriteError::Cells {
                found: cells.len(),
                wanted,
            });
        }
        push_row(&mut self.out, &cells)
    }
}

/// Writes nothing at all when a cell does not fit.
fn push_row<C: AsRef<str>>(out: &mut String, cells: &[C]) -> Result<(), WriteError> {
    let fits = |cell: &str| !cell.contains(['\r', '\n']) && !cell.contains(BETWEEN);
    if let Some(index) = cells.iter().position(|cell| !fits(cell.as_ref())) {
        return Err(WriteError::Cell { index });
    }
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push(MARK);
        out.push_str(cell.as_ref());
    }
    out.push_str("\r\n");
    Ok(())
}

/// A row that would be read as something else.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// There are no columns, or a name is empty, holds a comma or a line end, or begins the line with a backtick.
    #[error("a bill needs column names, without commas, line ends or a backtick in front")]
    Name,
    /// A row has another number of cells than there are columns.
    #[error("{found} cells for {wanted} columns")]
    Cells {
        /// How many cells there are.
        found: usize,
        /// How many columns there are.
        wanted: usize,
    },
    /// A cell holds a line end, or a comma with a backtick behind it; the format cannot write either.
    #[error("cell {index} holds a line end, or a comma with a backtick behind it: a bill cannot hold that")]
    Cell {
        /// Which cell, counted from 0.
        index: usize,
    },
}
