//! Makes a connection: to the host or a proxy, and TLS on top, each within its time.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper::rt::{Read, Write};
use hyper_rustls::{DefaultServerNameResolver, HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::{Connected, Connection, HttpConnector};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tokio::time::timeout;
use tower_service::Service;

use crate::keys::BoxError;
use crate::progress::before;

/// Something that is being opened.
pub(crate) type Opening<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// A stream of bytes below TLS.
pub(crate) trait Io: Read + Write + Send + Unpin {}

impl<T: Read + Write + Send + Unpin> Io for T {}

/// What is known of a connection is what TLS has agreed upon.
impl Connection for Box<dyn Io> {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

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
    Box::pin(async move { Ok(Box::new(tcp.call(host).await?) as Box<dyn Io>) })
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
            Ok(Box::new(TokioIo::new(stream)) as Box<dyn Io>)
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
    tls: Arc<ClientConfig>,
    /// How long the TLS handshake may take.
    within: Duration,
}

impl Connector {
    pub(crate) fn new(dial: Arc<dyn Dial>, tls: ClientConfig, within: Duration) -> Self {
        let tls = Arc::new(tls);
        Self { dial, tls, within }
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<Box<dyn Io>>;
    type Error = BoxError;
    type Future = Opening<Self::Response>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let Self { dial, tls, within } = self.clone();
        let (there, is_there) = oneshot::channel();
        let below = Below {
            dial,
            there: Some(there),
        };
        let https_only = true;
        let names = Arc::new(DefaultServerNameResolver::default());
        let mut opening = HttpsConnector::new(below, tls, https_only, names).call(uri);
        let in_time = async move {
            // The handshake's time begins when there is something to speak it on.
            match before(&mut opening, async { drop(is_there.await) }).await {
                Some(done) => done,
                None => timeout(within, opening)
                    .await
                    .map_err(|_| format!("the TLS handshake took longer than {within:?}"))?,
            }
        };
        Box::pin(async move { timeout(LONGEST, in_time).await? })
    }
}

/// Opens the stream that one connection's TLS is spoken on, and says when it is there.
struct Below {
    dial: Arc<dyn Dial>,
    there: Option<oneshot::Sender<()>>,
}

impl Service<Uri> for Below {
    type Response = Box<dyn Io>;
    type Error = BoxError;
    type Future = Opening<Box<dyn Io>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, host: Uri) -> Self::Future {
        let (opening, there) = (self.dial.open(host), self.there.take());
        Box::pin(async move {
            let stream = opening.await?;
            // Nobody hears it when the connection is not wanted any more.
            there.map(|there| there.send(()));
            Ok(stream)
        })
    }
}
