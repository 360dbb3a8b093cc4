//! How many calls go to a host at the same time, and how many wait for that, in their order.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PlaceLimits {
    pub(crate) taken: usize,
    pub(crate) waiting: usize,
}

impl Default for PlaceLimits {
    fn default() -> Self {
        Self {
            taken: 256,
            waiting: 16_384,
        }
    }
}

/// The places of all hosts. There are as many as WeChat Pay has hosts, or one, a test server.
#[derive(Debug)]
pub(crate) struct Places {
    limits: PlaceLimits,
    hosts: Mutex<HashMap<String, Arc<HostPlaces>>>,
}

#[derive(Debug)]
struct HostPlaces {
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
}

/// A place: it is free again when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Place {
    _permit: Option<OwnedSemaphorePermit>,
}

/// So many wait already that nobody else may.
#[derive(Debug)]
pub(crate) struct Full {
    pub(crate) waiting: usize,
}

impl Places {
    pub(crate) fn new(limits: PlaceLimits) -> Self {
        Self {
            limits,
            hosts: Mutex::default(),
        }
    }

    /// Takes a place, or waits for one, first come, first served.
    pub(crate) async fn take(&self, host: &str) -> Result<Place, Full> {
        let places = self.of(host);
        // Where somebody waits, no place is free: the queue is never jumped.
        if let Ok(permit) = Arc::clone(&places.free).try_acquire_owned() {
            return Ok(Place {
                _permit: Some(permit),
            });
        }
        let _waiting = Waiting::begin(&places, self.limits.waiting)?;
        // The semaphore is never closed, so there is always a permit in the end.
        let permit = Arc::clone(&places.free).acquire_owned().await.ok();
        Ok(Place { _permit: permit })
    }

    fn of(&self, host: &str) -> Arc<HostPlaces> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = hosts.get(host) {
            return Arc::clone(places);
        }
        let places = Arc::new(HostPlaces {
            free: Arc::new(Semaphore::new(self.limits.taken.min(Semaphore::MAX_PERMITS))),
            waiting: AtomicUsize::new(0),
        });
        hosts.insert(host.to_owned(), Arc::clone(&places));
        places
    }
}

/// Counted among those who wait, until dropped: also when the call is.
struct Waiting<'a>(&'a HostPlaces);

impl<'a> Waiting<'a> {
    fn begin(places: &'a HostPlaces, limit: usize) -> Result<Self, Full> {
        let counted = Self(places);
        let before = places.waiting.fetch_add(1, Ordering::AcqRel);
        if before < limit {
            Ok(counted)
        } else {
            Err(Full { waiting: limit })
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use super::*;

    #[test]
    fn places_are_taken_in_order_and_the_queue_ends() {
        let places = Places::new(PlaceLimits { taken: 1, waiting: 2 });
        let mut cx = Context::from_waker(Waker::noop());
        let Poll::Ready(Ok(first)) = pin!(places.take("a")).poll(&mut cx) else {
            panic!("the first place is free")
        };
        let mut second = Box::pin(places.take("a"));
        let mut third = Box::pin(places.take("a"));
        assert!(second.as_mut().poll(&mut cx).is_pending());
        assert!(third.as_mut().poll(&mut cx).is_pending());
        let Poll::Ready(Err(Full { waiting: 2 })) = pin!(places.take("a")).poll(&mut cx) else {
            panic!("the queue is full")
        };
        let Poll::Ready(Ok(_)) = pin!(places.take("b")).poll(&mut cx) else {
            panic!("another host has places of its own")
        };
        drop(first);
        assert!(third.as_mut().poll(&mut cx).is_pending(), "the queue was jumped");
        // Whoever comes now does not overtake those who wait.
        let mut fourth = Box::pin(places.take("a"));
        assert!(matches!(fourth.as_mut().poll(&mut cx), Poll::Ready(Err(_))));
        let Poll::Ready(Ok(place)) = second.as_mut().poll(&mut cx) else {
            panic!("the second is next")
        };
        // One who gives up makes room in the queue.
        drop(third);
        drop(place);
        assert!(matches!(pin!(places.take("a")).poll(&mut cx), Poll::Ready(Ok(_))));
    }
}
