//! Why stored orders cannot be used.

use std::path::PathBuf;

use crate::store::RestoreError;

/// Why the stored orders cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("{}: {source}", path.display())]
    Sqlite { path: PathBuf, source: sqlx::Error },
    #[error("{}: it was written by a newer version (its form is {found}, known is {known})", path.display())]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error("{}: {source}", path.display())]
    Rows { path: PathBuf, source: RestoreError },
    #[error("{}: {source}", path.display())]
    Thread { path: PathBuf, source: std::io::Error },
}
