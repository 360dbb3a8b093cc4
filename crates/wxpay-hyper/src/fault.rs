//! How a request failed on its way, before anybody names the operation.

use std::error::Error as StdError;

use crate::keys::BoxError;

/// What a transport of yours, or a layer, fails with when it is certain that nothing of the request has left: the
/// outcome of the call is then [`NotSent`](wxpay_proto::Outcome::NotSent). It counts wherever it stands among an error's
/// causes. Without it such a failure is unknown, or told by how far the client's own transport has come.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NothingSent(pub(crate) BoxError);

impl NothingSent {
    /// Takes what went wrong.
    pub fn new(problem: impl Into<BoxError>) -> Self {
        Self(problem.into())
    }
}

/// An error of one type, among an error and its causes.
pub(crate) fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        next = error.source();
    }
    None
}
