//! How long things may take, and what a deadline that passes says of the outcome.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tower_service::Service;
use wxpay_hyper::{AsyncSigner, Failure, Phase};
use wxpay_proto::Outcome;
use wxpay_proto::crypto::{Algorithm, CryptoError, Signature, Signer as _};
use wxpay_proto::retry::Budget;

use crate::builder;
use crate::keys::Keys;
use crate::operations::pay;
use crate::server::{Behaviour, Server};

#[tokio::test]
async fn a_server_that_never_speaks_tls_is_a_timeout_before_anything_was_sent() {
    let server = Server::raw(|tcp| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(tcp);
    })
    .await;
    let limit = Duration::from_millis(100);
    let by_connect = builder(&server).connect_timeout(limit).build().unwrap();
    let by_call = builder(&server).call_timeout(limit).build().unwrap();
    for client in [by_connect, by_call] {
        let error = client.send(&pay()).await.unwrap_err();
        assert!(
            matches!(error.failure(), Failure::Timeout { phase: Phase::Connecting, limit: passed, .. } if *passed == limit),
            "{error:?}"
        );
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert!(error.to_string().contains("; nothing was sent"), "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_takes_too_long_leaves_time_for_another_host() {
    let silent = Server::raw(|tcp| async move {
        tokio::time::sleep(Duration::from_secs(60)).await;
        drop(tcp);
    })
    .await;
    let limit = Duration::from_millis(100);
    let once = builder(&silent).tls_timeout(limit).budget(Budget::once());
    let error = once.build().unwrap().send(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(
        error.to_string().contains("TLS handshake took longer than 100ms"),
        "{error}"
    );

    let other = Server::start(Behaviour::signed("{}")).await;
    let client = builder(&silent).base_url(other.base()).tls_timeout(limit);
    client.build().unwrap().send(&pay()).await.unwrap();
    other.only();
}

/// Takes its time to open a connection.
#[derive(Clone)]
struct FarAway(Duration);

impl Service<Uri> for FarAway {
    type Response = TcpStream;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, address: Uri) -> Self::Future {
        let (distance, port) = (self.0, address.port_u16().unwrap());
        Box::pin(async move {
            tokio::time::sleep(distance).await;
            TcpStream::connect(("127.0.0.1", port)).await
        })
    }
}

#[tokio::test]
async fn the_way_to_the_host_takes_nothing_from_the_handshake() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let limit = Duration::from_millis(1200);
    let far_away = FarAway(limit + limit / 4);
    let client = builder(&server).connector(far_away.clone()).tls_timeout(limit);
    client.build().unwrap().send(&pay()).await.unwrap();
    server.only();
    // Its own deadline is the connection's.
    let hasty = builder(&server)
        .connector(far_away)
        .tls_timeout(limit)
        .connect_timeout(Duration::from_millis(100))
        .budget(Budget::once());
    let error = hasty.build().unwrap().send(&pay()).await.unwrap_err();
    let connecting = matches!(
        error.failure(),
        Failure::Timeout {
            phase: Phase::Connecting,
            ..
        }
    );
    assert!(connecting && error.outcome() == Outcome::NotSent, "{error:?}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_late_answer_is_a_timeout_with_an_unknown_outcome() {
    for alpn in ["h2", "http/1.1"] {
        let server = Server::with_alpn(Behaviour::Hang, &[alpn]).await;
        // The deadline for connecting passes too, and has nothing to say once there is a connection.
        let limit = Duration::from_millis(1600);
        let client = builder(&server)
            .connect_timeout(limit / 2)
            .call_timeout(limit)
            .build()
            .unwrap();
        let error = client.send(&pay()).await.unwrap_err();
        assert!(
            matches!(error.failure(), Failure::Timeout { phase: Phase::Answering, limit: passed, .. } if *passed == limit),
            "{error:?}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(error.to_string().contains("never repeat blindly"), "{error}");
        server.only();
    }
}

#[tokio::test]
async fn an_answer_that_stops_halfway_is_a_timeout_or_an_interruption() {
    for close in [true, false] {
        let acceptor = TlsAcceptor::from(Keys::get().server_config(&["http/1.1"]));
        let server = Server::raw(move |tcp| {
            let acceptor = acceptor.clone();
            async move {
                let mut tls = acceptor.accept(tcp).await.unwrap();
                let _ = tls.read(&mut [0; 4096]).await.unwrap();
                tls.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf")
                    .await
                    .unwrap();
                if !close {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                }
            }
        })
        .await;
        let client = builder(&server)
            .call_timeout(Duration::from_millis(1500))
            .build()
            .unwrap();
        let error = client.send(&pay()).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        match close {
            true => assert!(
                matches!(error.failure(), Failure::Interrupted { .. }),
                "{error:?}"
            ),
            false => assert!(
                matches!(
                    error.failure(),
                    Failure::Timeout {
                        phase: Phase::Answering,
                        ..
                    }
                ),
                "{error:?}"
            ),
        }
    }
}

/// Signs after a pause, as a KMS does.
struct Kms(Duration);

impl AsyncSigner for Kms {
    async fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        tokio::time::sleep(self.0).await;
        Keys::get().merchant_key().sign(algorithm, message)
    }
}

#[tokio::test]
async fn an_asynchronous_signer_signs_within_the_deadline() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let with = |pause, limit| {
        let credentials = Keys::get().merchant_credentials();
        builder(&server)
            .merchant_async(credentials, Kms(pause))
            .call_timeout(limit)
            .build()
            .unwrap()
    };
    let client = with(Duration::from_millis(10), Duration::from_secs(30));
    // The future of a call can be moved to another thread.
    tokio::spawn(async move { client.send(&pay()).await })
        .await
        .unwrap()
        .unwrap();
    server.only();

    let client = with(Duration::from_secs(60), Duration::from_millis(50));
    let error = client.send(&pay()).await.unwrap_err();
    assert!(
        matches!(
            error.failure(),
            Failure::Timeout {
                phase: Phase::Signing,
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(server.seen().is_empty());
}
