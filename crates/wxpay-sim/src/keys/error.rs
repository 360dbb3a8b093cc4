//! Why there are no keys.

use std::path::{Path, PathBuf};

/// Why a simulator's folder cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FolderError {
    /// A file or folder cannot be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file holds something else than it should.
    #[error(
        "{}: {problem}. Keys are made on the first start only; take the folder away to have new ones made",
        path.display()
    )]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Keys cannot be made.
    #[error("keys cannot be made: {problem}")]
    NotMade {
        /// Why.
        problem: String,
    },
}

impl FolderError {
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }

    pub(super) fn unusable(path: &Path, problem: impl ToString) -> Self {
        Self::Unusable {
            path: path.to_owned(),
            problem: problem.to_string(),
        }
    }

    pub(super) fn not_made(problem: impl ToString) -> Self {
        Self::NotMade {
            problem: problem.to_string(),
        }
    }
}
