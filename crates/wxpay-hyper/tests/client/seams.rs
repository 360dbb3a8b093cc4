//! What users lay around the transport, and what they put in its place.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, StatusCode, Uri};
use http_body_util::Full;
use tokio::net::TcpStream;
use tower_service::Service;
use wxpay_hyper::{Body, BoxError, Client, Failure, NothingSent, Phase, ShowsCertificate, Transport};
use wxpay_proto::retry::Budget;
use wxpay_proto::{BaseUrl, Outcome, v2};

use crate::builder;
use crate::keys::Keys;
use crate::operations::{pay, query};
use crate::server::{Behaviour, Server};

/// Counts requests, and lets through as many as it has tickets.
#[derive(Clone)]
struct Tickets {
    inner: Transport,
    left: Arc<AtomicUsize>,
}

impl Service<Request<Body>> for Tickets {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        let taken = self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1));
        match taken {
            // Nobody wakes whoever waits for a ticket.
            Err(0) => Poll::Pending,
            _ => Poll::Ready(Ok(())),
        }
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        self.inner.call(request)
    }
}

#[tokio::test]
async fn a_layer_lets_calls_through_and_what_it_holds_back_was_not_sent() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let left = Arc::new(AtomicUsize::new(2));
    let tickets = Arc::clone(&left);
    let client = builder(&server)
        .layered(move |inner| Tickets { inner, left: tickets })
        .connect_timeout(Duration::from_millis(2000))
        .build()
        .unwrap();
    client.send(&pay()).await.unwrap();
    client.send(&query()).await.unwrap();
    let hasty = client.with(|calls| calls.call_timeout(Duration::from_millis(50)));
    let error = hasty.send(&pay()).await.unwrap_err();
    assert!(
        matches!(
            error.failure(),
            Failure::Timeout {
                phase: Phase::Connecting,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(server.seen().len(), 2);
}

type Answer = Result<Response<Body>, BoxError>;

/// Answers by itself.
#[derive(Clone)]
struct Stub(Arc<dyn Fn(Request<Body>) -> Answer + Send + Sync>);

impl Service<Request<Body>> for Stub {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = Ready<Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        ready((self.0)(request))
    }
}

fn stub(answer: impl Fn(Request<Body>) -> Result<Response<Body>, BoxError> + Send + Sync + 'static) -> Stub {
    Stub(Arc::new(answer))
}

#[tokio::test]
async fn another_transport_sends_and_its_errors_say_what_is_known() {
    let Behaviour::Answer(_, headers, body) = Behaviour::signed(r#"{"a":1}"#) else {
        panic!("an answer")
    };
    let server = Server::start(Behaviour::Hang).await;
    let transport = stub(move |request| {
        assert!(request.headers().contains_key("authorization"));
        let mut response = Response::new(Body::new(Full::new(body.clone())));
        for (name, value) in &headers {
            response.headers_mut().insert(*name, value.parse().unwrap());
        }
        Ok(response)
    });
    let client = builder(&server).transport(transport).build().unwrap();
    let answer = client.send(&pay()).await.unwrap();
    assert_eq!(answer.body().as_ref(), br#"{"a":1}"#);

    let failing = |error: fn() -> BoxError| {
        builder(&server)
            .transport(stub(move |_| Err(error())))
            .build()
            .unwrap()
    };
    let error = failing(|| "it broke".into()).send(&pay()).await.unwrap_err();
    assert!(
        matches!(error.failure(), Failure::Interrupted { .. }),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    let error = failing(|| NothingSent::new("no way out").into())
        .send(&pay())
        .await
        .unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("no way out"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn another_transport_is_asked_for_the_client_certificate_only_when_it_has_one() {
    let server = Server::start(Behaviour::Hang).await;
    let asked = Arc::new(AtomicUsize::new(0));
    let answering = || {
        let asked = Arc::clone(&asked);
        stub(move |request| {
            assert!(request.extensions().get::<ShowsCertificate>().is_some());
            asked.fetch_add(1, Ordering::SeqCst);
            let mut response = Response::new(Body::from(Bytes::new()));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            Ok(response)
        })
    };
    let call = v2::Call::new("/secapi/pay/refund").client_certificate();
    let without = builder(&server).transport(answering()).build().unwrap();
    let error = without.send(&call).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("client certificate"), "{error}");
    let with = builder(&server)
        .transport_with_certificate(answering())
        .build()
        .unwrap();
    assert_eq!(with.send(&call).await.unwrap_err().outcome(), Outcome::Unknown);
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

/// Opens connections to one port, whatever is asked for, and counts them.
#[derive(Clone)]
struct Elsewhere(u16, Arc<AtomicUsize>);

impl Service<Uri> for Elsewhere {
    type Response = TcpStream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        assert!(matches!(address.host(), Some("localhost" | "[::1]")));
        self.1.fetch_add(1, Ordering::SeqCst);
        Box::pin(TcpStream::connect(("127.0.0.1", self.0)))
    }
}

#[tokio::test]
async fn another_connector_opens_the_connections_and_tls_runs_on_them() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let opened = Arc::new(AtomicUsize::new(0));
    let connector = Elsewhere(server.port(), Arc::clone(&opened));
    let client = builder(&server).connector(connector.clone()).build().unwrap();
    client.send(&pay()).await.unwrap();
    assert_eq!(server.only().request.version(), http::Version::HTTP_2);
    assert_eq!(opened.load(Ordering::SeqCst), 1);

    // An address in the place of a name stands in brackets, and in the certificate without them.
    let keys = Keys::get();
    let by_address = Client::builder()
        .merchant(keys.merchant_credentials(), keys.merchant_key())
        .platform_keys(keys.platform_keys())
        .base_url(BaseUrl::new(&format!("https://[::1]:{}", server.port())).unwrap())
        .extra_root_pem(&keys.root_pem)
        .only_extra_roots()
        .connector(connector);
    by_address.build().unwrap().send(&pay()).await.unwrap();
    server.only();
    assert_eq!(opened.load(Ordering::SeqCst), 2);
}

/// Takes the `s` out of `https`.
#[derive(Clone)]
struct Downgrade(Transport);

impl Service<Request<Body>> for Downgrade {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = <Transport as Service<Request<Body>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let mut address = request.uri().clone().into_parts();
        address.scheme = Some(http::uri::Scheme::HTTP);
        *request.uri_mut() = Uri::from_parts(address).unwrap();
        self.0.call(request)
    }
}

#[tokio::test]
async fn nothing_is_opened_for_http_without_tls() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let opened = Arc::new(AtomicUsize::new(0));
    let client = builder(&server)
        .connector(Elsewhere(server.port(), Arc::clone(&opened)))
        .layered(Downgrade)
        .budget(Budget::once())
        .build()
        .unwrap();
    let error = client.send(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("scheme http"), "{error}");
    assert_eq!(opened.load(Ordering::SeqCst), 0);
}
