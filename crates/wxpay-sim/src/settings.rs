//! What the sources leave open or contradict each other about, as switches.

use crate::documented::Facts;

/// What a second close of the same v3 order gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepeatedClose {
    /// `204`: the call is re-entrant, as the official troubleshooting notes say.
    #[default]
    NoContent,
    /// `400 ORDER_CLOSED`, as the pages' error tables list it.
    OrderClosed,
}

/// How the platform behaves where the sources leave a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Where nonces, order numbers and `Request-ID`s start: the same seed and the same calls give the same bytes.
    pub seed: u64,
    /// Whether `Accept`, `User-Agent` and, with a body, `Content-Type: application/json` must be there (v3).
    pub strict_headers: bool,
    /// Which of the catalogue's facts requests are held against, of operations that no product of the simulator's has.
    pub facts: Facts,
    /// What a second close of a v3 combined order gives. Global and v2 answer `ORDERCLOSED` in any case.
    pub v3_repeated_close: RepeatedClose,
    /// How many seconds old a v3 combined order must be to be closed. The current pages state none: 0.
    pub min_close_age_v3: i64,
    /// How many seconds old a global order must be to be closed: 300.
    pub min_close_age_global: i64,
    /// How many seconds old a v2 combined order must be to be closed: 60.
    pub min_close_age_v2: i64,
    /// The code of a close that comes too early. No source tells it; `INVALID_REQUEST` is a guess.
    pub early_close_code: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            strict_headers: true,
            facts: Facts::default(),
            v3_repeated_close: RepeatedClose::default(),
            min_close_age_v3: 0,
            min_close_age_global: 300,
            min_close_age_v2: 60,
            early_close_code: "INVALID_REQUEST".to_owned(),
        }
    }
}
