//! A connection that requests are written to as they are.

use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use wxpay_sim::Simulator;

/// How connections are made.
#[derive(Clone)]
pub(crate) struct Door {
    connector: TlsConnector,
    address: SocketAddr,
}

impl Door {
    pub(crate) fn new(address: SocketAddr) -> Self {
        // Every simulator with the shipped keys has this authority.
        let shipped = Simulator::start().expect("it starts");
        let ca = CertificateDer::from_pem_slice(shipped.ca_pem().as_bytes()).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(ca).expect("an authority");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("protocols")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connector = TlsConnector::from(Arc::new(config));
        Self { connector, address }
    }

    pub(crate) async fn open(&self) -> Connection {
        let tcp = TcpStream::connect(self.address).await.expect("a connection");
        tcp.set_nodelay(true).expect("a socket");
        let name = ServerName::try_from("api.mch.weixin.qq.com").expect("a name");
        let stream = self.connector.connect(name, tcp).await.expect("a handshake");
        Connection(stream)
    }
}

pub(crate) struct Connection(TlsStream<TcpStream>);

impl Connection {
    /// Sends a request and reads the answer. Anything but a signed success ends the measurement.
    pub(crate) async fn exchange(&mut self, request: &[u8]) {
        self.0.write_all(request).await.expect("the server reads");
        let mut answer = Vec::with_capacity(2048);
        let (head, length) = loop {
            let read = self.0.read_buf(&mut answer).await.expect("the server answers");
            assert!(read > 0, "the server closes");
            if let Some(end) = answer.windows(4).position(|window| window == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&answer[..end]).to_ascii_lowercase();
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.map_or(0, |text| text.parse().expect("a length"));
                break (head, end + 4 + length);
            }
        };
        while answer.len() < length {
            let read = self.0.read_buf(&mut answer).await.expect("the server answers");
            assert!(read > 0, "the server closes");
        }
        let signed = head.contains("wechatpay-signature: ");
        assert!(
            head.starts_with("http/1.1 200") && signed,
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
}
