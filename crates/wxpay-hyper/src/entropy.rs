//! Time and randomness: the core takes both as arguments, and here is where they come from.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use rustls::crypto::SecureRandom;
use wxpay_proto::retry::Jitter;
use wxpay_proto::{Nonce, UnixTime};

/// A clock: this machine's, or one that was given.
#[derive(Clone)]
pub(crate) struct Clock(Arc<dyn Fn() -> UnixTime + Send + Sync>);

impl Clock {
    pub(crate) fn new(clock: impl Fn() -> UnixTime + Send + Sync + 'static) -> Self {
        Self(Arc::new(clock))
    }

    pub(crate) fn now(&self) -> UnixTime {
        (self.0)()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
        })
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock(…)")
    }
}

/// This machine's random generator, the one that TLS uses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Random(pub(crate) &'static dyn SecureRandom);

/// The generator failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RandomFailed;

impl Random {
    pub(crate) fn fill(self, bytes: &mut [u8]) -> Result<(), RandomFailed> {
        self.0.fill(bytes).map_err(|_| RandomFailed)
    }

    /// Without random numbers all clients wait equally long, which is no reason to fail.
    pub(crate) fn jitter(self) -> Jitter {
        let mut random = [0; 4];
        match self.fill(&mut random) {
            Ok(()) => Jitter::from_entropy(random),
            Err(RandomFailed) => Jitter::NONE,
        }
    }

    pub(crate) fn nonce(self) -> Result<Nonce, RandomFailed> {
        let mut bytes = [0; 32];
        self.fill(&mut bytes)?;
        Ok(Nonce::from_entropy(bytes))
    }
}
