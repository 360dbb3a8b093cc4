//! The one desk at which requests and control meet the platform.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Request, Response};
use wxpay_proto::UnixTime;

use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::handled::Handled;
use crate::order::{OrderRef, PayError};
use crate::platform::Platform;

/// How many requests the log keeps.
const LOG: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Desk(Mutex<State>);

#[derive(Debug)]
struct State {
    platform: Platform,
    /// How far the business clock is turned, in seconds.
    turned: i64,
    log: VecDeque<Handled>,
}

impl State {
    fn clocks(&self) -> Clocks {
        Clocks::at(real_time()).turned(self.turned)
    }
}

impl Desk {
    pub(crate) fn new(platform: Platform) -> Self {
        Self(Mutex::new(State {
            platform,
            turned: 0,
            log: VecDeque::new(),
        }))
    }

    pub(super) fn handle(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let mut state = self.lock();
        let clocks = state.clocks();
        let response = state.platform.handle(request, clocks);
        state.note(request.clone(), response.clone());
        response
    }

    /// Writes down an answer that the platform had no part in.
    pub(super) fn note(&self, request: Request<Bytes>, response: Response<Bytes>) {
        self.lock().note(request, response);
    }

    pub(crate) fn clocks(&self) -> Clocks {
        self.lock().clocks()
    }

    pub(crate) fn turn(&self, seconds: i64) {
        let mut state = self.lock();
        state.turned = state.turned.saturating_add(seconds);
    }

    pub(crate) fn pay(&self, order: &OrderRef) -> Result<(), PayError> {
        let mut state = self.lock();
        let clocks = state.clocks();
        state.platform.pay(order, clocks)
    }

    pub(crate) fn fail_next(&self, fault: Fault) {
        self.lock().platform.fail_next(fault);
    }

    pub(crate) fn log(&self) -> Vec<Handled> {
        self.lock().log.iter().cloned().collect()
    }

    /// A panic in one request must not take the simulator from the tests that follow.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, request: Request<Bytes>, response: Response<Bytes>) {
        if self.log.len() == LOG {
            self.log.pop_front();
        }
        self.log.push_back(Handled { request, response });
    }
}

fn real_time() -> UnixTime {
    // A clock before 1970 or after the year 292 billion is not worth a failure.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
