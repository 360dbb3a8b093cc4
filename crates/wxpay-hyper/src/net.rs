//! What is said of the network, and what is made of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use zeroize::Zeroizing;

use crate::connect::{Dial, Direct};
use crate::error::ConfigError;
use crate::files::FileLimits;
use crate::places::{PlaceLimits, Places};
use crate::pool::{Keeping, pool, tcp};
use crate::proxy::{Proxy, ThroughProxy};
use crate::tls::{Identity, Roots, config};
use crate::transport::{Carriage, Transport};
use crate::wire::Wire;

/// What is said of the network.
#[derive(Default)]
pub(crate) struct Net {
    pub(crate) certificate: Option<Certificate>,
    pub(crate) roots: Roots,
    pub(crate) way: Way,
    pub(crate) keeping: Keeping,
    pub(crate) places: PlaceLimits,
    pub(crate) layers: Option<Layers>,
    pub(crate) instead: Option<Carriage>,
    pub(crate) files: FileLimits,
}

/// How connections are opened.
#[derive(Default)]
pub(crate) enum Way {
    #[default]
    Direct,
    Proxy(Proxy),
    Environment,
    Own(Arc<dyn Dial>),
}

/// Lays something around the client's own connections.
pub(crate) type Layers = Box<dyn FnOnce(Transport) -> Carriage + Send + Sync>;

pub(crate) enum Certificate {
    Pem {
        chain: String,
        key: Zeroizing<String>,
    },
    #[cfg(feature = "p12")]
    P12 {
        file: Zeroizing<Vec<u8>>,
        password: Zeroizing<String>,
    },
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Certificate(…)")
    }
}

impl Certificate {
    pub(crate) fn identity(&self) -> Result<Identity, ConfigError> {
        match self {
            Self::Pem { chain, key } => Identity::from_pem(chain, key),
            #[cfg(feature = "p12")]
            Self::P12 { file, password } => {
                let p12 = wxpay_proto::crypto::P12::open(file, password);
                let p12 = p12.map_err(|error| ConfigError::ClientCertificate {
                    problem: error.to_string(),
                })?;
                Identity::from_pem(&p12.certificates_pem(), &p12.expose_private_key_pem())
            }
        }
    }
}

impl Net {
    /// Puts the connections together.
    pub(crate) fn wire(self, provider: &Arc<CryptoProvider>) -> Result<Wire, ConfigError> {
        let (places, keeping) = (self.places, self.keeping);
        let zero = |limit| Err(ConfigError::Zero { limit });
        match (places.taken, self.files) {
            (0, _) => return zero("ClientBuilder::calls_in_flight"),
            (_, FileLimits { text: 0, .. }) => return zero("ClientBuilder::file_limit"),
            (
                _,
                FileLimits {
                    idle: Duration::ZERO, ..
                },
            ) => return zero("ClientBuilder::file_idle_timeout"),
            _ => {}
        }
        let places = Places::new(places);
        if let Some(carriage) = self.instead {
            return Ok(Wire {
                carriage,
                places,
                connections: None,
            });
        }
        let roots = self.roots.store()?;
        let dial: Arc<dyn Dial> = match self.way {
            Way::Direct => Arc::new(Direct(tcp(keeping))),
            Way::Proxy(proxy) => Arc::new(ThroughProxy::new(proxy, tcp(keeping))),
            Way::Environment => match Proxy::from_environment(|name| std::env::var(name).ok())? {
                Some(proxy) => Arc::new(ThroughProxy::new(proxy, tcp(keeping))),
                None => Arc::new(Direct(tcp(keeping))),
            },
            Way::Own(dial) => dial,
        };
        let provider = Arc::clone(provider);
        let connections = move |identity| {
            let tls = config(&provider, &roots, identity, keeping.versions.protocols())?;
            Ok(pool(Arc::clone(&dial), tls, keeping))
        };
        let identity = self.certificate.as_ref().map(Certificate::identity).transpose()?;
        let mutual = identity.map(|identity| connections(Some(identity))).transpose()?;
        let transport = Transport {
            plain: connections(None)?,
            mutual,
        };
        let carriage = match self.layers {
            Some(layers) => layers(transport),
            None => {
                let shows_certificate = transport.mutual.is_some();
                Carriage::around(transport, shows_certificate)
            }
        };
        Ok(Wire {
            carriage,
            places,
            connections: Some(Box::new(move |identity| connections(Some(identity)))),
        })
    }
}

impl fmt::Debug for Net {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = match &self.way {
            Way::Direct => "direct".to_owned(),
            Way::Proxy(proxy) => format!("{proxy:?}"),
            Way::Environment => "as the environment says".to_owned(),
            Way::Own(_) => "a connector of its own".to_owned(),
        };
        f.debug_struct("Net")
            .field("client_certificate", &self.certificate.is_some())
            .field("way", &way)
            .field("keeping", &self.keeping)
            .field("places", &self.places)
            .field("layers", &self.layers.is_some())
            .field("instead", &self.instead.is_some())
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}
