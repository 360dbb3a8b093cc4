//! Rows on their way out: as a table, as JSON, as CSV.

use std::io::{self, Write};

use wxpay_proto::bill::{BillError, Row};

use super::columns::fit;
use super::kind::Kind;

/// How rows are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// Some columns in the width of a screen.
    #[default]
    Table,
    /// A JSON object a row: documented columns under English names, amounts in fen; all other columns in `other`.
    Json,
    /// All columns as the bill has them, without the backticks.
    Csv,
    /// No rows.
    None,
}

/// Why a row was not written.
pub(super) enum Trouble {
    /// Its amounts cannot be read.
    Row(BillError),
    /// The output is closed.
    Output(io::Error),
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// Writes rows.
pub(super) struct Rows {
    format: Format,
    kind: Kind,
    /// The columns of a table, with their widths.
    table: Vec<(String, usize)>,
}

impl Rows {
    /// Writes the heading. `chosen` are the columns of a table or of CSV; none means the usual ones.
    pub(super) fn begin(
        format: Format,
        kind: Kind,
        columns: &[&str],
        chosen: &[String],
        out: &mut dyn Write,
    ) -> io::Result<Self> {
        let usual = kind.table().iter();
        let usual: Vec<_> = usual.map(|(name, width)| ((*name).to_owned(), *width)).collect();
        let width = |name: &String| {
            usual
                .iter()
                .find(|(known, _)| known == name)
                .map_or(20, |found| found.1)
        };
        let mut table: Vec<(String, usize)> = match format {
            _ if !chosen.is_empty() => chosen.iter().map(|name| (name.clone(), width(name))).collect(),
            Format::Csv => columns.iter().map(|name| ((*name).to_owned(), 0)).collect(),
            _ => usual
                .iter()
                .filter(|(name, _)| columns.contains(&name.as_str()))
                .cloned()
                .collect(),
        };
        if table.is_empty() {
            table = columns
                .iter()
                .take(6)
                .map(|name| ((*name).to_owned(), 20))
                .collect();
        }
        let rows = Self { format, kind, table };
        let names = rows.table.iter().map(|(name, _)| name.as_str());
        match format {
            Format::Table => rows.table_line(names, out)?,
            Format::Csv => csv_line(names, out)?,
            Format::Json | Format::None => {}
        }
        Ok(rows)
    }

    pub(super) fn write(&self, row: &Row<'_>, out: &mut dyn Write) -> Result<(), Trouble> {
        let cells = self
            .table
            .iter()
            .map(|(name, _)| row.get(name).unwrap_or_default());
        match self.format {
            Format::Json => {
                let record = self.kind.json(row).map_err(Trouble::Row)?;
                writeln!(out, "{record}")?;
                return Ok(());
            }
            // What cannot be read is shown all the same, and told.
            Format::Table => self.table_line(cells, out)?,
            Format::Csv => csv_line(cells, out)?,
            Format::None => {}
        }
        self.kind.check(row).map_err(Trouble::Row)
    }

    fn table_line<'a>(&self, cells: impl Iterator<Item = &'a str>, out: &mut dyn Write) -> io::Result<()> {
        let cells = cells
            .zip(&self.table)
            .map(|(cell, (name, width))| fit(cell, *width, is_amount(name)));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())
    }
}

/// Amounts stand at the right, so that they can be compared.
fn is_amount(column: &str) -> bool {
    ["金额", "手续费", "结余"]
        .iter()
        .any(|word| column.contains(word))
}

/// RFC 4180.
fn csv_line<'a>(cells: impl Iterator<Item = &'a str>, out: &mut dyn Write) -> io::Result<()> {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            write!(out, "\"{}\"", cell.replace('"', "\"\""))?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\r\n")
}
