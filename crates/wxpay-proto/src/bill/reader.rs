//! Reads a bill line by line, as its bytes arrive.

use std::mem;

use super::error::{BillError, BillProblem};
use super::line::{Cells, MARK};
use super::row::{Columns, Row, Summary};

/// The longest line that is read: 1 MiB. No cell is documented with more than some hundred characters.
const LINE_LIMIT: usize = 1 << 20;

/// Reads a bill as its bytes arrive; memory holds what was pushed and not read, and one row.
///
/// A row that cannot be read is an error of its own, with its line; the next call goes on behind it.
#[derive(Debug, Default)]
pub struct BillReader {
    /// What was pushed; before `at` it was read, and up to `scanned` there is no line end behind it.
    input: Vec<u8>,
    at: usize,
    scanned: usize,
    ended: bool,
    line: u64,
    rows: u64,
    columns: Columns,
    cells: Cells,
    summary_columns: Columns,
    summary_line: u64,
    /// The rest of a line that was too long is left out.
    skipping: bool,
    state: State,
}

#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Header,
    Rows,
    /// The names of the summary were read; it is the next row.
    SummaryNames,
    Summary,
    /// The file is no bill; nothing more is read.
    Failed(BillError),
}

/// What a line was.
enum Kind {
    Names,
    Row,
    Summary,
}

impl BillReader {
    /// A reader before the first byte.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes of the bill, as many as there are. Read the rows that are complete before the next call,
    /// so that they do not pile up.
    pub fn push(&mut self, chunk: &[u8]) {
        self.input.drain(..self.at);
        self.scanned -= mem::take(&mut self.at);
        self.input.extend_from_slice(chunk);
    }

    /// Says that there are no more bytes: the last line is complete, even without a line end.
    pub fn end(&mut self) {
        self.ended = true;
    }

    /// The next row; nothing when more bytes are needed, or the bill is over.
    ///
    /// # Errors
    /// [`BillError`] for a line that cannot be read. Call again to go on with the next one.
    pub fn next_row(&mut self) -> Option<Result<Row<'_>, BillError>> {
        match self.advance() {
            Some(Ok(())) => Some(Ok(Row::new(self.line, &self.columns, &self.cells))),
            Some(Err(error)) => Some(Err(error)),
            None => None,
        }
    }

    /// The names of the columns, in the bill's order; none before the first line was read.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.names()
    }

    /// Ends the bill.
    ///
    /// # Errors
    /// [`BillError`] when the file had no column names, when rows were not read, or when the last line cannot be read.
    pub fn finish(mut self) -> Result<BillEnd, BillError> {
        self.end();
        if self.advance().transpose()?.is_some() {
            return Err(BillError::new(self.line, BillProblem::Unread));
        }
        match self.state {
            State::Header => Err(BillError::new(self.line.max(1), BillProblem::NoHeader)),
            State::Failed(error) => Err(error),
            State::SummaryNames => Err(BillError::new(self.line, BillProblem::NoRow)),
            State::Rows => Ok(BillEnd {
                rows: self.rows,
                columns: self.columns,
                summary: None,
            }),
            State::Summary => Ok(BillEnd {
                rows: self.rows,
                columns: self.columns,
                summary: Some(Summary::new(self.summary_line, self.summary_columns, self.cells)),
            }),
        }
    }

    /// Goes to the next row.
    fn advance(&mut self) -> Option<Result<(), BillError>> {
        loop {
            let (from, to) = self.next_line()?;
            // Everything is borrowed by field, so that the line need not be copied twice.
            let line = without_mark(&self.input[from..to], self.line);
            if line.is_empty() {
                continue;
            }
            let read = match std::str::from_utf8(line) {
                _ if line.len() > LINE_LIMIT => Err(BillProblem::TooLong { limit: LINE_LIMIT }),
                Ok(text) => step(
                    text,
                    &mut self.state,
                    &mut self.columns,
                    &mut self.summary_columns,
                    &mut self.cells,
                ),
                Err(error) => Err(BillProblem::NotUtf8 {
                    at: error.valid_up_to(),
                }),
            };
            match read {
                Ok(Kind::Row) => {
                    self.rows += 1;
                    return Some(Ok(()));
                }
                Ok(Kind::Summary) => self.summary_line = self.line,
                Ok(Kind::Names) => {}
                Err(problem) => {
                    let error = BillError::new(self.line, problem);
                    if matches!(self.state, State::Header) {
                        self.state = State::Failed(error.clone());
                    }
                    return Some(Err(error));
                }
            }
        }
    }

    /// Where the next line stands in the input, without its end.
    fn next_line(&mut self) -> Option<(usize, usize)> {
        if matches!(self.state, State::Failed(_)) {
            self.at = self.input.len();
            self.scanned = self.at;
            return None;
        }
        let mut found = memchr::memchr(b'\n', &self.input[self.scanned..]);
        if self.skipping {
            self.at = found.map_or(self.input.len(), |offset| self.scanned + offset + 1);
            self.scanned = self.at;
            self.skipping = found.is_none();
            found = memchr::memchr(b'\n', &self.input[self.at..]);
        }
        let from = self.at;
        let (to, next) = match found {
            Some(offset) => (self.scanned + offset, self.scanned + offset + 1),
            // A line without an end is complete when the bill is, and is refused at once when it is too long.
            None if self.input.len() - from > LINE_LIMIT + 1 => {
                self.skipping = true;
                (self.input.len(), self.input.len())
            }
            None if self.ended && from < self.input.len() => (self.input.len(), self.input.len()),
            None => {
                self.scanned = self.input.len();
                return None;
            }
        };
        self.at = next;
        self.scanned = next;
        self.line += 1;
        let carriage_return = self.input[from..to].ends_with(b"\r");
        Some((from, to - usize::from(carriage_return)))
    }
}

/// A line without the byte order mark that the file begins with.
fn without_mark(line: &[u8], number: u64) -> &[u8] {
    line.strip_prefix(b"\xEF\xBB\xBF")
        .filter(|_| number == 1)
        .unwrap_or(line)
}

fn step(
    line: &str,
    state: &mut State,
    columns: &mut Columns,
    summary_columns: &mut Columns,
    cells: &mut Cells,
) -> Result<Kind, BillProblem> {
    let is_row = line.starts_with(MARK);
    let wanted = match state {
        State::Header if is_row => return Err(BillProblem::NoHeader),
        State::Header => {
            *columns = Columns::read(line);
            *state = State::Rows;
            return Ok(Kind::Names);
        }
        State::Rows if is_row => columns.len(),
        State::Rows => {
            *summary_columns = Columns::read(line);
            *state = State::SummaryNames;
            return Ok(Kind::Names);
        }
        State::SummaryNames if is_row => summary_columns.len(),
        State::SummaryNames => return Err(BillProblem::NoRow),
        State::Summary | State::Failed(_) => return Err(BillProblem::AfterSummary),
    };
    cells.set_row(line);
    let found = cells.len();
    if found != wanted {
        return Err(BillProblem::Cells { found, wanted });
    }
    match state {
        State::SummaryNames => {
            *state = State::Summary;
            Ok(Kind::Summary)
        }
        _ => Ok(Kind::Row),
    }
}

/// What is known when a bill is over.
#[derive(Clone, Debug)]
pub struct BillEnd {
    rows: u64,
    columns: Columns,
    summary: Option<Summary>,
}

impl BillEnd {
    /// How many rows were read, without those that could not be.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// The names of the columns, in the bill's order.
    pub fn columns(&self) -> impl ExactSizeIterator<Item = &str> {
        self.columns.names()
    }

    /// The summary; without one, the bill may be cut off.
    #[must_use]
    pub fn summary(&self) -> Option<&Summary> {
        self.summary.as_ref()
    }

    /// Whether there is a summary, and it counts as many rows as were read. An empty day's counts none.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let counted = self.summary.as_ref().and_then(Summary::count);
        counted == Some(self.rows)
    }
}
