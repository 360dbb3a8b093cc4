//! The one question that every error answers: may it have been executed?

/// Whether a call may have taken effect at WeChat Pay's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "every caller must handle all three, and there is no fourth"
)]
pub enum Outcome {
    /// Nothing was sent: correct the cause and call again.
    NotSent,
    /// WeChat Pay refused: nothing happened. Correct the cause; a repeat of the same call is refused again.
    Refused,
    /// It may or may not have happened: **query, never repeat blindly**, and never under a new order number.
    Unknown,
}
