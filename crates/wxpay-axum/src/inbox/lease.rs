//! Keeping a claim while its handler runs.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until, timeout_at};
use tracing::warn;

use crate::store::{Held, Store};

/// Renews a claim until it cannot be renewed, and comes back before it has run out: by then the handler must be dropped,
/// as somebody else may get the notification.
///
/// `asked` is the moment before the claim was made, so that the lease is never believed to end later than it does.
pub(super) async fn hold<S: Store>(store: &S, held: &Held, lease: Duration, asked: Instant) {
    let mut from = asked;
    loop {
        sleep_until(from + lease / 3).await;
        // The last tenth is for the drop.
        let until = from + lease - lease / 10;
        from = loop {
            let renewing = Instant::now();
            match timeout_at(until, store.extend(held, lease)).await {
                Ok(Ok(true)) => break renewing,
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => {
                    warn!(id = held.id, %error, "a claim could not be renewed; trying again");
                    sleep(lease / 20).await;
                }
            }
            if Instant::now() >= until {
                return;
            }
        };
    }
}
