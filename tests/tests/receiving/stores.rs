//! The stores that the tests of the inbox run on.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use wxpay_axum::sqlx::raw_sql;
use wxpay_axum::sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use wxpay_axum::{MemoryStore, PostgresStore, SqliteStore, Store, StoreError};

use crate::postgres::{self, Server};

/// Where stores come from.
pub(crate) trait Bed: Send + Sync + 'static {
    const NAME: &'static str;
    /// Whether other processes can open its stores.
    const DURABLE: bool;
    type Store: Store;

    /// A place for a store that nothing else uses, which another process can open.
    fn place(&self) -> impl Future<Output = Place> + Send;

    /// The store at a place.
    fn try_open(&self, place: &Place) -> impl Future<Output = Result<Self::Store, StoreError>> + Send;

    /// The store at a place where one can be opened.
    fn open(&self, place: &Place) -> impl Future<Output = Self::Store> + Send {
        async { self.try_open(place).await.expect("a store") }
    }

    /// Runs SQL at a place.
    fn run(&self, place: &Place, sql: &str) -> impl Future<Output = ()> + Send;

    /// A store that nothing else uses. Quick: it need not survive a loss of power.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;
}

/// Where a store is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// A file, in a folder that goes with the last of its holders.
    Sqlite(Arc<Folder>),
    Postgres(String),
}

impl Place {
    /// As text, for another process.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite {}", folder.0.join("inbox.db").display()),
            Self::Postgres(place) => format!("postgres {place}"),
        }
    }
}

/// A folder that is removed in the end.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static FOLDERS: AtomicU32 = AtomicU32::new(0);
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        let name = format!("wxpay-receiving-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Memory;

impl Bed for Memory {
    const NAME: &'static str = "memory";
    const DURABLE: bool = false;
    type Store = MemoryStore;

    async fn place(&self) -> Place {
        panic!("memory is at no place");
    }

    async fn try_open(&self, place: &Place) -> Result<MemoryStore, StoreError> {
        panic!("memory is at no place such as {place:?}");
    }

    async fn run(&self, place: &Place, _: &str) {
        panic!("memory is at no place such as {place:?}");
    }

    async fn fresh(&self) -> MemoryStore {
        MemoryStore::new()
    }
}

pub(crate) struct Sqlite;

impl Bed for Sqlite {
    const NAME: &'static str = "sqlite";
    const DURABLE: bool = true;
    type Store = SqliteStore;

    async fn place(&self) -> Place {
        Place::Sqlite(Arc::new(Folder::new()))
    }

    async fn try_open(&self, place: &Place) -> Result<SqliteStore, StoreError> {
        let Place::Sqlite(folder) = place else {
            panic!("{place:?} is no file");
        };
        let path = folder.0.join("inbox.db");
        SqliteStore::open(path).await
    }

    async fn run(&self, place: &Place, sql: &str) {
        let path = place.text().replacen("sqlite ", "sqlite://", 1);
        let pool = SqlitePool::connect(&path).await.expect("a database");
        raw_sql(sql).execute(&pool).await.expect("it runs");
    }

    async fn fresh(&self) -> SqliteStore {
        // One connection, which is never closed: the database is in its memory.
        let options = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None);
        let pool = options.connect("sqlite::memory:").await.expect("a database");
        SqliteStore::new(pool).await.expect("a store")
    }
}

pub(crate) struct Postgres(pub(crate) Arc<Server>);

impl Bed for Postgres {
    const NAME: &'static str = "postgres";
    const DURABLE: bool = true;
    type Store = PostgresStore;

    async fn place(&self) -> Place {
        Place::Postgres(self.0.place().await)
    }

    async fn try_open(&self, place: &Place) -> Result<PostgresStore, StoreError> {
        let Place::Postgres(place) = place else {
            panic!("{place:?} is no server");
        };
        PostgresStore::new(postgres::pool(place).await).await
    }

    async fn run(&self, place: &Place, sql: &str) {
        let Place::Postgres(place) = place else {
            panic!("{place:?} is no server");
        };
        let pool = postgres::pool(place).await;
        raw_sql(sql).execute(&pool).await.expect("it runs");
    }

    async fn fresh(&self) -> PostgresStore {
        postgres::store(&self.0.place().await).await
    }
}
