//! What is to be written.

use crate::store::Change;

/// What is to be written.
pub(super) enum Task {
    /// These rows.
    Write(Vec<Change>),
    /// That there are no rows any more.
    Clear,
}
