//! Certificates of the proxy's own, good and bad.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio_rustls::{TlsAcceptor, TlsConnector};

/// What the proxy shows, and whom it trusts itself.
#[derive(Clone)]
pub(crate) struct Tls {
    /// What clients are to trust.
    pub(crate) root_pem: String,
    pub(crate) good: TlsAcceptor,
    pub(crate) wrong_name: TlsAcceptor,
    pub(crate) unknown_authority: TlsAcceptor,
    /// To the simulator.
    pub(crate) upstream: TlsConnector,
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn acceptor(authority: &Authority, name: &str) -> TlsAcceptor {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

impl Tls {
    pub(crate) fn new(simulators_root: &str) -> Self {
        let (known, unknown) = (authority(), authority());
        let mut roots = RootCertStore::empty();
        roots
            .add(CertificateDer::from_pem_slice(simulators_root.as_bytes()).unwrap())
            .unwrap();
        let upstream = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self {
            root_pem: known.pem(),
            good: acceptor(&known, "localhost"),
            wrong_name: acceptor(&known, "elsewhere.example"),
            unknown_authority: acceptor(&unknown, "localhost"),
            upstream: TlsConnector::from(Arc::new(upstream)),
        }
    }
}
