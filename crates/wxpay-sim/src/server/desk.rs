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

/// How many bytes of bodies the log keeps: 64 MiB.
const LOG_BYTES: usize = 64 << 20;

#[derive(Debug)]
pub(crate) struct Desk(Mutex<State>);

#[derive(Debug)]
struct State {
    platform: Platform,
    log: VecDeque<Handled>,
    /// The bytes of all bodies in the log.
    logged: usize,
}

impl State {
    fn clocks(&self) -> Clocks {
        Clocks::at(real_time()).turned(self.platform.business_clock_turn())
    }
}

impl Desk {
    pub(crate) fn new(platform: Platform) -> Self {
        Self(Mutex::new(State {
            platform,
            log: VecDeque::new(),
            logged: 0,
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
        self.lock().platform.turn_business_clock(seconds);
    }

    pub(crate) fn pay(&self, order: &OrderRef) -> Result<(), PayError> {
        let mut state = self.lock();
        let clocks = state.clocks();
        state.platform.pay(order, clocks)
    }

    pub(crate) fn control<T>(&self, act: impl FnOnce(&mut Platform, Clocks) -> T) -> T {
        let mut state = self.lock();
        let clocks = state.clocks();
        act(&mut state.platform, clocks)
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
        let exchange = Handled { request, response };
        self.logged += size(&exchange);
        self.log.push_back(exchange);
        while self.log.len() > LOG || self.logged > LOG_BYTES {
            let Some(oldest) = self.log.pop_front() else {
                return;
            };
            self.logged -= size(&oldest);
        }
    }
}

fn size(exchange: &Handled) -> usize {
    exchange.request.body().len() + exchange.response.body().len()
}

fn real_time() -> UnixTime {
    // A clock before 1970 or after the year 292 billion is not worth a failure.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
