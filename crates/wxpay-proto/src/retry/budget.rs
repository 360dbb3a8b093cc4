//! How often and how long a call may be repeated.

use std::time::Duration;

/// How often and how long a call may be repeated.
///
/// The wait before a repetition doubles from [`first_wait`](Self::first_wait) up to [`longest_wait`](Self::longest_wait);
/// jitter takes away up to half of it. No wait is shorter than the one before it, or than what `Retry-After` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a budget is these values; a default fills in the rest of a literal"
)]
pub struct Budget {
    /// Attempts in all, the first included; 0 counts as 1.
    pub attempts: u32,
    /// The time for all attempts and the waits between them. No attempt begins after it.
    pub total: Duration,
    /// The wait before the first repetition.
    pub first_wait: Duration,
    /// The same after WeChat Pay has asked to slow down (429).
    pub first_slow_wait: Duration,
    /// What no wait is longer than, unless `Retry-After` asks for more.
    pub longest_wait: Duration,
}

impl Default for Budget {
    /// Four attempts (the official advice is two or three repetitions, protocol section 9.2) within 30 s; waits of
    /// 250 ms, 500 ms and 1 s, and of 2 s, 4 s and 5 s after a 429.
    fn default() -> Self {
        Self {
            attempts: 4,
            total: Duration::from_secs(30),
            first_wait: Duration::from_millis(250),
            first_slow_wait: Duration::from_secs(2),
            longest_wait: Duration::from_secs(5),
        }
    }
}

impl Budget {
    /// A single attempt: nothing is repeated.
    #[must_use]
    pub fn once() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// The wait after attempt `number`, the first being 1; `slow`: WeChat Pay has asked to slow down.
    #[must_use]
    pub fn wait(&self, number: u32, slow: bool, jitter: Jitter) -> Duration {
        let first = if slow {
            self.first_slow_wait
        } else {
            self.first_wait
        };
        let doublings = number.saturating_sub(1).min(31);
        let full = first.saturating_mul(1 << doublings).min(self.longest_wait);
        jitter.shorten(full)
    }
}

/// A random number that keeps many clients from repeating at the same moment, as an argument.
///
/// It takes away up to half of a wait; which half is for the caller's random numbers to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Jitter(u32);

impl Jitter {
    /// Waits are half of what they could be.
    pub const NONE: Self = Self(0);

    /// From four random bytes.
    #[must_use]
    pub const fn from_entropy(random: [u8; 4]) -> Self {
        Self(u32::from_le_bytes(random))
    }

    /// Between a half of `full` and nearly all of it.
    fn shorten(self, full: Duration) -> Duration {
        let half = full / 2;
        let share = half.as_nanos() * u128::from(self.0) / (1 << 32);
        // Invariant: the share is below half of a duration, so that its seconds fit.
        let seconds = u64::try_from(share / 1_000_000_000).unwrap_or(u64::MAX);
        let nanos = u32::try_from(share % 1_000_000_000).unwrap_or(0);
        half.saturating_add(Duration::new(seconds, nanos))
    }
}
