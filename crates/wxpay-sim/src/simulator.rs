//! The simulator as it is started: the platform, a server around it, and control over both.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use wxpay_proto::{BaseUrl, UnixTime};

use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::handled::Handled;
use crate::order::{OrderRef, PayError};
use crate::platform::Platform;
use crate::profile::Profile;
use crate::server::{Desk, Identity, Limits, Plan, Server};
use crate::settings::Settings;

/// What a simulator is started with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setup {
    /// Who there is.
    pub profile: Profile,
    /// How it behaves.
    pub settings: Settings,
    /// The address to listen on: 127.0.0.1. Whoever can reach another one can have orders paid.
    pub listen: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Hosts that are not WeChat Pay's and that the proxy connects to all the same, each with or without a port:
    /// `shop.example`, `shop.example:8443`.
    pub tunnels: Vec<String>,
    pub(crate) limits: Limits,
}

impl Default for Setup {
    /// The test accounts, the default settings, any free port.
    fn default() -> Self {
        Self {
            profile: Profile::test(),
            settings: Settings::default(),
            listen: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            tunnels: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// An HTTPS server that answers as WeChat Pay does, on a thread of its own.
///
/// It is a proxy at the same port: a client that has `http://127.0.0.1:PORT` as its HTTPS proxy and trusts
/// [`ca_pem`](Self::ca_pem) reaches it under WeChat Pay's own host names.
///
/// It can be used from blocking and async code alike; no method waits for a request. Dropping it stops it.
#[derive(Debug)]
pub struct Simulator {
    desk: Arc<Desk>,
    server: Server,
    base_url: BaseUrl,
    ca_pem: Arc<str>,
    profile: Profile,
    settings: Settings,
}

impl Simulator {
    /// Starts with the test accounts, the default settings and a free port.
    ///
    /// # Errors
    /// When the port cannot be bound or the thread cannot be started.
    pub fn start() -> io::Result<Self> {
        Self::start_with(Setup::default())
    }

    /// Starts with a setup.
    ///
    /// # Errors
    /// When the port cannot be bound or the thread cannot be started.
    pub fn start_with(setup: Setup) -> io::Result<Self> {
        let platform = Platform::new(setup.profile.clone(), setup.settings.clone());
        let desk = Arc::new(Desk::new(platform));
        let identity = Identity::shipped().map_err(io::Error::other)?;
        let ca_pem = Arc::clone(&identity.ca_pem);
        let plan = Plan {
            listen: setup.listen,
            port: setup.port,
            identity,
            tunnels: setup.tunnels,
            limits: setup.limits,
        };
        let server = Server::start(Arc::clone(&desk), plan)?;
        let base_url = BaseUrl::new(&format!("https://{}", server.address())).map_err(io::Error::other)?;
        Ok(Self {
            desk,
            server,
            base_url,
            ca_pem,
            profile: setup.profile,
            settings: setup.settings,
        })
    }

    /// Where it listens, as a client's base address.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// The certificate that a client must trust to connect, as PEM. Trust it in that one client only: its server key is
    /// public.
    #[must_use]
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
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

    /// Turns the business clock, forwards or backwards, from where it stands. The wire clock stays at real time.
    pub fn turn_business_clock(&self, seconds: i64) {
        self.desk.turn(seconds);
    }

    /// The time by the business clock.
    #[must_use]
    pub fn business_time(&self) -> UnixTime {
        self.desk.clocks().business
    }

    /// The user pays an order.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn pay(&self, order: &OrderRef) -> Result<(), PayError> {
        self.desk.pay(order)
    }

    /// Does anything that a [`Platform`] can do, with the clocks as they stand: pays as somebody in particular, settles a
    /// refund, looks into the outbox.
    ///
    /// ```
    /// use wxpay_sim::{OrderRef, Payer, Simulator};
    ///
    /// let simulator = Simulator::start()?;
    /// let payer = Payer::default().bank_type("ICBC_DEBIT");
    /// let paid = simulator.control(|platform, clocks| platform.pay_as(&OrderRef::order("A00001"), &payer, clocks));
    /// assert_eq!(paid.unwrap_err().to_string(), "there is no order A00001");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn control<T>(&self, act: impl FnOnce(&mut Platform, Clocks) -> T) -> T {
        self.desk.control(act)
    }

    /// Spoils the next answer, or the one after those that are to be spoiled already.
    pub fn fail_next(&self, fault: Fault) {
        self.desk.fail_next(fault);
    }

    /// What was answered so far, oldest first; at most the last 10,000, and of large bodies the last 64 MiB.
    #[must_use]
    pub fn log(&self) -> Vec<Handled> {
        self.desk.log()
    }

    /// Stops, and waits until the port is free.
    pub fn shutdown(self) {
        drop(self);
    }
}
