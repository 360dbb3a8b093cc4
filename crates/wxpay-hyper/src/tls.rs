//! TLS: whom to trust, and the connections that are made with it.

use std::sync::Arc;

use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use crate::error::ConfigError;

/// Whom to trust.
#[derive(Debug, Default)]
pub(crate) struct Roots {
    pub(crate) extra_pem: Vec<String>,
    pub(crate) only_extra: bool,
    /// Those of this machine instead of Mozilla's.
    #[cfg(feature = "platform-roots")]
    pub(crate) platform: bool,
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
            self.public(&mut store)?;
        }
        if store.is_empty() {
            Err(ConfigError::NoRoots)
        } else {
            Ok(store)
        }
    }
}

impl Roots {
    /// The roots that are trusted by everybody: Mozilla's, which are compiled in, or this machine's.
    fn public(&self, store: &mut RootCertStore) -> Result<(), ConfigError> {
        #[cfg(feature = "platform-roots")]
        if self.platform {
            let found = rustls_native_certs::load_native_certs();
            // A store has odd certificates in it now and then; one that trusts nobody is an error.
            let (good, _) = store.add_parsable_certificates(found.certs);
            return match (good, found.errors.first()) {
                (0, Some(error)) => Err(ConfigError::Root {
                    problem: error.to_string(),
                }),
                (0, None) => Err(ConfigError::Root {
                    problem: "this machine has no store of root certificates".to_owned(),
                }),
                _ => Ok(()),
            };
        }
        store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
        Ok(())
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

/// TLS of one identity, or of none.
pub(crate) fn config(
    provider: &Arc<CryptoProvider>,
    roots: &RootCertStore,
    identity: Option<Identity>,
    protocols: &[&[u8]],
) -> Result<ClientConfig, ConfigError> {
    let config = ClientConfig::builder_with_provider(Arc::clone(provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| ConfigError::Tls {
            problem: error.to_string(),
        })?
        .with_root_certificates(roots.clone());
    let mut config = match identity {
        None => config.with_no_client_auth(),
        Some(Identity { chain, key }) => {
            config
                .with_client_auth_cert(chain, key)
                .map_err(|error| ConfigError::ClientCertificate {
                    problem: error.to_string(),
                })?
        }
    };
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    Ok(config)
}
