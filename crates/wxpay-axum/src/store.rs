//! Where an inbox keeps what it has acknowledged.

#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod database;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::future::Future;
use std::time::Duration;

use wxpay_proto::UnixTime;

use crate::BoxError;
use crate::arrival::Arrival;
use crate::protocol::Protocol;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use database::DatabaseStore;
pub use memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteStore};

/// What [`last_error`](Claim::last_error) says of an attempt that never came to an end.
pub const NO_END: &str = "the attempt did not come to an end: its process stopped, or lost its claim";

/// Keeps notifications by their id until they are handled.
///
/// A notification is open, handled or parked. An open one is *due* at a moment; [`claim`](Self::claim) takes one that is
/// due and makes it due again only when the lease ends, so that nobody else takes it meanwhile, and a process that dies
/// leaves nothing to be cleaned up. Every claim gets a number, and what a claim records counts only while no later one
/// was made. Several workers and several processes may use one store at the same time.
pub trait Store: Send + Sync + 'static {
    /// Keeps a notification, unless one with its id is known, handled ones included. When this returns it must survive a
    /// crash, because it is acknowledged then.
    fn put(&self, arrival: &Arrival) -> impl Future<Output = Result<Put, StoreError>> + Send;

    /// Takes the open notification that has been due for longest, for the time of the lease, and counts an attempt.
    ///
    /// One that was claimed before without an end gets the error [`NO_END`].
    fn claim(&self, lease: Duration) -> impl Future<Output = Result<Option<Claim>, StoreError>> + Send;

    /// Makes a claim last for a lease from now on. False when it is not the last claim any more.
    fn extend(&self, held: &Held, lease: Duration) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Records how an attempt ended. False when it is not the last claim any more; then nothing is recorded. The body of
    /// a handled notification is deleted, its id stays.
    fn finish(&self, held: &Held, ending: &Ending) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The parked notifications, the oldest first, at most `limit`.
    fn parked(&self, limit: u32) -> impl Future<Output = Result<Vec<Parked>, StoreError>> + Send;

    /// Opens a parked notification again: due at once, with no attempts counted. False when none of that id is parked.
    fn retry(&self, id: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// How many notifications there are.
    fn counts(&self) -> impl Future<Output = Result<Counts, StoreError>> + Send;

    /// Forgets the ids of notifications that were handled at least so long ago, and returns how many. One that is sent
    /// again afterwards is handled again; WeChat Pay sends for about a day (protocol section 4.3).
    fn forget_handled(&self, age: Duration) -> impl Future<Output = Result<u64, StoreError>> + Send;
}

/// What became of a notification that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it is new, or it is not")]
pub enum Put {
    /// It is kept.
    New,
    /// One of its id is known.
    Known,
}

/// What holds a claim: the notification's id, and the number of the claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a claim is held by these two")]
pub struct Held {
    /// The notification's id.
    pub id: String,
    /// Higher with every claim of this notification.
    pub claim: i64,
}

/// A notification that was taken to be handled.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "stores outside this crate make it")]
pub struct Claim {
    /// What holds it.
    pub held: Held,
    /// What arrived.
    pub arrival: Arrival,
    /// When it arrived first.
    pub received_at: UnixTime,
    /// The how many-th attempt this is, from 1, since it arrived or was opened again.
    pub attempt: u32,
    /// How the attempt before it ended.
    pub last_error: Option<String>,
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "stores outside this crate match on it")]
pub enum Ending {
    /// It is handled.
    Handled,
    /// It failed, and is due again after this time.
    Again {
        /// How long to wait.
        after: Duration,
        /// Why it failed.
        error: String,
    },
    /// It failed, and waits for the operator.
    Parked {
        /// Why it failed.
        error: String,
    },
}

/// A notification that waits for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores outside this crate make it")]
pub struct Parked {
    /// Its id, for [`Store::retry`].
    pub id: String,
    /// Which protocol it came by.
    pub protocol: Protocol,
    /// Its type.
    pub event_type: String,
    /// When it arrived first.
    pub received_at: UnixTime,
    /// How often it was tried.
    pub attempts: u32,
    /// How the last attempt ended.
    pub last_error: String,
}

/// How many notifications a store has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "stores outside this crate make it")]
pub struct Counts {
    /// To be handled, those that are being handled included.
    pub open: u64,
    /// Waiting for the operator.
    pub parked: u64,
    /// Handled, and their ids not forgotten.
    pub handled: u64,
}

/// A store that could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[error("the inbox's store: {0}")]
pub struct StoreError(BoxError);

impl StoreError {
    /// Says what is wrong.
    #[must_use]
    pub fn new(source: impl Into<BoxError>) -> Self {
        Self(source.into())
    }
}

#[cfg(any(feature = "postgres", feature = "sqlite"))]
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::new(error)
    }
}
