//! Whether calls may begin, and when the last one has ended.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{OwnedRwLockReadGuard, RwLock};

/// Open until it is closed. Each call under way holds a [`Pass`].
#[derive(Debug, Default)]
pub(crate) struct Gate {
    closed: AtomicBool,
    /// Read by those under way, written by whoever waits for them: it holds nothing.
    passes: Arc<RwLock<()>>,
}

/// A call under way, or a file that is being read.
pub(crate) type Pass = OwnedRwLockReadGuard<()>;

impl Gate {
    /// None when the gate is closed.
    pub(crate) fn pass(&self) -> Option<Pass> {
        if self.closed.load(Ordering::Acquire) {
            return None;
        }
        // Refused when somebody waits to close: who comes after that must not go through.
        Arc::clone(&self.passes).try_read_owned().ok()
    }

    /// Lets nobody in any more, and waits until nobody is inside.
    pub(crate) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let _nobody = self.passes.write().await;
    }
}
