//! Makes a connection: to the host or a proxy, and TLS on top, each within its time.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tower_service::Service;

use crate::keys::BoxError;

/// Something that is being opened.
pub(crate) type Opening<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// A stream of bytes below TLS.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// Opens streams of bytes to hosts.
pub(crate) trait Dial: Send + Sync {
    fn open(&self, host: Uri) -> Opening<Box<dyn Io>>;
}

/// Straight to the host.
pub(crate) struct Direct(pub(crate) HttpConnector);

impl Dial for Direct {
    fn open(&self, host: Uri) -> Opening<Box<dyn Io>> {
        straight(self.0.clone(), host)
    }
}

/// Opens a TCP connection to the host itself.
pub(crate) fn straight(mut tcp: HttpConnector, host: Uri) -> Opening<Box<dyn Io>> {
    Box::pin(async move {
        let stream = tcp.call(host).await?;
        Ok(Box::new(stream.into_inner()) as Box<dyn Io>)
    })
}

/// By a connector of the user's.
pub(crate) struct Own<C>(pub(crate) C);

impl<C, S> Dial for Own<C>
where
    C: Service<Uri, Response = S, Error: Into<BoxError>, Future: Send> + Clone + Send + Sync + 'static,
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    fn open(&self, host: Uri) -> Opening<Box<dyn Io>> {
        let mut connector = self.0.clone();
        Box::pin(async move {
            poll_fn(|cx| connector.poll_ready(cx)).await.map_err(Into::into)?;
            let stream = connector.call(host).await.map_err(Into::into)?;
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}

/// No connection is waited for longer than this, whoever wants it: a call's own deadline ends the call, and the
/// connection that was being made for it goes on for the next one.
const LONGEST: Duration = Duration::from_secs(60);

/// Makes connections of one identity.
#[derive(Clone)]
pub(crate) struct Connector {
    dial: Arc<dyn Dial>,
    tls: TlsConnector,
    /// How long the TLS handshake may take.
    within: Duration,
}

impl Connector {
    pub(crate) fn new(dial: Arc<dyn Dial>, tls: ClientConfig, within: Duration) -> Self {
        Self {
            dial,
            tls: TlsConnector::from(Arc::new(tls)),
            within,
        }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = BoxError;
    type Future = Opening<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { dial, tls, within } = self.clone();
        let opening = async move {
            if uri.scheme() != Some(&http::uri::Scheme::HTTPS) {
                return Err("only https is spoken".into());
            }
            let host = uri.host().unwrap_or_default();
            let name = host.trim_start_matches('[').trim_end_matches(']').to_owned();
            let name = ServerName::try_from(name)?;
            let below = dial.open(uri).await?;
            let stream = timeout(within, tls.connect(name, below))
                .await
                .map_err(|_| format!("the TLS handshake took longer than {within:?}"))??;
            Ok(TokioIo::new(Stream(stream)))
        };
        Box::pin(async move { timeout(LONGEST, opening).await? })
    }
}

/// A connection, encrypted.
pub(crate) struct Stream(TlsStream<Box<dyn Io>>);

impl Connection for Stream {
    fn connected(&self) -> Connected {
        let connected = Connected::new();
        match self.0.get_ref().1.alpn_protocol() {
            Some(b"h2") => connected.negotiated_h2(),
            _ => connected,
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }

    fn is_write_vectored(&self) -> bool {
        self.0.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write_vectored(cx, slices)
    }
}
