//! Where calls go, how long they may take and how often they are repeated.

use std::time::Duration;

use wxpay_proto::BaseUrl;
use wxpay_proto::retry::Budget;

use super::ClientBuilder;
use crate::observer::{Observed, Observer};
use crate::options::CallOptions;

impl ClientBuilder {
    /// Sends everything to a test server, whichever of WeChat Pay's hosts it is for.
    ///
    /// Given more than once, the first stands in for the main host and the others for its backups: then calls fail over
    /// from one to the next as between WeChat Pay's own hosts. With one base there is no other to go to.
    pub fn base_url(mut self, base: BaseUrl) -> Self {
        self.bases.push(base);
        self
    }

    /// How long calls may take, how often they may be repeated, how much they may answer.
    /// [`Client::with`](crate::Client::with) changes it for some of them.
    pub fn calls(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// [`CallOptions::connect_timeout`] for all calls.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.connect_timeout(limit);
        self
    }

    /// How long the TLS handshake of a new connection may take, within [`connect_timeout`](Self::connect_timeout). 10 s when
    /// nothing is said.
    pub fn tls_timeout(mut self, limit: Duration) -> Self {
        self.net.keeping.tls = limit;
        self
    }

    /// [`CallOptions::answer_timeout`] for all calls.
    pub fn answer_timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.answer_timeout(limit);
        self
    }

    /// [`CallOptions::call_timeout`] for all calls.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.call_timeout(limit);
        self
    }

    /// [`CallOptions::answer_limit`] for all calls.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.options = self.options.answer_limit(bytes);
        self
    }

    /// [`CallOptions::settle_timeout`] for all calls.
    pub fn settle_timeout(mut self, limit: Duration) -> Self {
        self.options = self.options.settle_timeout(limit);
        self
    }

    /// Tells `observer` what happens to calls, for metrics.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observed = Observed::by(observer);
        self
    }

    /// [`CallOptions::budget`] for all calls.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.options = self.options.budget(budget);
        self
    }
}
