//! The server's side of TLS.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ResolvesServerCert;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use tokio_rustls::TlsAcceptor;

use super::client_certificates::Asked;

/// The authority that the shipped certificate comes from.
const CA_PEM: &str = include_str!("../../keys/ca_cert.pem");

const CERTIFICATE: &[u8] = include_bytes!("../../keys/server_cert.pem");
const KEY: &[u8] = include_bytes!("../../keys/server_key.pem");

/// What the server shows to its clients.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The authority that clients are to trust, as PEM.
    pub(crate) ca_pem: Arc<str>,
    /// Chooses the certificate.
    pub(crate) certificates: Arc<dyn ResolvesServerCert>,
}

impl Identity {
    /// The shipped certificate, whose key is public.
    pub(crate) fn shipped() -> Result<Self, TlsError> {
        let key = certified(
            CertificateDer::from_pem_slice(CERTIFICATE)?,
            PrivateKeyDer::from_pem_slice(KEY)?,
        )?;
        Ok(Self {
            ca_pem: CA_PEM.into(),
            certificates: Arc::new(SingleCertAndKey::from(key)),
        })
    }
}

pub(crate) fn certified(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<CertifiedKey, rustls::Error> {
    CertifiedKey::from_der(vec![certificate], key, &provider())
}

/// Named, since a process may have other providers linked and none installed.
pub(crate) fn provider() -> Arc<CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

/// Offers HTTP/1.1, and HTTP/2 before it when it is wanted.
pub(super) fn acceptor(identity: &Identity, http2: bool) -> Result<TlsAcceptor, TlsError> {
    let mut config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(Arc::new(Asked(provider())))
        .with_cert_resolver(Arc::clone(&identity.certificates));
    let offered: &[&[u8]] = if http2 {
        &[b"h2", b"http/1.1"]
    } else {
        &[b"http/1.1"]
    };
    config.alpn_protocols = offered.iter().map(|name| name.to_vec()).collect();
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TlsError {
    #[error("a certificate or key cannot be read: {0}")]
    Pem(#[from] rustls::pki_types::pem::Error),
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}
