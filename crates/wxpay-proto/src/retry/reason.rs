//! Why a call is not made again.

use std::fmt;

/// Why a call is not made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Reason {
    /// The request cannot be made: the same values fail again.
    NotMade,
    /// The answer would be the same.
    SameAnswer,
    /// It may have been executed, and a repetition might execute it once more; or WeChat Pay has refused to move money
    /// for now.
    Unsafe,
    /// The budget's attempts are used up.
    Attempts,
    /// The budget's time is, or would be before the next attempt.
    Time,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotMade => "the request cannot be made from these values",
            Self::SameAnswer => "the answer would be the same",
            Self::Unsafe => "a repetition is not safe without asking first",
            Self::Attempts => "the budget of attempts is used up",
            Self::Time => "the budget of time is used up",
        })
    }
}
