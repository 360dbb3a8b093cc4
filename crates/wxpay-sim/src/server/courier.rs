//! Delivers notifications: sends what is due to the merchant's addresses and tells the platform what came back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::uri::{PathAndQuery, Scheme};
use http::{HeaderValue, Request, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsConnector;

use super::desk::Desk;
use super::tls::{TlsError, provider};
use crate::outbox::{Delivery, Reply};

/// How many deliveries are under way at a time.
const AT_ONCE: usize = 64;

/// How much of a reply is read, in bytes.
const REPLY_BYTES: usize = 64 << 10;

/// The longest sleep between two looks, in seconds: this machine's clock may be set.
const LOOK: i64 = 60;

/// Delivers notifications.
#[derive(Clone)]
pub(super) struct Courier {
    desk: Arc<Desk>,
    connector: TlsConnector,
    places: Arc<Semaphore>,
    /// How long a receiver may take, in all.
    within: Duration,
}

impl Courier {
    /// One that trusts the public authorities and these, given as PEM.
    pub(super) fn new(desk: Arc<Desk>, roots: &[String], within: Duration) -> Result<Self, TlsError> {
        let mut trusted = RootCertStore::empty();
        trusted.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        for pem in roots {
            for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
                trusted.add(certificate?)?;
            }
        }
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trusted)
            .with_no_client_auth();
        Ok(Self {
            desk,
            connector: TlsConnector::from(Arc::new(config)),
            places: Arc::new(Semaphore::new(AT_ONCE)),
            within,
        })
    }

    /// Delivers for as long as it is let.
    pub(super) async fn run(self) {
        loop {
            let next = match self.desk.due().await {
                Ok((deliveries, next)) => {
                    for delivery in deliveries {
                        self.send_off(delivery).await;
                    }
                    next
                }
                // What cannot be stored is not sent: it would be sent again after the next start.
                Err(_) => None,
            };
            let seconds = next.unwrap_or(LOOK).clamp(1, LOOK);
            tokio::select! {
                () = self.desk.stirred() => {}
                () = sleep(Duration::from_secs(seconds.unsigned_abs())) => {}
            }
        }
    }

    async fn send_off(&self, delivery: Delivery) {
        let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
            return;
        };
        let courier = self.clone();
        tokio::spawn(async move {
            let reply = courier.deliver(delivery.request).await;
            // When it cannot be stored, it is as if the reply had been lost on the way.
            let _ = courier
                .desk
                .act(|platform, clocks| platform.delivered(&delivery.id, &reply, clocks))
                .await;
            drop(place);
        });
    }

    async fn deliver(&self, request: Request<Bytes>) -> Reply {
        let problem = match timeout(self.within, self.exchange(request)).await {
            Ok(Ok(reply)) => return reply,
            Ok(Err(problem)) => problem,
            Err(_) => format!("no complete reply within {} s", self.within.as_secs_f32()),
        };
        Reply::Failed { problem }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Reply, String> {
        let uri = request.uri().clone();
        let host = uri.host().ok_or_else(|| format!("{uri} names no host"))?;
        let name = host.trim_start_matches('[').trim_end_matches(']');
        let is_tls = uri.scheme() == Some(&Scheme::HTTPS);
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        let stream = TcpStream::connect((name, port)).await;
        let stream = stream.map_err(|error| format!("{host}:{port} cannot be reached: {error}"))?;
        if !is_tls {
            return post(stream, request, &uri).await;
        }
        let server = ServerName::try_from(name.to_owned());
        let server = server.map_err(|error| format!("{host} is no name for TLS: {error}"))?;
        let stream = self.connector.connect(server, stream).await;
        let stream = stream.map_err(|error| {
            format!(
                "TLS with {host} fails: {error}. A root certificate that is to be trusted is given with --trust"
            )
        })?;
        post(stream, request, &uri).await
    }
}

async fn post<S>(stream: S, mut request: Request<Bytes>, uri: &Uri) -> Result<Reply, String>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    *request.uri_mut() = target
        .parse()
        .map_err(|error| format!("{uri} is no address: {error}"))?;
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(authority).map_err(|error| format!("{uri} is no address: {error}"))?;
    request.headers_mut().insert(HOST, host);
    let broken = |error: hyper::Error| format!("the connection broke: {error}");
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(broken)?;
    tokio::spawn(connection);
    let response = sender
        .send_request(request.map(Full::new))
        .await
        .map_err(broken)?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), REPLY_BYTES).collect().await;
    let body = body.map_err(|error| format!("the reply with status {status} cannot be read: {error}"))?;
    Ok(Reply::Answered {
        status,
        body: body.to_bytes(),
    })
}
