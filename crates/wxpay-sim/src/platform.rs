//! The platform as a state machine.

mod complaints;
mod contracts;
mod control;
mod history;
mod lists;
mod newest;
mod rules;
mod single;
mod transfers;
mod trigger;

use std::time::Duration;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::faults::Faults;
use crate::ids::Sequence;
use crate::manner;
use crate::outbox::{self, Delivery, DeliveryId, Reply};
use crate::profile::Profile;
use crate::progress;
use crate::settings::Settings;
use crate::store::{Change, RestoreError, Store, Turn};
use crate::world::World;
use crate::{v2, v3};

pub(crate) use history::{Event, Past, What};
pub use lists::{Ordered, Refunded, Transferred};
pub(crate) use newest::Link;
pub use rules::Ruled;
pub(crate) use single::{Bond, Grumble, Spoken};

/// WeChat Pay's side of the wire, without I/O, clock and randomness.
///
/// The same settings, calls and clocks give the same bytes. Whatever a call changes is told by
/// [`take_changes`](Self::take_changes): who stores it before the answer goes out can be stopped at any moment, and
/// [`restore`](Self::restore) goes on from there.
#[derive(Debug)]
pub struct Platform {
    profile: Profile,
    settings: Settings,
    store: Store,
    sequence: Sequence,
    /// How far the business clock is turned, in seconds.
    turned: i64,
    faults: Faults,
}

impl Platform {
    /// A platform without orders.
    #[must_use]
    pub fn new(profile: Profile, settings: Settings) -> Self {
        let sequence = Sequence::new(settings.seed);
        let faults = Faults::new(settings.seed);
        Self {
            profile,
            settings,
            store: Store::default(),
            sequence,
            turned: 0,
            faults,
        }
    }

    /// The platform that made these changes: all that [`take_changes`](Self::take_changes) gave, in that order, or the
    /// last one of each row in any order. Faults that were waiting and rules are forgotten.
    ///
    /// # Errors
    /// [`RestoreError`] when a row cannot be read, or is of a kind that this version does not know.
    pub fn restore(
        profile: Profile,
        settings: Settings,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Self, RestoreError> {
        let store = Store::restore(changes)?;
        let mut platform = Self::new(profile, settings);
        if let Some(turn) = store.turn.get(Turn::KEY) {
            platform.sequence = Sequence::new(turn.sequence);
            platform.turned = turn.turned;
        }
        platform.store = store;
        Ok(platform)
    }

    /// What was changed since the last call, as rows. Nothing is lost when it is never called, and nothing is gained.
    #[must_use]
    pub fn take_changes(&mut self) -> Vec<Change> {
        let turn = Turn {
            sequence: self.sequence.state(),
            turned: self.turned,
        };
        if self.store.turn.get(Turn::KEY) != Some(&turn) {
            self.store.turn.put(turn);
        }
        self.store.take_changes()
    }

    /// Who there is.
    #[must_use]
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// How it behaves.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// This platform without anything that was done: the same accounts, settings and rules.
    #[must_use]
    pub(crate) fn anew(&self) -> Self {
        Self {
            faults: self.faults.anew(),
            ..Self::new(self.profile.clone(), self.settings.clone())
        }
    }

    /// Answers a request. What is verified is the request target and the body as they are in `request`, byte for byte.
    ///
    /// An answer that a fault has spoiled has the [`Fault`] among its extensions, and a [`Manner`](crate::Manner) when it
    /// is not to be delivered at once and whole.
    #[must_use]
    pub fn handle(&mut self, request: &Request<Bytes>, clocks: Clocks) -> Response<Bytes> {
        let Some(spoil) = self.faults.meet(request) else {
            return self.answer(request, clocks, None);
        };
        let mut response = match spoil.fault {
            Fault::BadGateway => bad_gateway(),
            Fault::CutBefore => nothing(),
            fault => self.answer(request, clocks, Some(fault)),
        };
        let late = Duration::from_millis(self.settings.slow_milliseconds);
        manner::mark(&mut response, spoil.fault, spoil.late.unwrap_or(late));
        response
    }

    fn answer(&mut self, request: &Request<Bytes>, clocks: Clocks, fault: Option<Fault>) -> Response<Bytes> {
        let mut world = self.world(clocks);
        progress::advance(&mut world);
        if v3::is_spoken_at(request.uri().path()) {
            v3::handle(request, &mut world, fault)
        } else {
            v2::handle(request, &mut world, fault)
        }
    }

    /// The notifications that are to be sent now, each a request to the merchant's address. Each counts as an attempt:
    /// one whose reply is never told is sent again by its schedule, as if there had been none.
    #[must_use]
    pub fn poll(&mut self, clocks: Clocks) -> Vec<Delivery> {
        let mut world = self.world(clocks);
        progress::advance(&mut world);
        outbox::poll(&mut world)
    }

    /// Takes what the merchant replied to a notification within 5 s, or that nothing came. Gives whether it counts as an
    /// acknowledgement: 200 or 204; for v2 200 with `return_code` `SUCCESS`.
    pub fn delivered(&mut self, id: &DeliveryId, reply: &Reply, clocks: Clocks) -> bool {
        outbox::delivered(&mut self.world(clocks), id, reply)
    }

    fn world(&mut self, clocks: Clocks) -> World<'_> {
        World {
            profile: &self.profile,
            settings: &self.settings,
            store: &mut self.store,
            sequence: &mut self.sequence,
            clocks,
        }
    }
}

fn bad_gateway() -> Response<Bytes> {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    let mut response = Response::new(Bytes::from_static(page.as_bytes()));
    *response.status_mut() = StatusCode::BAD_GATEWAY;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}

/// In the place of an answer that never comes.
fn nothing() -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response
}
