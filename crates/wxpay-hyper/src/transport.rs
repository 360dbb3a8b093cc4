//! What carries requests: the client's connections, what users lay around them, or what they put in their place.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::capture_connection;
use tower_service::Service;

use crate::body::Body;
use crate::connect::Connector;
use crate::error::ConfigError;
use crate::keys::BoxError;
use crate::progress::Progress;
use crate::tls::Identity;

/// Connections to many hosts, kept for the next call.
pub(crate) type Pool = legacy::Client<Connector, Body>;

/// Makes connections that show a merchant's client certificate.
pub(crate) type Connections = Box<dyn Fn(Identity) -> Result<Pool, ConfigError> + Send + Sync>;

type Answering = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

/// The client's own connections, as a [`tower_service::Service`]: what
/// [`ClientBuilder::layered`](crate::ClientBuilder::layered) hands out to be wrapped.
///
/// It takes complete, signed requests and sends each once, byte for byte. A layer must do neither less nor more: a
/// request that is sent twice by a layer is a payment made twice, and one that is changed is not signed any more. What a
/// layer may do is wait, count, refuse, and look at heads.
#[derive(Clone)]
pub struct Transport {
    pub(crate) plain: Pool,
    /// Those that show the client certificate.
    pub(crate) mutual: Option<Pool>,
}

impl Service<Request<Body>> for Transport {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Answering {
        let shown = request.extensions().get::<ShowsCertificate>().cloned();
        let mutual = shown
            .as_ref()
            .and_then(|shown| shown.of_a_merchant.as_ref().or(self.mutual.as_ref()));
        let pool = mutual.unwrap_or(&self.plain);
        let progress = request.extensions().get::<Progress>().cloned();
        // It tells whether a connection was had, without which nothing has left.
        let captured = capture_connection(&mut request);
        let mut answer = pool.request(request);
        Box::pin(async move {
            let response = poll_fn(|cx| {
                let polled = Pin::new(&mut answer).poll(cx);
                if let Some(progress) = progress.as_ref()
                    && captured.connection_metadata().is_some()
                {
                    progress.set_left();
                }
                polled
            });
            Ok(response.await?.map(Body::network))
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("client_certificate", &self.mutual.is_some())
            .finish_non_exhaustive()
    }
}

/// Stands in the extensions of a request that has to be sent with the merchant's client certificate (双向证书): for a
/// transport of your own. The client's own obeys it.
#[derive(Clone, Debug, Default)]
pub struct ShowsCertificate {
    /// The connections that show it, when they are not those of the client's own certificate.
    pub(crate) of_a_merchant: Option<Pool>,
}

/// A service that carries requests, whatever its type.
trait Carry: Send + Sync {
    fn carry(&self, request: Request<Body>) -> Answering;
}

struct Carrier<S>(S);

impl<S> Carry for Carrier<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
    S: Clone + Send + Sync + 'static,
{
    fn carry(&self, request: Request<Body>) -> Answering {
        let mut service = self.0.clone();
        Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(|error| {
                // A service that is not ready has not seen the request.
                crate::fault::NothingSent(error.into())
            })?;
            service.call(request).await.map_err(Into::into)
        })
    }
}

/// What carries the requests of one client.
#[derive(Clone)]
pub(crate) struct Carriage {
    carrier: Arc<dyn Carry>,
    /// Whether our own connections are at the bottom, which tell how far a request has come.
    own: bool,
    shows_certificate: bool,
}

impl Carriage {
    /// Something around the client's own connections, or those alone.
    pub(crate) fn around<S>(service: S, shows_certificate: bool) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
        S: Clone + Send + Sync + 'static,
    {
        Self {
            carrier: Arc::new(Carrier(service)),
            own: true,
            shows_certificate,
        }
    }

    /// Something else.
    pub(crate) fn instead<S>(service: S, shows_certificate: bool) -> Self
    where
        S: Service<Request<Body>, Response = Response<Body>, Error: Into<BoxError>, Future: Send>,
        S: Clone + Send + Sync + 'static,
    {
        Self {
            carrier: Arc::new(Carrier(service)),
            own: false,
            shows_certificate,
        }
    }

    /// Whether the merchant's client certificate can be shown.
    pub(crate) fn shows_certificate(&self) -> bool {
        self.shows_certificate
    }

    /// Carries a request; `Progress` tells whether it may have left.
    pub(crate) fn carry(
        &self,
        mut request: Request<Body>,
        certificate: Option<&ShowsCertificate>,
    ) -> (Answering, Progress) {
        let progress = Progress::default();
        if self.own {
            request.extensions_mut().insert(progress.clone());
        } else {
            progress.set_left();
        }
        if let Some(certificate) = certificate {
            request.extensions_mut().insert(certificate.clone());
        }
        (self.carrier.carry(request), progress)
    }
}
