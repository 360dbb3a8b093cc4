//! What keeps the demo from running at all.

use std::io;

/// What keeps the demo from running at all; a step that goes wrong is no error but a bad score.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The terminal or the simulator's socket.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The client could not be set up.
    #[error("the client cannot be set up: {0}")]
    Setup(String),
    /// A step that others build on did not succeed.
    #[error("{0} did not succeed, and the rest builds on it")]
    Needed(&'static str),
}
