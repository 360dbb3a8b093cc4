//! Receives WeChat Pay's notifications (回调通知) in [axum]: verified, opened, acknowledged in the right form, and lost by
//! no crash.
//!
//! A [`Receiver`] has the keys. Three ways lead from it to a handler:
//!
//! | | answers | for |
//! |---|---|---|
//! | [`Inbox`] | when the notification is stored; the handler runs afterwards, until it succeeds | almost everything |
//! | [`Direct`] | when the handler is done, within 4 s | what is quick and harmless to repeat, or must answer with content |
//! | [`V3`], [`V2`] | what your own axum handler says | everything else |
//!
//! Whatever the way, the body is taken raw and at most 1 MiB long, a notification that is not proven or cannot be opened
//! never reaches a handler, the sender gets a failure that tells nothing, and the operator a log entry of [tracing] that
//! tells what is wrong, with what can be seen on a body that a proxy or framework has re-encoded. WeChat Pay's probes
//! (探测流量) are refused without noise. Nothing that was decrypted is ever logged.
//!
//! The guide's page `receiving.md` shows a shop's handler.

mod arrival;
mod deadline;
mod delivery;
mod direct;
mod extract;
mod guarded;
mod inbox;
mod keys;
mod notification;
mod opening;
mod policy;
mod protocol;
mod receiver;
mod rejected;
mod store;

pub use arrival::Arrival;
pub use delivery::Delivery;
pub use direct::{Direct, Reply};
pub use extract::{V2, V3};
pub use inbox::{Ended, Inbox};
pub use keys::Keys;
pub use notification::{About, EventOfV3, Notification};
pub use policy::Policy;
pub use protocol::Protocol;
pub use receiver::Receiver;
pub use rejected::Rejected;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use store::DatabaseStore;
pub use store::{Claim, Counts, Ending, Held, MemoryStore, NO_END, Parked, Put, Store, StoreError};
#[cfg(feature = "postgres")]
pub use store::{Postgres, PostgresStore};
#[cfg(feature = "sqlite")]
pub use store::{Sqlite, SqliteStore};

/// The crate that the stores' pools are made with; its features (TLS for PostgreSQL, say) are yours to choose.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub use sqlx;

/// Any error, as handlers and key stores return them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
