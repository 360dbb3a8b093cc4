//! What an answer must be held against.

use crate::crypto::Algorithm;

/// What verification must know of the question.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Asked {
    pub(crate) algorithm: Algorithm,
    pub(crate) hmac_only: bool,
}
