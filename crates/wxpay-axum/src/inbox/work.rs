//! Workers.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tracing::warn;

use super::Inbox;
use crate::BoxError;
use crate::delivery::Delivery;
use crate::store::Store;

impl<S: Store> Inbox<S> {
    /// Runs the handler on what is in the inbox, `workers` at a time, until `stop` comes to an end; then it waits for the
    /// handlers that are running. Dropped, it stops them where they wait, and their notifications are handled again when
    /// the lease has ended.
    ///
    /// What fails is logged, kept in the store and tried again; a panic of the handler is a failure.
    pub fn work<H, F, E>(
        self: &Arc<Self>,
        workers: usize,
        handler: H,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> impl Future<Output = ()> + Send + 'static
    where
        H: Fn(Delivery) -> F + Clone + Send + Sync + 'static,
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError> + Send + 'static,
    {
        let inbox = self.clone();
        async move {
            let (stopping, stopped) = watch::channel(());
            let mut running = JoinSet::new();
            for _ in 0..workers.max(1) {
                running.spawn(worker(inbox.clone(), handler.clone(), stopped.clone()));
            }
            stop.await;
            drop(stopping);
            while let Some(ended) = running.join_next().await {
                if let Err(error) = ended {
                    warn!(%error, "a worker of the inbox failed");
                }
            }
        }
    }
}

/// Handles what is due, then waits: for an arrival, for the next look, or for the end, which is the sender's drop.
async fn worker<S, H, F, E>(inbox: Arc<Inbox<S>>, handler: H, mut stopped: watch::Receiver<()>)
where
    S: Store,
    H: Fn(Delivery) -> F,
    F: Future<Output = Result<(), E>>,
    E: Into<BoxError>,
{
    while stopped.has_changed().is_ok() {
        match inbox.handle_next(&handler).await {
            Ok(Some(_)) => continue,
            Ok(None) => {}
            Err(error) => warn!(%error, "the inbox could not be worked on; trying again"),
        }
        tokio::select! {
            () = inbox.arrived.notified() => {}
            () = tokio::time::sleep(inbox.policy.poll) => {}
            _ = stopped.changed() => {}
        }
    }
}
