//! The move from one of WeChat Pay's keys to another, share by share: from the platform certificate to the public key.
//!
//! Answers are signed with the key that the request's `Wechatpay-Serial` names (protocol section 2.5), so the move is a
//! question of what to ask for. A [`Migration`] answers it as a pure function of a request's number; counting requests
//! is the caller's, and so is keeping both keys for verification until the move is over, as notifications change over
//! when WeChat Pay decides.

use std::collections::BTreeMap;
use std::fmt;

use crate::id::KeyId;

/// A share of requests, in steps of one in 10 000.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(u16);

impl Share {
    /// No request.
    pub const NONE: Self = Self(0);
    /// Every request.
    pub const ALL: Self = Self(10_000);

    /// So many in 10 000; more than 10 000 are all.
    #[must_use]
    pub const fn per_10000(number: u16) -> Self {
        Self(if number > Self::ALL.0 { Self::ALL.0 } else { number })
    }

    /// So many per cent; more than 100 are all.
    #[must_use]
    pub const fn percent(number: u8) -> Self {
        Self::per_10000(number as u16 * 100)
    }

    /// How many in 10 000.
    #[must_use]
    pub const fn as_per_10000(self) -> u16 {
        self.0
    }

    /// Whether the request with this number belongs to the share.
    ///
    /// Of any 10 000 numbers in a row, exactly the share does, spread evenly over them. What belongs to a share belongs
    /// to every greater one.
    #[must_use]
    pub const fn takes(self, number: u64) -> bool {
        // Steps of nearly the golden section of 10 000, with which it has no common divisor: a permutation that puts
        // each number far from its neighbours.
        const STEP: u64 = 6_181;
        // The product stays far below the limit.
        (number % 10_000) * STEP % 10_000 < self.0 as u64
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} %", self.0 / 100, self.0 % 100)
    }
}

/// Which requests ask for the new key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    from: KeyId,
    to: KeyId,
    share: Share,
    of_operations: BTreeMap<String, Share>,
    state: State,
}

/// Whether a migration goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum State {
    Running,
    Stopped,
    RolledBack,
}

impl Migration {
    /// Begins: no request asks for `to` yet.
    #[must_use]
    pub fn new(from: KeyId, to: KeyId) -> Self {
        Self {
            from,
            to,
            share: Share::NONE,
            of_operations: BTreeMap::new(),
            state: State::Running,
        }
    }

    /// The key to ask for in the request with this number: for `Wechatpay-Serial`, and to seal its sensitive fields.
    ///
    /// The same number and policy give the same key, so a retry under the number of its first attempt does not change it.
    #[must_use]
    pub fn key(&self, operation: &str, number: u64) -> &KeyId {
        if self.share_of(operation).takes(number) {
            &self.to
        } else {
            &self.from
        }
    }

    /// The share of an operation that is in force.
    #[must_use]
    pub fn share_of(&self, operation: &str) -> Share {
        match self.state {
            State::RolledBack => Share::NONE,
            _ => self.of_operations.get(operation).copied().unwrap_or(self.share),
        }
    }

    /// Sets the share of every operation that has none of its own.
    ///
    /// # Errors
    /// [`Halted`] while the migration is stopped or rolled back.
    pub fn set_share(&mut self, share: Share) -> Result<(), Halted> {
        self.running()?;
        self.share = share;
        Ok(())
    }

    /// Sets the share of one operation, by its name (`v3.combine-transactions.close`).
    ///
    /// # Errors
    /// [`Halted`] while the migration is stopped or rolled back.
    pub fn set_share_of(&mut self, operation: impl Into<String>, share: Share) -> Result<(), Halted> {
        self.running()?;
        self.of_operations.insert(operation.into(), share);
        Ok(())
    }

    /// Stays at the shares of now: nothing can be set until [`resume`](Self::resume). A rolled back migration stays so.
    pub fn stop(&mut self) {
        if self.state == State::Running {
            self.state = State::Stopped;
        }
    }

    /// Asks for the old key in every request. The shares are kept for [`resume`](Self::resume).
    pub fn roll_back(&mut self) {
        self.state = State::RolledBack;
    }

    /// Goes on with the shares that were set before it was stopped or rolled back.
    pub fn resume(&mut self) {
        self.state = State::Running;
    }

    /// Whether every request asks for the new key, so that the old one is needed for notifications at most.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.state != State::RolledBack
            && self.share == Share::ALL
            && self.of_operations.values().all(|share| *share == Share::ALL)
    }

    fn running(&self) -> Result<(), Halted> {
        if self.state == State::Running {
            Ok(())
        } else {
            Err(Halted)
        }
    }
}

/// The migration was stopped or rolled back, and has not been resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the migration of WeChat Pay's keys was stopped or rolled back; resume it first")]
pub struct Halted;

/// Where a key was seen at work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum SeenIn {
    /// In the request: this key was asked for.
    Request,
    /// In the answer: this key signed it.
    Answer,
    /// In a notification: this key signed it.
    Notification,
}

impl SeenIn {
    fn name(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Answer => "answer",
            Self::Notification => "notification",
        }
    }
}

/// Which keys were seen where, and how often: the report by which a migration is steered.
///
/// Count what was verified only: then there are no more rows than operations and event types times keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeenKeys(BTreeMap<(SeenIn, String, String), u64>);

impl SeenKeys {
    /// Nothing seen.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a key. `name` is the operation's name, or the notification's event type.
    pub fn record(&mut self, place: SeenIn, name: &str, key: &KeyId) {
        let row = (place, name.to_owned(), key.as_str().to_owned());
        let count = self.0.entry(row).or_default();
        *count = count.saturating_add(1);
    }

    /// Adds what was counted elsewhere, on another machine say.
    pub fn add(&mut self, other: &Self) {
        for (row, more) in &other.0 {
            let count = self.0.entry(row.clone()).or_default();
            *count = count.saturating_add(*more);
        }
    }

    /// The rows: place, operation or event type, serial number or id, and how often; sorted.
    pub fn rows(&self) -> impl Iterator<Item = (SeenIn, &str, &str, u64)> {
        self.0
            .iter()
            .map(|((place, name, key), count)| (*place, name.as_str(), key.as_str(), *count))
    }

    /// How often a key was seen in one kind of place.
    #[must_use]
    pub fn total(&self, place: SeenIn, key: &KeyId) -> u64 {
        let counts = self
            .rows()
            .filter(|(found, _, id, _)| *found == place && *id == key.as_str());
        counts.fold(0, |sum, (_, _, _, count)| sum.saturating_add(count))
    }
}

/// One line for each row.
impl fmt::Display for SeenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, name, key, count) in self.rows() {
            writeln!(f, "{:12} {name} {key} {count}", place.name())?;
        }
        Ok(())
    }
}
