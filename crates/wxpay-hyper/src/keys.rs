//! WeChat Pay's keys while a client runs: kept, fetched, replaced, and the move from one kind to the other.

mod builder;
mod error;
mod fetch;
mod file;
mod held;
mod looked_for;
mod refresh;
mod saved;
mod source;
mod steering;
mod storage;
mod store;

pub use builder::KeyStoreBuilder;
pub use error::KeysError;
pub(crate) use fetch::{Fetch, Fetching};
pub use file::FileStorage;
pub use storage::{BoxError, KeyStorage, Turn};
pub use store::KeyStore;
