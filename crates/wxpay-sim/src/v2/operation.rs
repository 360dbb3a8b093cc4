//! What an operation of v2 is.

use super::answer::Answer;
use super::dress::Dress;
use super::envelope::Envelope;
use crate::world::World;

/// What does it.
pub(super) type Run = fn(&Envelope<'_>, &mut World<'_>) -> Answer;

/// An operation, and what is asked of those who call it.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) dress: Dress,
    /// The merchant's client certificate is needed.
    pub(super) certificate: bool,
    pub(super) run: Run,
}
