//! What a check found.

use std::fmt;

/// One thing that the documentation would object to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Where: a JSON pointer into the operation, `/sub_orders/0/mchid`. It goes on into texts that hold JSON.
    pub pointer: String,
    /// The official short name of the field, empty when unknown.
    pub label: String,
    /// What.
    pub trouble: Trouble,
    /// An official page or SDK vouches for it.
    pub sure: bool,
}

/// What the documentation would object to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trouble {
    /// It has to be given.
    Missing,
    /// It is too long.
    TooLong {
        /// How long it is.
        length: usize,
        /// How long it may be.
        limit: u32,
        /// What is counted.
        unit: &'static str,
    },
    /// It is too short.
    TooShort {
        /// How long it is.
        length: usize,
        /// How long it must be.
        limit: u32,
        /// What is counted.
        unit: &'static str,
    },
    /// It is too large.
    TooLarge {
        /// The number.
        value: i64,
        /// The largest.
        limit: i64,
    },
    /// It is too small.
    TooSmall {
        /// The number.
        value: i64,
        /// The smallest.
        limit: i64,
    },
    /// It is none of the values that are known.
    NotOneOf {
        /// The value.
        value: String,
        /// The values.
        known: Vec<String>,
    },
    /// It is written in another way than documented.
    WrongPattern {
        /// The regular expression that the whole of it should fit.
        pattern: String,
    },
    /// Not exactly one of these fields is given.
    NotExactlyOne {
        /// The fields.
        fields: Vec<String>,
    },
    /// It has another kind than documented.
    WrongKind {
        /// What is documented.
        wanted: &'static str,
    },
    /// There is no such field.
    Unknown,
    /// It is documented to hold JSON, and does not.
    NotJson {
        /// What the reader says.
        problem: String,
    },
    /// It has a character that takes four bytes in UTF-8 (an emoji, say), which WeChat Pay does not take.
    FourByteCharacter {
        /// The first one.
        character: char,
    },
    /// It cannot be written at all.
    Unwritable {
        /// What the writer says.
        problem: String,
    },
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::TooLong { length, limit, unit } => {
                write!(f, "{length} {unit}, at most {limit} are allowed")
            }
            Self::TooShort { length, limit, unit } => {
                write!(f, "{length} {unit}, at least {limit} are needed")
            }
            Self::TooLarge { value, limit } => write!(f, "{value}, at most {limit} is allowed"),
            Self::TooSmall { value, limit } => write!(f, "{value}, at least {limit} is needed"),
            Self::NotOneOf { value, known } => {
                write!(f, "{value:?} is not documented; known are {}", known.join(", "))
            }
            Self::WrongPattern { pattern } => write!(f, "it does not fit the pattern {pattern}"),
            Self::NotExactlyOne { fields } => {
                write!(f, "exactly one is to be given of {}", fields.join(", "))
            }
            Self::WrongKind { wanted } => write!(f, "not {wanted}"),
            Self::Unknown => f.write_str("there is no such field"),
            Self::NotJson { problem } => write!(f, "not JSON: {problem}"),
            Self::FourByteCharacter { character } => {
                write!(
                    f,
                    "the character {character:?} takes four bytes in UTF-8; at most three are allowed"
                )
            }
            Self::Unwritable { problem } => write!(f, "it cannot be written: {problem}"),
        }
    }
}

impl Finding {
    pub(super) fn unwritable(problem: String) -> Self {
        Self {
            pointer: String::new(),
            label: String::new(),
            trouble: Trouble::Unwritable { problem },
            sure: true,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pointer)?;
        if !self.label.is_empty() {
            write!(f, " ({})", self.label)?;
        }
        write!(f, ": {}", self.trouble)
    }
}

/// What [`strict`](super::strict) refuses a request for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {}", list(.findings))]
pub struct Findings {
    operation: &'static str,
    findings: Vec<Finding>,
}

impl Findings {
    pub(super) fn new(operation: &'static str, findings: Vec<Finding>) -> Self {
        Self { operation, findings }
    }

    /// All of them, at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.findings
    }
}

fn list(findings: &[Finding]) -> String {
    findings
        .iter()
        .map(Finding::to_string)
        .collect::<Vec<_>>()
        .join("; ")
}
