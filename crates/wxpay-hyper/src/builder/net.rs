//! How requests get to WeChat Pay: certificates, proxies, connections, and what stands around or in the place of them.

use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Uri};
use tokio::io::{AsyncRead, AsyncWrite};
use tower_service::Service;
use zeroize::Zeroizing;

use super::ClientBuilder;
use crate::body::Body;
use crate::connect::Own;
use crate::keys::BoxError;
use crate::net::{Certificate, Way};
use crate::pool::Versions;
use crate::proxy::Proxy;
use crate::transport::{Carriage, Transport};

/// Whom to trust, and who the client is.
impl ClientBuilder {
    /// The merchant's client certificate (`apiclient_cert.pem`) and its private key (`apiclient_key.pem`), for the v2
    /// operations that ask for it (双向证书). No other call shows it.
    pub fn client_certificate_pem(mut self, chain: impl Into<String>, key: impl Into<String>) -> Self {
        self.net.certificate = Some(Certificate::Pem {
            chain: chain.into(),
            key: Zeroizing::new(key.into()),
        });
        self
    }

    /// The same from one file, `apiclient_cert.p12`. The password of a file that was downloaded from WeChat Pay is the
    /// merchant number.
    #[cfg(feature = "p12")]
    pub fn client_certificate_p12(mut self, file: impl Into<Vec<u8>>, password: impl Into<String>) -> Self {
        self.net.certificate = Some(Certificate::P12 {
            file: Zeroizing::new(file.into()),
            password: Zeroizing::new(password.into()),
        });
        self
    }

    /// Trusts these root certificates too, a test server's or an inspecting proxy's, beside the public ones.
    pub fn extra_root_pem(mut self, pem: impl Into<String>) -> Self {
        self.net.roots.extra_pem.push(pem.into());
        self
    }

    /// Trusts no root certificates but those of [`extra_root_pem`](Self::extra_root_pem).
    pub fn only_extra_roots(mut self) -> Self {
        self.net.roots.only_extra = true;
        self
    }

    /// Takes the public root certificates from this machine's store, instead of Mozilla's list, which is compiled in.
    #[cfg(feature = "platform-roots")]
    pub fn platform_roots(mut self) -> Self {
        self.net.roots.platform = true;
        self
    }
}

/// Which way requests go.
impl ClientBuilder {
    /// Goes through an HTTP proxy. When nothing is said there is none, whatever the environment says.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.net.way = Way::Proxy(proxy);
        self
    }

    /// Goes through the proxy that the environment names when the client is built, in the form that curl reads:
    /// `HTTPS_PROXY` or `ALL_PROXY`, and `NO_PROXY`, each also in small letters. Without them it goes straight.
    pub fn proxy_from_environment(mut self) -> Self {
        self.net.way = Way::Environment;
        self
    }

    /// Opens connections by a connector of yours, in the place of TCP and of a proxy: it is given the address
    /// (`https://host:port/`) and gives a stream of bytes, on which the client speaks TLS. For SOCKS proxies, Unix sockets,
    /// tests in memory.
    pub fn connector<C, S>(mut self, connector: C) -> Self
    where
        C: Service<Uri, Response = S, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync + 'static,
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        self.net.way = Way::Own(Arc::new(Own(connector)));
        self
    }

    /// Lays a service around the client's own connections: a limit of rate or concurrency, a count, a trace. It is given
    /// once; what is given last counts. See [`Transport`] for what a layer may do.
    ///
    /// ```
    /// use std::task::{Context, Poll};
    ///
    /// use http::{Request, Response};
    /// use tower_service::Service;
    /// use wxpay_hyper::{Body, BoxError, Client, Transport};
    ///
    /// /// Counts requests.
    /// #[derive(Clone)]
    /// struct Counted(Transport, std::sync::Arc<std::sync::atomic::AtomicU64>);
    ///
    /// impl Service<Request<Body>> for Counted {
    ///     type Response = Response<Body>;
    ///     type Error = BoxError;
    ///     type Future = <Transport as Service<Request<Body>>>::Future;
    ///
    ///     fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
    ///         self.0.poll_ready(cx)
    ///     }
    ///
    ///     fn call(&mut self, request: Request<Body>) -> Self::Future {
    ///         self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    ///         self.0.call(request)
    ///     }
    /// }
    ///
    /// let client = Client::builder()
    ///     .layered(|transport| Counted(transport, Default::default()))
    ///     .build()?;
    /// # Ok::<(), wxpay_hyper::ConfigError>(())
    /// ```
    pub fn layered<L, S>(mut self, layer: L) -> Self
    where
        L: FnOnce(Transport) -> S + Send + Sync + 'static,
        S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
        S: Clone + Send + Sync + 'static,
    {
        self.net.layers = Some(Box::new(|transport| {
            let shows_certificate = transport.mutual.is_some();
            Carriage::around(layer(transport), shows_certificate)
        }));
        self
    }

    /// Sends by a service of yours, in the place of the client's own connections: what is said of certificates, proxies and
    /// connections counts for nothing then. A failure that is no [`NothingSent`](crate::NothingSent) leaves the outcome of
    /// the call unknown. Operations that want the client certificate are refused; see
    /// [`transport_with_certificate`](Self::transport_with_certificate).
    ///
    /// It has to send requests as they are, each once, by TLS, and to follow no redirect.
    pub fn transport<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
        S: Clone + Send + Sync + 'static,
    {
        self.net.instead = Some(Carriage::instead(service, false));
        self
    }

    /// The same with a service that shows the client certificate for requests whose extensions hold
    /// [`ShowsCertificate`](crate::ShowsCertificate).
    pub fn transport_with_certificate<S>(mut self, service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
        S: Clone + Send + Sync + 'static,
    {
        self.net.instead = Some(Carriage::instead(service, true));
        self
    }
}

/// How many, and how long.
impl ClientBuilder {
    /// How many calls may be under way at one host, each over at most one connection: 256 when nothing is said. Further
    /// ones wait for their turn, first come, first served, within their deadlines. By HTTP/2 they share a connection.
    pub fn calls_in_flight(mut self, calls: usize) -> Self {
        self.net.places.taken = calls;
        self
    }

    /// How many calls may wait for their turn at one host: 16,384 when nothing is said. One more is not sent
    /// ([`Failure::Busy`](crate::Failure::Busy)).
    pub fn calls_waiting(mut self, calls: usize) -> Self {
        self.net.places.waiting = calls;
        self
    }

    /// How long a connection that nobody uses is kept: 7 s when nothing is said. WeChat Pay's gateways close theirs after 8 s,
    /// as the answers say that its documentation prints (`Keep-Alive: timeout=8`), and a request that meets the end of its
    /// connection has an outcome that nobody knows.
    pub fn keep_idle(mut self, limit: Duration) -> Self {
        self.net.keeping.idle = limit;
        self
    }

    /// How often a connection in use is asked whether it still lives (HTTP/2's pings, TCP's keep-alive): every 20 s when
    /// nothing is said.
    pub fn keep_alive(mut self, interval: Duration) -> Self {
        self.net.keeping.ping = interval;
        self
    }

    /// Speaks HTTP/1.1 only.
    pub fn http1_only(mut self) -> Self {
        self.net.keeping.versions = Versions::Http1;
        self
    }

    /// Speaks HTTP/2 only; a server that does not is not spoken to.
    pub fn http2_only(mut self) -> Self {
        self.net.keeping.versions = Versions::Http2;
        self
    }

    /// The longest text, unpacked, that [`Client::save_file`](crate::Client::save_file) takes, in bytes: 20 GB when nothing
    /// is said. A small gzip file can unpack to a very large one.
    pub fn file_limit(mut self, bytes: u64) -> Self {
        self.net.files.text = bytes;
        self
    }

    /// How long nothing of a file may come before it is given up: 30 s when nothing is said.
    pub fn file_idle_timeout(mut self, limit: Duration) -> Self {
        self.net.files.idle = limit;
        self
    }
}
