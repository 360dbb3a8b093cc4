//! The one desk at which requests and control meet the platform.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::Notify;
use wxpay_proto::UnixTime;

use super::outgone::Outgone;
use crate::clocks::Clocks;
use crate::handled::Handled;
use crate::journal::{Batch, Journal, Unwritten};
use crate::outbox::Delivery;
use crate::platform::Platform;
use crate::real_time;
use crate::store::{Record as _, Turn};

/// How many requests the log keeps.
const LOG: usize = 10_000;

/// How many bytes of bodies the log keeps: 64 MiB.
const LOG_BYTES: usize = 64 << 20;

#[derive(Debug)]
pub(crate) struct Desk {
    state: Mutex<State>,
    journal: Option<Box<dyn Journal>>,
    /// Something was done that notifications may come of.
    stirred: Notify,
    outgone: Outgone,
}

#[derive(Debug)]
struct State {
    platform: Platform,
    log: VecDeque<Arc<Handled>>,
    /// The number of the log's first entry.
    first: u64,
    /// The bytes of all bodies in the log.
    logged: usize,
}

impl State {
    fn clocks(&self) -> Clocks {
        Clocks::at(real_time::now()).turned(self.platform.business_clock_turn())
    }
}

impl Desk {
    pub(crate) fn new(platform: Platform, journal: Option<Box<dyn Journal>>) -> Self {
        Self {
            state: Mutex::new(State {
                platform,
                log: VecDeque::new(),
                first: 1,
                logged: 0,
            }),
            journal,
            stirred: Notify::new(),
            outgone: Outgone::default(),
        }
    }

    /// Answers a request, when everything that the answer can tell of is stored.
    pub(super) async fn handle(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, Unwritten> {
        let (response, batch) = self.with(|state, clocks| {
            let response = state.platform.handle(request, clocks);
            state.note(request.clone(), response.clone(), clocks.business);
            response
        });
        self.stirred.notify_one();
        self.stored(batch).await?;
        Ok(response)
    }

    /// Does something to the platform, and ends when it is stored.
    pub(super) async fn act<T>(&self, act: impl FnOnce(&mut Platform, Clocks) -> T) -> Result<T, Unwritten> {
        let (done, batch) = self.with(|state, clocks| act(&mut state.platform, clocks));
        self.stirred.notify_one();
        self.stored(batch).await?;
        Ok(done)
    }

    /// The same for who is in no runtime. Whether it could be stored, the next answer tells.
    pub(crate) fn control<T>(&self, act: impl FnOnce(&mut Platform, Clocks) -> T) -> T {
        let (done, batch) = self.with(|state, clocks| act(&mut state.platform, clocks));
        self.stirred.notify_one();
        if let (Some(journal), Some(batch)) = (&self.journal, batch) {
            let _ = journal.wait(batch);
        }
        done
    }

    /// The notifications that are to be sent now, stored as attempts, and in how many seconds there may be more.
    pub(super) async fn due(&self) -> Result<(Vec<Delivery>, Option<i64>), Unwritten> {
        let ((deliveries, next), batch) = self.with(|state, clocks| {
            let deliveries = state.platform.poll(clocks);
            let seconds = |next: UnixTime| next.seconds_since(clocks.business);
            (deliveries, state.platform.next_due().map(seconds))
        });
        if !deliveries.is_empty() {
            self.stored(batch).await?;
            self.outgone.add(&deliveries);
        }
        Ok((deliveries, next))
    }

    /// What went out.
    pub(super) fn outgone(&self) -> &Outgone {
        &self.outgone
    }

    /// Ends when something was done since it ended the last time.
    pub(super) async fn stirred(&self) {
        self.stirred.notified().await;
    }

    /// Forgets everything: orders, notifications, the log, how far the clock was turned. Rules begin anew.
    pub(super) async fn reset(&self) -> Result<(), Unwritten> {
        let batch = {
            let mut state = self.lock();
            state.platform = state.platform.anew();
            state.clear_log();
            self.journal.as_ref().map(|journal| journal.clear())
        };
        self.stored(batch).await
    }

    /// Forgets the log.
    pub(super) fn clear_log(&self) {
        self.lock().clear_log();
    }

    /// Writes down an answer that the platform had no part in.
    pub(super) fn note(&self, request: Request<Bytes>, response: Response<Bytes>) {
        let mut state = self.lock();
        let now = state.clocks().business;
        state.note(request, response, now);
    }

    /// Looks at the platform, which does not change by it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&Platform, Clocks) -> T) -> T {
        let state = self.lock();
        look(&state.platform, state.clocks())
    }

    /// Ends when everything that a look could have seen until now is stored: nothing is told that a kill could undo.
    pub(super) async fn told(&self) -> Result<(), Unwritten> {
        let ((), batch) = self.with(|_, _| ());
        self.stored(batch).await
    }

    pub(crate) fn clocks(&self) -> Clocks {
        self.lock().clocks()
    }

    /// The log, oldest first, and the number of its first entry.
    pub(crate) fn log(&self) -> (u64, Vec<Arc<Handled>>) {
        let state = self.lock();
        (state.first, state.log.iter().cloned().collect())
    }

    fn with<T>(&self, act: impl FnOnce(&mut State, Clocks) -> T) -> (T, Option<Batch>) {
        let mut state = self.lock();
        let (clocks, turned) = (state.clocks(), state.platform.business_clock_turn());
        let done = act(&mut state, clocks);
        let batch = self.journal.as_ref().map(|journal| {
            let mut changes = state.platform.take_changes();
            // A query moves on the sequence that nonces come from, and that is worth no write: whatever is stored takes
            // the sequence along as it is then.
            let only_moved = changes.iter().all(|change| change.shelf == Turn::SHELF);
            if only_moved && state.platform.business_clock_turn() == turned {
                changes.clear();
            }
            // Inside the lock: changes are written in the order in which they were made.
            journal.write(changes)
        });
        (done, batch)
    }

    async fn stored(&self, batch: Option<Batch>) -> Result<(), Unwritten> {
        match (&self.journal, batch) {
            (Some(journal), Some(batch)) => journal.stored(batch).await,
            _ => Ok(()),
        }
    }

    /// A panic in one request must not take the simulator from the tests that follow.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn clear_log(&mut self) {
        self.first += self.log.len() as u64;
        self.log.clear();
        self.logged = 0;
    }

    fn note(&mut self, request: Request<Bytes>, response: Response<Bytes>, at: UnixTime) {
        let exchange = Handled {
            request,
            response,
            at,
        };
        self.logged += size(&exchange);
        self.log.push_back(Arc::new(exchange));
        while self.log.len() > LOG || self.logged > LOG_BYTES {
            let Some(oldest) = self.log.pop_front() else {
                return;
            };
            self.first += 1;
            self.logged -= size(&oldest);
        }
    }
}

fn size(exchange: &Handled) -> usize {
    exchange.request.body().len() + exchange.response.body().len()
}
