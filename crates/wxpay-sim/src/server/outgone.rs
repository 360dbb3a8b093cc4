//! The deliveries that went out, for whoever listens to them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::outbox::Delivery;

/// How many deliveries are kept for listeners that come late.
const KEPT: usize = 1000;

/// The last deliveries, each with a number; the numbers count up from 1.
#[derive(Debug)]
pub(crate) struct Outgone {
    kept: Mutex<VecDeque<(u64, Delivery)>>,
    last: watch::Sender<u64>,
}

impl Default for Outgone {
    fn default() -> Self {
        Self {
            kept: Mutex::default(),
            last: watch::Sender::new(0),
        }
    }
}

impl Outgone {
    pub(super) fn add(&self, deliveries: &[Delivery]) {
        let mut kept = self.lock();
        let mut number = *self.last.borrow();
        for delivery in deliveries {
            number += 1;
            kept.push_back((number, delivery.clone()));
        }
        let left = kept.len().saturating_sub(KEPT);
        kept.drain(..left);
        drop(kept);
        if !deliveries.is_empty() {
            self.last.send_replace(number);
        }
    }

    /// The number of the last one; 0 before the first.
    pub(super) fn last(&self) -> u64 {
        *self.last.borrow()
    }

    /// Those behind this number; when there are none, those that come within so much time.
    pub(super) async fn after(&self, number: u64, wait: Duration) -> Vec<(u64, Delivery)> {
        let mut last = self.last.subscribe();
        // Time may be up, and the sender lives as long as this: in either case what there is is what there is.
        let _ = timeout(wait, last.wait_for(|last| *last > number)).await;
        let kept = self.lock();
        kept.iter()
            .filter(|(known, _)| *known > number)
            .cloned()
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(u64, Delivery)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::Request;

    use super::*;
    use crate::outbox::DeliveryId;

    fn delivery(attempt: u32) -> Delivery {
        Delivery {
            id: DeliveryId {
                notification: "n".to_owned(),
                attempt,
            },
            request: Request::new(Bytes::new()),
        }
    }

    async fn numbers(outgone: &Outgone, after: u64) -> Vec<u64> {
        let found = outgone.after(after, Duration::ZERO).await;
        found.into_iter().map(|(number, _)| number).collect()
    }

    #[tokio::test]
    async fn listeners_get_what_is_behind_their_number_once() {
        let outgone = Outgone::default();
        assert_eq!((outgone.last(), numbers(&outgone, 0).await), (0, vec![]));
        outgone.add(&[delivery(1), delivery(2)]);
        assert_eq!(numbers(&outgone, 0).await, [1, 2]);
        assert_eq!(numbers(&outgone, 1).await, [2]);
        assert_eq!((outgone.last(), numbers(&outgone, 2).await), (2, vec![]));
        let (found, ()) = tokio::join!(outgone.after(2, Duration::from_secs(60)), async {
            tokio::task::yield_now().await;
            outgone.add(&[delivery(3)]);
        });
        assert_eq!(found.len(), 1);
    }

    #[tokio::test]
    async fn the_oldest_make_room() {
        let outgone = Outgone::default();
        for attempt in 0..1100 {
            outgone.add(&[delivery(attempt)]);
        }
        assert_eq!(outgone.last(), 1100);
        assert_eq!(numbers(&outgone, 0).await.first(), Some(&101));
    }
}
