//! Sends requests to receivers, and says what came back.

use std::fmt;
use std::io;
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
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::tls::{TlsError, provider};
use crate::outbox::Reply;

/// How much of a reply is read, in bytes, unless something else is said.
const REPLY_BYTES: usize = 64 << 10;

/// Sends notifications as the simulator does: over HTTP/1.1, over TLS where the address says `https`, without following
/// redirections. It wants a tokio runtime.
#[derive(Clone)]
pub struct Sender {
    connector: TlsConnector,
    /// How long a receiver may take, in all.
    within: Duration,
    reply_bytes: usize,
}

impl Sender {
    /// One that trusts the public authorities and these, given as PEM, and waits so long for a reply: real receivers have
    /// 5 s ([`Sender::WITHIN`]).
    ///
    /// # Errors
    /// When an authority cannot be read.
    pub fn new(roots: &[String], within: Duration) -> io::Result<Self> {
        Self::trusting(roots, within).map_err(io::Error::other)
    }

    /// How long a receiver has to reply (protocol section 4.3).
    pub const WITHIN: Duration = Duration::from_secs(5);

    /// The same, reading so many bytes of a reply's body; 64 KiB otherwise.
    #[must_use]
    pub fn reading(mut self, bytes: usize) -> Self {
        self.reply_bytes = bytes;
        self
    }

    fn trusting(roots: &[String], within: Duration) -> Result<Self, TlsError> {
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
            connector: TlsConnector::from(Arc::new(config)),
            within,
            reply_bytes: REPLY_BYTES,
        })
    }

    /// Sends a request to the address that it names, and gives what came back.
    pub async fn send(&self, request: Request<Bytes>) -> Reply {
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
            return self.post(stream, request, &uri).await;
        }
        let server = ServerName::try_from(name.to_owned());
        let server = server.map_err(|error| format!("{host} is no name for TLS: {error}"))?;
        let stream = self.connector.connect(server, stream).await;
        let stream = stream.map_err(|error| {
            format!(
                "TLS with {host} fails: {error}. A root certificate that is to be trusted is given with --trust"
            )
        })?;
        self.post(stream, request, &uri).await
    }

    async fn post<S>(&self, stream: S, mut request: Request<Bytes>, uri: &Uri) -> Result<Reply, String>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
        *request.uri_mut() = target
            .parse()
            .map_err(|error| format!("{uri} is no address: {error}"))?;
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let host =
            HeaderValue::from_str(authority).map_err(|error| format!("{uri} is no address: {error}"))?;
        request.headers_mut().insert(HOST, host);
        let broken = |error: hyper::Error| format!("the connection broke: {error}");
        // Some receivers look for `Wechatpay-Nonce` in this spelling, as WeChat Pay writes it.
        let handshake = hyper::client::conn::http1::Builder::new()
            .title_case_headers(true)
            .handshake(TokioIo::new(stream))
            .await;
        let (mut sender, connection) = handshake.map_err(broken)?;
        tokio::spawn(connection);
        let response = sender
            .send_request(request.map(Full::new))
            .await
            .map_err(broken)?;
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), self.reply_bytes)
            .collect()
            .await;
        let body = body.map_err(|error| format!("the reply with status {status} cannot be read: {error}"))?;
        Ok(Reply::Answered {
            status,
            body: body.to_bytes(),
        })
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("within", &self.within)
            .finish_non_exhaustive()
    }
}
