//! Changes of the store, as data.

use bytes::Bytes;

/// One row that a call changed ([`Platform::take_changes`](crate::Platform::take_changes)).
///
/// A row is named by `shelf` and `key`; the last change of a row says what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a row has a name and a value; whoever stores rows builds changes from them"
)]
pub struct Change {
    /// The kind of record, `order` say.
    pub shelf: String,
    /// The record's name among its kind.
    pub key: String,
    /// The record as JSON; nothing when it was deleted.
    pub value: Option<Bytes>,
}

/// Why a platform cannot be made from stored rows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// A newer version wrote rows of a kind that this one does not know.
    #[error("no shelf is called {shelf:?}: the rows are a newer version's")]
    UnknownShelf {
        /// The kind.
        shelf: String,
    },
    /// A row cannot be read.
    #[error("the row {key:?} on the shelf {shelf:?} cannot be read: {source}")]
    Unreadable {
        /// The kind.
        shelf: String,
        /// The record's name.
        key: String,
        /// What the reader says.
        source: serde_json::Error,
    },
}
