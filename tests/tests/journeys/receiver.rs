//! A shop's address for notifications, over HTTPS: what arrives is verified and opened, and acknowledged in both protocols.

#![expect(
    clippy::unwrap_used,
    reason = "a notification that does not come is a failed test"
)]

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use bytes::Bytes;
use http::HeaderMap;
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use wxpay_proto::v3::NotificationError;
use wxpay_proto::{ApiV3Key, v2, v3};
use wxpay_sim::{Merchant, Setup, Simulator};

use crate::support::api_v2_key;

/// 200 counts in v3 whatever its body says, and in v2 with this one.
const TAKEN: &str = "<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>";

/// How long a notification may take on a machine that does other things as well.
const LONG: Duration = Duration::from_secs(60);

pub(crate) struct Receiver {
    /// Where notifications go.
    pub(crate) url: String,
    certificate: String,
    arrived: UnboundedReceiver<(HeaderMap, Bytes)>,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let own = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
        let certificate = own.cert.pem();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/notify", listener.local_addr().unwrap());
        let tls = acceptor(&certificate, &own.signing_key.serialize_pem());
        let (told, arrived) = unbounded_channel();
        let take = move |headers: HeaderMap, body: Bytes| {
            let told = told.clone();
            async move {
                // Nobody waits for what comes when a journey is over.
                let _ = told.send((headers, body));
                TAKEN
            }
        };
        let app = Router::new().route("/notify", post(take));
        tokio::spawn(async move { axum::serve(Listener { listener, tls }, app).await });
        Self {
            url,
            certificate,
            arrived,
        }
    }

    /// A simulator that trusts it.
    pub(crate) fn simulator(&self) -> Simulator {
        self.simulator_with(Setup::default())
    }

    pub(crate) fn simulator_with(&self, mut setup: Setup) -> Simulator {
        setup.notification_roots.push(self.certificate.clone());
        Simulator::start_with(setup).unwrap()
    }

    /// The next one, which is v3's: its event, and what it is about.
    pub(crate) async fn told(&mut self, simulator: &Simulator, account: &Merchant) -> (String, Value) {
        let (headers, body) = self.arrives().await;
        let verified = v3::UnverifiedNotification::receive(&headers, body)
            .verify(&simulator.profile().platform_keys(), simulator.clocks().wire)
            .unwrap();
        let event = verified.event_type().to_owned();
        let key = ApiV3Key::new(account.api_v3_key()).unwrap();
        (event, verified.open(&key).unwrap().json().unwrap())
    }

    /// The next one, which is v3's: its id, or why it is not believed.
    pub(crate) async fn checked(&mut self, simulator: &Simulator) -> Result<String, NotificationError> {
        let (headers, body) = self.arrives().await;
        let keys = simulator.profile().platform_keys();
        let received = v3::UnverifiedNotification::receive(&headers, body);
        let verified = received.verify(&keys, simulator.clocks().wire)?;
        Ok(verified.id().to_owned())
    }

    /// The next one, which is v2's and signed.
    pub(crate) async fn told_in_v2(&mut self, account: &Merchant) -> v2::VerifiedNotification {
        let (_, body) = self.arrives().await;
        let received = v2::UnverifiedNotification::receive(body);
        received.verify(&api_v2_key(account), None).unwrap()
    }

    /// The next one, which is v2's about a refund.
    pub(crate) async fn told_of_a_v2_refund(&mut self, account: &Merchant) -> v2::UnauthenticatedRefund {
        let (_, body) = self.arrives().await;
        let received = v2::UnverifiedNotification::receive(body);
        received.open_refund(&api_v2_key(account)).unwrap()
    }

    /// Whether nothing has come that nobody has looked at.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.arrived.try_recv().is_err()
    }

    async fn arrives(&mut self) -> (HeaderMap, Bytes) {
        let next = tokio::time::timeout(LONG, self.arrived.recv()).await;
        next.unwrap().unwrap()
    }
}

fn acceptor(certificate: &str, key: &str) -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

struct Listener {
    listener: TcpListener,
    tls: TlsAcceptor,
}

impl axum::serve::Listener for Listener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.listener.accept().await.unwrap();
            if let Ok(stream) = self.tls.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
