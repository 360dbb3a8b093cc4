//! The platform as a state machine.

use std::collections::VecDeque;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};

use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::ids::Sequence;
use crate::order::{OrderRef, PayError};
use crate::profile::Profile;
use crate::settings::Settings;
use crate::store::{Payment, Store};
use crate::world::World;
use crate::{v2, v3};

/// WeChat Pay's side of the wire, without I/O, clock and randomness.
///
/// The same settings, calls and clocks give the same bytes.
#[derive(Debug)]
pub struct Platform {
    profile: Profile,
    settings: Settings,
    store: Store,
    sequence: Sequence,
    faults: VecDeque<Fault>,
}

impl Platform {
    /// A platform without orders.
    #[must_use]
    pub fn new(profile: Profile, settings: Settings) -> Self {
        let sequence = Sequence::new(settings.seed);
        Self {
            profile,
            settings,
            store: Store::default(),
            sequence,
            faults: VecDeque::new(),
        }
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

    /// Answers a request. What is verified is the request target and the body as they are in `request`, byte for byte.
    #[must_use]
    pub fn handle(&mut self, request: &Request<Bytes>, clocks: Clocks) -> Response<Bytes> {
        let fault = self.faults.pop_front();
        if fault == Some(Fault::BadGateway) {
            return bad_gateway();
        }
        let mut world = World {
            profile: &self.profile,
            settings: &self.settings,
            store: &mut self.store,
            sequence: &mut self.sequence,
            clocks,
        };
        if v3::is_spoken_at(request.uri().path()) {
            v3::handle(request, &mut world, fault)
        } else {
            v2::handle(request, &mut world, fault)
        }
    }

    /// The user pays: a combined order with all its sub-orders, or a global order.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn pay(&mut self, order: &OrderRef, clocks: Clocks) -> Result<(), PayError> {
        let millis = u16::try_from(self.sequence.next() % 1000).unwrap_or_default();
        self.store.pay(
            order,
            Payment {
                at: clocks.business,
                millis,
            },
        )
    }

    /// Spoils the next answer, or the one after those that are to be spoiled already.
    pub fn fail_next(&mut self, fault: Fault) {
        self.faults.push_back(fault);
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
