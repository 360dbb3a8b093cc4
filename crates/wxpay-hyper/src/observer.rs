//! What a client tells whoever counts and measures.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use wxpay_proto::Outcome;

/// Is told what happens to calls while it happens: for counters, histograms, alarms.
///
/// It is called on the thread of the call, so it must not wait. Every closure that takes an [`Event`] is one:
///
/// ```
/// use wxpay_hyper::{Client, Event};
///
/// # fn example() -> Result<(), wxpay_hyper::ConfigError> {
/// let client = Client::builder()
///     .observer(|event: &Event<'_>| {
///         if let Event::CallEnded { operation, attempts, took, outcome, .. } = event {
///             println!("{operation}: {attempts} attempts, {took:?}, {outcome:?}");
///         }
///     })
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync {
    /// Something has happened.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

/// What has happened. Nothing in here is secret or personal: no value of a request or an answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// An attempt at a call begins.
    #[non_exhaustive]
    AttemptStarted {
        /// The operation.
        operation: &'static str,
        /// Its number; the first is 1.
        attempt: u32,
    },
    /// An attempt is over.
    #[non_exhaustive]
    AttemptEnded {
        /// The operation.
        operation: &'static str,
        /// Its number; the first is 1.
        attempt: u32,
        /// The host that it was addressed to, with the port where one was named; none when it did not come that far.
        host: Option<&'a str>,
        /// The HTTP status, when an answer had begun to arrive.
        status: Option<u16>,
        /// How it failed, in a word or two; none when it succeeded.
        failure: Option<&'static str>,
        /// How long it took.
        took: Duration,
    },
    /// A call is made again, after a wait.
    #[non_exhaustive]
    Repeated {
        /// The operation.
        operation: &'static str,
        /// The number of the attempt to come.
        attempt: u32,
        /// The wait before it.
        after: Duration,
    },
    /// An attempt went to another host than the one before it.
    #[non_exhaustive]
    FailedOver {
        /// The operation.
        operation: &'static str,
        /// The host before.
        from: &'a str,
        /// The host after.
        to: &'a str,
    },
    /// A call is over.
    #[non_exhaustive]
    CallEnded {
        /// The operation.
        operation: &'static str,
        /// How many attempts were made.
        attempts: u32,
        /// The outcome over all of them; none when it succeeded.
        outcome: Option<Outcome>,
        /// How long it took, with the waits.
        took: Duration,
    },
    /// A query is sent to settle a call whose outcome is unknown.
    #[non_exhaustive]
    Settling {
        /// The unsettled operation.
        operation: &'static str,
        /// The query.
        query: &'static str,
        /// How many queries were sent before it.
        before: u32,
    },
    /// WeChat Pay's certificates were downloaded, or could not be.
    #[non_exhaustive]
    KeysFetched {
        /// An answer was had. Whether it can be trusted is for the key store to find out.
        answered: bool,
        /// How long it took.
        took: Duration,
    },
    /// This machine's clock differs from the one of whoever answered by a minute or more.
    #[non_exhaustive]
    ClockSkew {
        /// Seconds that this machine's clock is ahead; negative when it is behind.
        seconds: i64,
    },
}

/// The observer of a client, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Observed(Option<Arc<dyn Observer>>);

impl Observed {
    pub(crate) fn by(observer: impl Observer + 'static) -> Self {
        Self(Some(Arc::new(observer)))
    }

    pub(crate) fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.0 {
            observer.observe(event);
        }
    }
}

impl fmt::Debug for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Some(…)" } else { "None" })
    }
}
