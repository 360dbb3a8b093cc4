//! The simulator as it is started: the platform, a server around it, and control over both.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
#[cfg(feature = "disk")]
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wxpay_proto::{BaseUrl, UnixTime};

use crate::clocks::Clocks;
use crate::fault::Fault;
use crate::handled::Handled;
#[cfg(feature = "disk")]
use crate::keys::{FolderError, Keys};
use crate::order::{OrderRef, PayError};
use crate::platform::Platform;
use crate::profile::Profile;
#[cfg(feature = "disk")]
use crate::profile::Role;
#[cfg(feature = "disk")]
use crate::real_time;

use crate::scenario::Scenario;
use crate::server::{Desk, Identity, Limits, Plan, Server};
use crate::settings::Settings;
#[cfg(feature = "disk")]
use crate::sqlite::SqliteJournal;

/// What a simulator is started with.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setup {
    /// Who there is.
    pub profile: Profile,
    /// How it behaves: [`Settings::default`], and v2's operations that want the client certificate refuse who shows none.
    pub settings: Settings,
    /// The address to listen on: 127.0.0.1. Whoever can reach another one can have orders paid.
    pub listen: IpAddr,
    /// The port; 0 takes a free one.
    pub port: u16,
    /// Hosts that are not WeChat Pay's and that the proxy connects to all the same, each with or without a port:
    /// `shop.example`, `shop.example:8443`.
    pub tunnels: Vec<String>,
    /// Authorities to trust beside the public ones when notifications are delivered over HTTPS, each as PEM.
    pub notification_roots: Vec<String>,
    /// What goes wrong: nothing.
    pub scenario: Scenario,
    /// Whether the control API answers other machines than this one, when it listens where they can reach it.
    pub control_for_all: bool,
    /// Whether HTTP/2 is offered beside HTTP/1.1: no. WeChat Pay's gateway speaks HTTP/1.1, and some clients depend on the
    /// spelling of its headers' names, which are always in lower case in HTTP/2.
    pub http2: bool,
    /// The file that orders are kept in; otherwise they are gone when it stops. A file that was written by a simulator
    /// with other keys serves as well.
    #[cfg(feature = "disk")]
    pub store: Option<PathBuf>,
    /// Where its own keys are; the shipped ones otherwise.
    #[cfg(feature = "disk")]
    pub(crate) keys: Option<Keys>,
    pub(crate) limits: Limits,
}

#[cfg(feature = "disk")]
impl Setup {
    /// With keys of its own and orders that outlive it, kept in a folder: made on the first start, read on every later
    /// one.
    ///
    /// Inside it, `keys/ca.pem` is what clients are to trust, and `keys/merchant`, `keys/partner` and
    /// `keys/institution` hold the files of an account: `apiclient_key.pem`, `apiclient_cert.pem` and
    /// `apiclient_cert.p12` (its password is the merchant number), `apiv2_key.txt` and `apiv3_key.txt`, `pub_key.pem`
    /// with `pub_key_id.txt`, and `wechatpay_….pem`, the platform certificates. When it has been started there is also a
    /// `profile.json` for `wxpay call`. Only their owner can read what is secret.
    /// Orders are in `store.sqlite`; with [`store`](Self::store) set to nothing they stay in memory.
    ///
    /// # Errors
    /// [`FolderError`] when the folder cannot be read or written, or holds something else.
    pub fn in_folder(folder: &Path) -> Result<Self, FolderError> {
        let keys = Keys::open(folder)?;
        Ok(Self {
            profile: keys.profile()?,
            keys: Some(keys),
            store: Some(folder.join("store.sqlite")),
            ..Self::default()
        })
    }

    /// The folder with the authority's certificate, `ca.pem`, if it has keys of its own.
    #[must_use]
    pub fn keys_folder(&self) -> Option<&Path> {
        self.keys.as_ref().map(Keys::path)
    }

    /// The folder with an account's files, if it has keys of its own.
    #[must_use]
    pub fn account_folder(&self, role: Role) -> Option<PathBuf> {
        self.keys.as_ref().map(|keys| keys.account(role))
    }

    fn desk(&self) -> io::Result<Desk> {
        let (profile, settings) = (self.profile.clone(), self.settings.clone());
        let Some(path) = &self.store else {
            return Ok(Desk::new(Platform::new(profile, settings), None));
        };
        let opened = SqliteJournal::open(path, |rows| Platform::restore(profile, settings, rows));
        let (platform, journal) = opened.map_err(io::Error::other)?;
        Ok(Desk::new(platform, Some(Box::new(journal))))
    }

    fn identity(&self) -> io::Result<Identity> {
        let Some(keys) = &self.keys else {
            return Identity::shipped().map_err(io::Error::other);
        };
        keys.identity(self.listen, real_time::now())
            .map_err(io::Error::other)
    }
}

#[cfg(not(feature = "disk"))]
impl Setup {
    #[expect(
        clippy::unnecessary_wraps,
        reason = "with a store there is something that fails"
    )]
    fn desk(&self) -> io::Result<Desk> {
        let platform = Platform::new(self.profile.clone(), self.settings.clone());
        Ok(Desk::new(platform, None))
    }

    fn identity(&self) -> io::Result<Identity> {
        Identity::shipped().map_err(io::Error::other)
    }
}

impl Default for Setup {
    /// The test accounts, the default settings, any free port.
    fn default() -> Self {
        Self {
            profile: Profile::test(),
            settings: Settings {
                v2_client_certificate: true,
                ..Settings::default()
            },
            listen: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            tunnels: Vec::new(),
            notification_roots: Vec::new(),
            scenario: Scenario::default(),
            control_for_all: false,
            http2: false,
            #[cfg(feature = "disk")]
            store: None,
            #[cfg(feature = "disk")]
            keys: None,
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
    /// When the port cannot be bound or the thread cannot be started, or two rules of the scenario have one name.
    pub fn start_with(setup: Setup) -> io::Result<Self> {
        let desk = Arc::new(setup.desk()?);
        let played = desk.control(|platform, _| platform.play(&setup.scenario));
        played.map_err(io::Error::other)?;
        let identity = setup.identity()?;
        let ca_pem = Arc::clone(&identity.ca_pem);
        let plan = Plan {
            listen: setup.listen,
            port: setup.port,
            identity,
            tunnels: setup.tunnels,
            notification_roots: setup.notification_roots,
            control_for_all: setup.control_for_all,
            http2: setup.http2,
            limits: setup.limits,
        };
        let server = Server::start(Arc::clone(&desk), plan)?;
        let base_url = BaseUrl::new(&format!("https://{}", server.address())).map_err(io::Error::other)?;
        #[cfg(feature = "disk")]
        if let Some(keys) = &setup.keys {
            let written = keys.write_profiles(&setup.profile, &base_url);
            written.map_err(io::Error::other)?;
        }
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
        self.desk
            .control(|platform, _| platform.turn_business_clock(seconds));
    }

    /// The time by the business clock.
    #[must_use]
    pub fn business_time(&self) -> UnixTime {
        self.desk.clocks().business
    }

    /// Both clocks.
    #[must_use]
    pub fn clocks(&self) -> Clocks {
        self.desk.clocks()
    }

    /// The user pays an order.
    ///
    /// # Errors
    /// [`PayError`] when there is no such order, or it cannot be paid any more.
    pub fn pay(&self, order: &OrderRef) -> Result<(), PayError> {
        self.desk.control(|platform, clocks| platform.pay(order, clocks))
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
        self.desk.control(|platform, _| platform.fail_next(fault));
    }

    /// What was answered so far, oldest first; at most the last 10,000, and of large bodies the last 64 MiB.
    #[must_use]
    pub fn log(&self) -> Vec<Handled> {
        let (_, log) = self.desk.log();
        log.iter().map(|exchange| Handled::clone(exchange)).collect()
    }

    /// Stops, and waits until the port is free.
    pub fn shutdown(self) {
        drop(self);
    }
}
