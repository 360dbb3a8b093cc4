//! When an inbox tries again, and when it gives up.

use std::time::Duration;

/// How an inbox treats what it holds. The default suits a shop; each setter says what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    pub(crate) lease: Duration,
    pub(crate) attempts: u32,
    pub(crate) first_pause: Duration,
    pub(crate) longest_pause: Duration,
    pub(crate) poll: Duration,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(60),
            attempts: 30,
            first_pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(3600),
            poll: Duration::from_secs(1),
        }
    }
}

impl Policy {
    /// For how long a worker claims a notification, 60 s by default. While it lives it renews its claim, however long the
    /// handler takes; when its process dies, the notification is handled by somebody else after at most this time.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How often a notification is tried before it is parked, 30 by default: with the default pauses for about 19 hours.
    #[must_use]
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// The pause after the first failure, which doubles with each one, and the longest one. 1 s and 1 h by default.
    #[must_use]
    pub fn pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.first_pause = first;
        self.longest_pause = longest;
        self
    }

    /// How often an idle worker looks for what other processes have stored or left behind, every second by default. What
    /// arrives in its own process it sees at once.
    #[must_use]
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll;
        self
    }

    /// The pause after the failure of an attempt, counted from 1.
    pub(crate) fn pause(&self, attempt: u32) -> Duration {
        let factor = 1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX);
        self.first_pause.saturating_mul(factor).min(self.longest_pause)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest() {
        let policy = Policy::default();
        let seconds: Vec<_> = [1, 2, 3, 12, 13, 32, 33, u32::MAX]
            .into_iter()
            .map(|attempt| policy.pause(attempt).as_secs())
            .collect();
        assert_eq!(seconds, [1, 2, 4, 2048, 3600, 3600, 3600, 3600]);
        let all: Duration = (1..policy.attempts).map(|attempt| policy.pause(attempt)).sum();
        assert_eq!(all.as_secs() / 3600, 18);
    }

    #[test]
    fn there_is_always_one_attempt() {
        assert_eq!(Policy::default().attempts(0).attempts, 1);
    }
}
