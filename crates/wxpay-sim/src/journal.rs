//! Where changes are stored before the answers that tell of them go out.

use std::fmt;
use std::future::Future;
use std::pin::Pin;

use crate::store::Change;

/// The number of a batch of changes. A batch is stored when one with its number or a greater one is.
pub(crate) type Batch = u64;

/// Stores changes in the order in which they come.
///
/// An answer may tell of anything that was changed before it was made, by its own call or by another one. It waits
/// therefore for the last batch that was written until then, even when its own call changed nothing.
pub(crate) trait Journal: fmt::Debug + Send + Sync {
    /// Takes changes, and gives the number to wait for. Callers hold the platform's lock, so that the order is right.
    fn write(&self, changes: Vec<Change>) -> Batch;

    /// Takes that everything was deleted.
    fn clear(&self) -> Batch;

    /// Ends when the batch is stored.
    fn stored(&self, batch: Batch) -> Pin<Box<dyn Future<Output = Result<(), Unwritten>> + Send + '_>>;

    /// The same for those who are not in a runtime.
    fn wait(&self, batch: Batch) -> Result<(), Unwritten>;
}

/// The changes could not be stored. What the platform answers from now on would be forgotten, so it answers nothing.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "the simulator cannot store what it did, so that its answer would be no promise: {problem}. Start it again when \
     that is mended; it goes on from what was stored"
)]
pub(crate) struct Unwritten {
    pub(crate) problem: String,
}
