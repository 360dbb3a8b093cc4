//! What is wrong in the catalogue, and where.

use std::fmt;

/// One thing that is wrong, with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file, `v3/combine-transactions.toml`.
    pub file: String,
    /// The entry in it, `op.close.params.combine_out_trade_no`; empty for the file as a whole.
    pub place: String,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    /// A problem at a place.
    pub fn new(file: impl Into<String>, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            place: place.into(),
            message: message.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, place, message } = self;
        if place.is_empty() {
            write!(f, "{file}: {message}")
        } else {
            write!(f, "{file}: {place}: {message}")
        }
    }
}

impl std::error::Error for Problem {}
