//! How fetching a file can fail.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use wxpay_proto::file::FileError;
use wxpay_proto::v3::TicketError;

use crate::error::Error;
use crate::failure::TransportError;

/// A file that was not had. Whatever came of it before must not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DownloadError {
    /// WeChat Pay was asked for the file's address, and did not answer with one.
    #[error(transparent)]
    Ask(Error),
    /// WeChat Pay did not answer with the file.
    #[error(transparent)]
    Fetch(Error),
    /// An encrypted bill has become another one between its pieces: ask for it again.
    #[error("the bill has changed while its pieces were fetched; fetch it again")]
    Changed,
    /// The answer tells no file.
    #[error(transparent)]
    Ticket(#[from] TicketError),
    /// The connection broke before the file was complete.
    #[error(
        "{operation}: the connection to {host} broke after {received} bytes of the file: {source}; do not use what came"
    )]
    Broken {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// How much had come, in bytes, packed as they arrived.
        received: u64,
        /// What the network said.
        source: TransportError,
    },
    /// Nothing of the file came for so long.
    #[error("{operation}: nothing more of the file came within {limit:?}; do not use what came")]
    Stalled {
        /// The operation.
        operation: &'static str,
        /// The limit that passed.
        limit: Duration,
    },
    /// The file is not what a signed answer told, or longer than allowed.
    #[error("{0}; do not use what came")]
    File(#[from] FileError),
    /// The file had ended with an error before.
    #[error("{operation}: the file has ended with an error before; fetch it again from a fresh address")]
    Ended {
        /// The operation.
        operation: &'static str,
    },
    /// The file could not be stored.
    #[error("{}: {source}", path.display())]
    Disk {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl DownloadError {
    /// The variant's name, for logs.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Ask(_) => "ask",
            Self::Fetch(_) => "fetch",
            Self::Changed => "changed",
            Self::Ticket(_) => "ticket",
            Self::Broken { .. } => "broken",
            Self::Stalled { .. } => "stalled",
            Self::File(_) => "file",
            Self::Ended { .. } => "ended",
            Self::Disk { .. } => "disk",
        }
    }

    /// Whether asking for a fresh address and beginning again can help.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            // An address that has run out is refused, with whatever code.
            Self::Fetch(_) | Self::Broken { .. } | Self::Stalled { .. } | Self::Ended { .. } => true,
            // A bomb stays one, and a key that does not fit will not fit next time.
            Self::File(error) => matches!(
                error,
                FileError::WrongDigest(_)
                    | FileError::Gzip { .. }
                    | FileError::Forged
                    | FileError::Unread { .. }
            ),
            Self::Ask(_) | Self::Ticket(_) | Self::Changed | Self::Disk { .. } => false,
        }
    }
}
