//! What is wrong with a request, before it becomes v3's or v2's refusal.

use serde_json::Value;

/// The first thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    pub(crate) location: Location,
    /// A JSON pointer for the body, a name elsewhere.
    pub(crate) field: String,
    /// As it arrived: what was sealed stays sealed.
    pub(crate) value: Value,
    pub(crate) issue: String,
}

/// What sort of thing is wrong: the protocols have codes of their own for some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// It has to be given.
    Missing,
    /// There is no such parameter.
    Unknown,
    /// A number is too large or too small.
    OutOfRange,
    /// Anything else.
    Wrong,
}

/// Where in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    Body,
    Url,
    Query,
    Header,
}

impl Location {
    /// The word that v3's errors have for it.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Url => "url",
            Self::Query => "query",
            Self::Header => "header",
        }
    }
}

impl Problem {
    pub(crate) fn wrong(location: Location, field: &str, value: Value, issue: impl Into<String>) -> Self {
        Self {
            kind: ProblemKind::Wrong,
            location,
            field: field.to_owned(),
            value,
            issue: issue.into(),
        }
    }

    pub(crate) fn of_kind(mut self, kind: ProblemKind) -> Self {
        self.kind = kind;
        self
    }
}
