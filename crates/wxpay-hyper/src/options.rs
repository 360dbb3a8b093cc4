//! How long a call may take, how often it may be repeated, and how much it may answer.

use std::time::Duration;

use wxpay_proto::retry::Budget;

use crate::error::ConfigError;

/// A deadline beyond this is none, and `Duration::MAX` has no place on any clock.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long a call may take, how often it may be repeated, and how much it may answer.
///
/// A client has its own ([`ClientBuilder::calls`](crate::ClientBuilder::calls)), and
/// [`Client::with`](crate::Client::with) changes them for some calls:
///
/// ```
/// use std::time::Duration;
///
/// use wxpay_hyper::Client;
/// use wxpay_proto::retry::Budget;
///
/// # fn example(client: &Client) {
/// let impatient = client.with(|calls| calls.call_timeout(Duration::from_secs(5)).budget(Budget::once()));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct CallOptions {
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
    pub(crate) call: Duration,
    /// In bytes.
    pub(crate) answer_limit: usize,
    pub(crate) budget: Budget,
    pub(crate) settle: Duration,
}

impl Default for CallOptions {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(15),
            call: Duration::from_secs(30),
            answer_limit: 10 << 20,
            budget: Budget::default(),
            settle: Duration::from_secs(30),
        }
    }
}

impl CallOptions {
    /// How long making a connection may take, in each attempt: name, TCP and TLS. 10 s when nothing is said.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect = limit.min(LONGEST);
        self
    }

    /// How long the answer may let itself be waited for, in each attempt: from a connection that takes the request to the
    /// answer's first byte. 15 s when nothing is said.
    pub fn answer_timeout(mut self, limit: Duration) -> Self {
        self.answer = limit.min(LONGEST);
        self
    }

    /// How long a whole call may take: signing, all attempts with the waits between them, and reading the answer. 30 s when
    /// nothing is said.
    pub fn call_timeout(mut self, limit: Duration) -> Self {
        self.call = limit.min(LONGEST);
        self
    }

    /// The longest answer that is taken, in bytes. 10 MiB when nothing is said; bills can be longer.
    pub fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// How often and how long a call may be repeated, where that is safe: [`Budget::once`] for never. [`Budget::total`] ends
    /// with the call's own deadline.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// How long a call whose outcome is unknown is asked about ([`Client::settle`](crate::Client::settle)), after its own
    /// deadline. 30 s when nothing is said.
    pub fn settle_timeout(mut self, limit: Duration) -> Self {
        self.settle = limit.min(LONGEST);
        self
    }

    /// The budget within the call's deadline.
    pub(crate) fn budget_within_the_call(&self) -> Budget {
        Budget {
            total: self.budget.total.min(self.call),
            ..self.budget
        }
    }

    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        let limits = [
            (self.connect.is_zero(), "CallOptions::connect_timeout"),
            (self.answer.is_zero(), "CallOptions::answer_timeout"),
            (self.call.is_zero(), "CallOptions::call_timeout"),
            (self.answer_limit == 0, "CallOptions::answer_limit"),
        ];
        match limits.into_iter().find(|(zero, _)| *zero) {
            Some((_, limit)) => Err(ConfigError::Zero { limit }),
            None => Ok(()),
        }
    }
}
