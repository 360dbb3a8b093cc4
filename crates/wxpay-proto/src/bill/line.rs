//! One line of a bill, cut into cells.

/// What every cell of a row begins with.
pub(super) const MARK: char = '`';
/// What stands between two cells of a row.
pub(super) const BETWEEN: &str = ",`";

/// The cells of a line, held as one text and where each begins and ends, so that the next line takes the same memory.
#[derive(Clone, Debug, Default)]
pub(super) struct Cells {
    text: String,
    spans: Vec<(usize, usize)>,
}

impl Cells {
    /// Takes a line of names, with commas between them.
    pub(super) fn set_names(&mut self, line: &str) {
        self.take(line);
        let mut at = 0;
        for name in line.split(',') {
            self.spans.push((at, at + name.len()));
            at += name.len() + 1;
        }
    }

    /// Takes a row, which begins with a backtick. A comma that no backtick follows belongs to the cell.
    pub(super) fn set_row(&mut self, line: &str) {
        self.take(line);
        let bytes = line.as_bytes();
        let mut at = MARK.len_utf8();
        // Marks are sought for and not the separator as a whole: one byte is found many at a time.
        for mark in memchr::memchr_iter(b'`', bytes) {
            if mark > at && bytes[mark - 1] == b',' {
                self.spans.push((at, mark - 1));
                at = mark + 1;
            }
        }
        self.spans.push((at, line.len()));
    }

    fn take(&mut self, line: &str) {
        self.spans.clear();
        self.text.clear();
        self.text.push_str(line);
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    pub(super) fn get(&self, index: usize) -> Option<&str> {
        let (from, to) = *self.spans.get(index)?;
        self.text.get(from..to)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        self.spans
            .iter()
            .map(|(from, to)| self.text.get(*from..*to).unwrap_or_default())
    }
}
