//! How connections are kept.

use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;

use crate::connect::{Connector, Dial};
use crate::transport::Pool;

/// How connections are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Keeping {
    /// How long one that nobody uses is kept.
    pub(crate) idle: Duration,
    /// How often one in use is asked whether it still lives: by HTTP/2, and by TCP.
    pub(crate) ping: Duration,
    pub(crate) versions: Versions,
    /// How long the TLS handshake may take.
    pub(crate) tls: Duration,
}

impl Default for Keeping {
    fn default() -> Self {
        Self {
            // The gateways close theirs after 8 s (`Keep-Alive: timeout=8` in the answers that the documentation prints). A
            // request that meets the end of its connection has an outcome that nobody knows.
            idle: Duration::from_secs(7),
            ping: Duration::from_secs(20),
            versions: Versions::Both,
            tls: Duration::from_secs(10),
        }
    }
}

/// Which versions of HTTP are offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Versions {
    Both,
    Http1,
    Http2,
}

impl Versions {
    /// As TLS names them (ALPN).
    pub(crate) fn protocols(self) -> &'static [&'static [u8]] {
        match self {
            Self::Both => &[b"h2", b"http/1.1"],
            Self::Http1 => &[b"http/1.1"],
            Self::Http2 => &[b"h2"],
        }
    }
}

/// Opens TCP connections.
pub(crate) fn tcp(keeping: Keeping) -> HttpConnector {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(keeping.ping));
    tcp
}

/// Connections of one identity.
pub(crate) fn pool(dial: Arc<dyn Dial>, tls: ClientConfig, keeping: Keeping) -> Pool {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(keeping.idle)
        .http2_keep_alive_interval(keeping.ping)
        .http2_only(keeping.versions == Versions::Http2)
        .build(Connector::new(dial, tls, keeping.tls))
}
