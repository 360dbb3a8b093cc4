//! Puts a client together.

mod calls;
mod merchant;

use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use wxpay_proto::{BaseUrl, UnixTime};
use zeroize::Zeroizing;

use crate::client::Client;
use crate::entropy::{Clock, Random};
use crate::error::ConfigError;
use crate::fetching::bind;
use crate::hosts::Hosts;
use crate::inner::Inner;
use crate::merchant::Merchant;
use crate::observer::Observed;
use crate::options::CallOptions;
use crate::tls::{Identity, Roots, pool};
use crate::wire::Wire;

/// Puts a [`Client`] together. Every part is optional: a call whose part is missing is not sent, and says which.
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    merchant: Merchant,
    certificate: Option<ClientCertificate>,
    bases: Vec<BaseUrl>,
    roots: Roots,
    options: CallOptions,
    clock: Clock,
    observed: Observed,
}

struct ClientCertificate {
    chain: String,
    key: Zeroizing<String>,
}

impl std::fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientCertificate(…)")
    }
}

impl Client {
    /// Starts with nothing.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
    /// The merchant's client certificate (`apiclient_cert.pem`) and its private key (`apiclient_key.pem`), for the v2
    /// operations that ask for it (双向证书). No other call shows it.
    pub fn client_certificate_pem(mut self, chain: impl Into<String>, key: impl Into<String>) -> Self {
        self.certificate = Some(ClientCertificate {
            chain: chain.into(),
            key: Zeroizing::new(key.into()),
        });
        self
    }

    /// Trusts these root certificates too, a test server's or an inspecting proxy's, beside the public ones.
    pub fn extra_root_pem(mut self, pem: impl Into<String>) -> Self {
        self.roots.extra_pem.push(pem.into());
        self
    }

    /// Trusts no root certificates but those of [`extra_root_pem`](Self::extra_root_pem).
    pub fn only_extra_roots(mut self) -> Self {
        self.roots.only_extra = true;
        self
    }

    /// Reads the time from `clock` instead of this machine's: for tests, and for machines that know that theirs is
    /// off. Requests are stamped with it, and answers are held against it.
    pub fn clock(mut self, clock: impl Fn() -> UnixTime + Send + Sync + 'static) -> Self {
        self.clock = Clock::new(clock);
        self
    }

    /// Makes the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ConfigError`] that says which part cannot be used.
    pub fn build(self) -> Result<Client, ConfigError> {
        self.merchant.check()?;
        self.options.check()?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let roots = self.roots.store()?;
        let identity = self
            .certificate
            .map(|pem| Identity::from_pem(&pem.chain, &pem.key))
            .transpose()?;
        let mutual = identity
            .map(|identity| pool(&provider, &roots, Some(identity)))
            .transpose()?;
        let wire = Arc::new(Wire {
            plain: pool(&provider, &roots, None)?,
            mutual,
        });
        let random = Random(provider.secure_random);
        let mut parts = self.merchant.parts;
        parts.shows_certificate = wire.mutual.is_some();
        let inner = Inner {
            parts,
            wire,
            hosts: Arc::new(Hosts::new(self.bases)),
            clock: self.clock,
            random,
            skew: Arc::default(),
            observed: self.observed,
        };
        bind(&inner, self.options)?;
        Ok(Client::new(inner, self.options))
    }
}
