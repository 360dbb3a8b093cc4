//! What all bodies that are being read may take together.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::limits::Limits;

/// The longest body that counts as small, in KiB: nearly every call of WeChat Pay's API is one.
const SMALL: u32 = 64;

/// Room for bodies, in KiB. Small ones have a part of their own: who waits for a place among the large ones stands in
/// nobody's way.
#[derive(Debug)]
pub(super) struct Room {
    large: Arc<Semaphore>,
    small: Arc<Semaphore>,
}

impl Room {
    pub(super) fn new(limits: &Limits) -> Self {
        let small = limits.bodies_kib / 8;
        Self {
            large: Arc::new(Semaphore::new(limits.bodies_kib - small)),
            small: Arc::new(Semaphore::new(small)),
        }
    }

    /// Waits for room for a body of so many bytes.
    pub(super) async fn share(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let kib = u32::try_from(bytes.div_ceil(1024)).unwrap_or(u32::MAX);
        let part = if kib <= SMALL { &self.small } else { &self.large };
        Arc::clone(part).acquire_many_owned(kib).await.ok()
    }
}
