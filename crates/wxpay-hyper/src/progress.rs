//! How far a request has come: it tells whether anything of it may have left this machine.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use tokio::sync::Notify;

/// Travels with a request, in its extensions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    left: AtomicBool,
    told: Notify,
}

impl Progress {
    /// From here on something of the request may have left.
    pub(crate) fn set_left(&self) {
        if !self.0.left.swap(true, Ordering::AcqRel) {
            self.0.told.notify_one();
        }
    }

    pub(crate) fn has_left(&self) -> bool {
        self.0.left.load(Ordering::Acquire)
    }

    /// Waits until something of the request may have left.
    pub(crate) async fn left(&self) {
        while !self.has_left() {
            self.0.told.notified().await;
        }
    }
}

/// Waits for `work`, but no longer than `limit` does; who is first wins, and `work` when both are.
pub(crate) async fn before<T>(
    work: &mut (impl Future<Output = T> + Unpin),
    limit: impl Future<Output = ()>,
) -> Option<T> {
    let mut limit = pin!(limit);
    std::future::poll_fn(|cx: &mut Context<'_>| {
        if let Poll::Ready(done) = std::pin::Pin::new(&mut *work).poll(cx) {
            return Poll::Ready(Some(done));
        }
        limit.as_mut().poll(cx).map(|()| None)
    })
    .await
}
