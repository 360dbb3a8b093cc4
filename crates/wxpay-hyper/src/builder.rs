//! Puts a client together.

mod calls;
mod merchant;
mod net;

use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use wxpay_proto::{BaseUrl, UnixTime};

use crate::client::Client;
use crate::entropy::{Clock, Random};
use crate::error::ConfigError;
use crate::fetching::bind;
use crate::hosts::Hosts;
use crate::inner::Inner;
use crate::merchant::Merchant;
use crate::net::Net;
use crate::observer::Observed;
use crate::options::CallOptions;
use crate::transport::ShowsCertificate;

/// Puts a [`Client`] together. Every part is optional: a call whose part is missing is not sent, and says which.
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until `build`"]
pub struct ClientBuilder {
    merchant: Merchant,
    net: Net,
    bases: Vec<BaseUrl>,
    options: CallOptions,
    clock: Clock,
    observed: Observed,
}

impl Client {
    /// Starts with nothing.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }
}

impl ClientBuilder {
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
        let files = self.net.files;
        let wire = Arc::new(self.net.wire(&provider)?);
        let random = Random(provider.secure_random);
        let mut parts = self.merchant.parts;
        parts.certificate = wire.carriage.shows_certificate().then(ShowsCertificate::default);
        let inner = Inner {
            parts,
            wire,
            hosts: Arc::new(Hosts::new(self.bases)),
            gate: Arc::default(),
            files,
            clock: self.clock,
            random,
            skew: Arc::default(),
            observed: self.observed,
        };
        bind(&inner, self.options)?;
        Ok(Client::new(inner, self.options))
    }
}
