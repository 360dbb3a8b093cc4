//! TLS: whom to trust, and the connections that are made with it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::ConfigError;

/// Connections to many hosts, kept for the next call.
pub(crate) type Pool = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// How long a connection that nobody uses is kept. WeChat Pay's gateways close theirs after about a minute.
const IDLE: Duration = Duration::from_secs(50);
/// How often a connection in use is asked whether it still lives (HTTP/2).
const PING: Duration = Duration::from_secs(20);

/// Whom to trust.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    pub(crate) extra_pem: Vec<String>,
    pub(crate) only_extra: bool,
}

impl Roots {
    pub(crate) fn store(&self) -> Result<RootCertStore, ConfigError> {
        let mut store = RootCertStore::empty();
        for text in &self.extra_pem {
            let problem = |problem: String| ConfigError::Root { problem };
            for certificate in certificates(text).map_err(problem)? {
                store
                    .add(certificate)
                    .map_err(|error| problem(error.to_string()))?;
            }
        }
        if !self.only_extra {
            store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        }
        if store.is_empty() {
            Err(ConfigError::NoRoots)
        } else {
            Ok(store)
        }
    }
}

/// The merchant's client certificate (商户API证书), for v2's operations that ask for it.
pub(crate) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    pub(crate) fn from_pem(chain: &str, key: &str) -> Result<Self, ConfigError> {
        let problem = |problem| ConfigError::ClientCertificate { problem };
        let chain = certificates(chain).map_err(problem)?;
        // The parser's own words say nothing of the content.
        let key = PrivateKeyDer::from_pem_slice(key.as_bytes())
            .map_err(|error| problem(format!("no private key in PEM form was found: {error}")))?;
        Ok(Self { chain, key })
    }
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let found = found.map_err(|error| format!("it cannot be read as PEM: {error}"))?;
    if found.is_empty() {
        return Err("no -----BEGIN CERTIFICATE----- was found".to_owned());
    }
    Ok(found)
}

/// Makes the connections of one identity, or of none.
pub(crate) fn pool(
    provider: &Arc<CryptoProvider>,
    roots: &RootCertStore,
    identity: Option<Identity>,
) -> Result<Pool, ConfigError> {
    let config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::Tls {
            problem: error.to_string(),
        })?
        .with_root_certificates(roots.clone());
    let config = match identity {
        None => config.with_no_client_auth(),
        Some(Identity { chain, key }) => {
            config
                .with_client_auth_cert(chain, key)
                .map_err(|error| ConfigError::ClientCertificate {
                    problem: error.to_string(),
                })?
        }
    };
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(config)
        .https_only()
        .enable_http1()
        .enable_http2()
        .wrap_connector(tcp);
    Ok(Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .http2_keep_alive_interval(PING)
        .build(connector))
}
