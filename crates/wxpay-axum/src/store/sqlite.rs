//! The inbox in SQLite: one file, one machine, any number of processes.

use std::path::Path;
use std::time::Duration;

use sqlx::query::Query;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Connection as _, Executor as _, Row as _};

use super::StoreError;
use super::database::{Columns, DatabaseStore, Driver, Value};
use super::schema::{DONE, Dialect, Statements, VERSION, VERSIONS, steps};

const DIALECT: Dialect = Dialect {
    bytes: "BLOB",
    now: "CAST(unixepoch('subsec') * 1000 AS INTEGER)",
    // SQLite has one writer at a time.
    choose: "",
};

/// How long a statement waits for another process's.
const BUSY: Duration = Duration::from_secs(5);

/// An inbox in an SQLite database, for one machine.
pub type SqliteStore = DatabaseStore<Sqlite>;

/// SQLite, behind a [`DatabaseStore`].
#[derive(Debug)]
pub struct Sqlite(SqlitePool);

impl DatabaseStore<Sqlite> {
    /// Opens a file, and makes it where it is missing: with a write-ahead log, and synced at every commit, because what
    /// was acknowledged must survive a power failure.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened, or was made by a newer version of this crate.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY);
        // There is one writer at a time anyway; in one process a queue is fairer than waiting for a lock.
        let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options);
        Self::new(pool.await?).await
    }

    /// Takes a pool, and makes the table where it is missing. Its connections should sync at every commit
    /// (`synchronous` `FULL`, which is the default).
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be made, or was made by a newer version of this crate.
    pub async fn new(pool: SqlitePool) -> Result<Self, StoreError> {
        let mut connection = pool.acquire().await?;
        // A transaction that writes from its start, so that two processes do not make the table at the same time.
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        transaction.execute(VERSIONS).await?;
        let version = sqlx::query(VERSION)
            .fetch_one(&mut *transaction)
            .await?
            .try_get(0)?;
        for (made, step) in steps(version, DIALECT)? {
            // As a text, since it is several statements.
            transaction.execute(step.as_str()).await?;
            sqlx::query(DONE).bind(made).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        drop(connection);
        Ok(Self {
            driver: Sqlite(pool),
            sql: Statements::new(DIALECT),
        })
    }
}

impl Driver for Sqlite {
    async fn execute(&self, sql: &str, values: &[Value<'_>]) -> Result<u64, StoreError> {
        Ok(query(sql, values).execute(&self.0).await?.rows_affected())
    }

    async fn rows<T: Send>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: fn(&dyn Columns) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let rows = query(sql, values).fetch_all(&self.0).await?;
        rows.iter().map(|row| read(row)).collect()
    }
}

fn query<'q>(sql: &'q str, values: &[Value<'q>]) -> Query<'q, sqlx::Sqlite, SqliteArguments<'q>> {
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Number(number) => query.bind(number),
    })
}

impl Columns for SqliteRow {
    fn text(&self, name: &str) -> Result<Option<String>, StoreError> {
        Ok(self.try_get(name)?)
    }

    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.try_get(name)?)
    }

    fn number(&self, name: &str) -> Result<i64, StoreError> {
        Ok(self.try_get(name)?)
    }
}
