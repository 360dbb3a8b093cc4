//! The file: one table of rows.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bytes::Bytes;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteLockingMode, SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};

use super::error::StoreError;
use super::task::Task;
use crate::store::Change;

/// How many rows are read at once.
pub(super) const PAGE: usize = 1000;

/// The form of the file. It grows when an older version could not read what this one writes.
const FORM: i64 = 1;

pub(super) struct StoreFile {
    path: PathBuf,
    connection: SqliteConnection,
}

impl StoreFile {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        let failed = |source| StoreError::Sqlite {
            path: path.to_owned(),
            source,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // Two simulators with one store would forget each other's orders: the second one does not get it.
            .locking_mode(SqliteLockingMode::Exclusive)
            .busy_timeout(Duration::from_secs(1));
        let mut connection = options.connect().await.map_err(failed)?;
        let found: i64 = sqlx::query_scalar("PRAGMA user_version")
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;
        if found > FORM {
            return Err(StoreError::Newer {
                path: path.to_owned(),
                found,
                known: FORM,
            });
        }
        for statement in [
            "CREATE TABLE IF NOT EXISTS rows (shelf TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, \
             PRIMARY KEY (shelf, key)) WITHOUT ROWID",
            "PRAGMA user_version = 1",
        ] {
            let executed = sqlx::query(statement).execute(&mut connection).await;
            executed.map_err(failed)?;
        }
        Ok(Self {
            path: path.to_owned(),
            connection,
        })
    }

    /// Hands every row over, until nobody takes them any more.
    pub(super) async fn read(&mut self, mut take: impl FnMut(Change) -> bool) -> Result<(), StoreError> {
        let (mut shelf, mut key) = (String::new(), String::new());
        loop {
            let rows: Vec<(String, String, Vec<u8>)> = sqlx::query_as(
                "SELECT shelf, key, value FROM rows WHERE (shelf, key) > (?, ?) ORDER BY shelf, key LIMIT 1000",
            )
            .bind(shelf)
            .bind(key)
            .fetch_all(&mut self.connection)
            .await
            .map_err(|source| StoreError::Sqlite {
                path: self.path.clone(),
                source,
            })?;
            let Some((last_shelf, last_key, _)) = rows.last() else {
                return Ok(());
            };
            (shelf, key) = (last_shelf.clone(), last_key.clone());
            for (shelf, key, value) in rows {
                let value = Some(Bytes::from(value));
                if !take(Change { shelf, key, value }) {
                    return Ok(());
                }
            }
        }
    }

    /// Does all of it, or nothing.
    pub(super) async fn write(&mut self, tasks: Vec<Task>) -> Result<(), sqlx::Error> {
        let mut transaction = self.connection.begin().await?;
        for task in tasks {
            let Task::Write(changes) = task else {
                sqlx::query("DELETE FROM rows").execute(&mut *transaction).await?;
                continue;
            };
            for change in changes {
                let query = match change.value {
                    Some(value) => {
                        sqlx::query("INSERT OR REPLACE INTO rows (shelf, key, value) VALUES (?, ?, ?)")
                            .bind(change.shelf)
                            .bind(change.key)
                            .bind(value.to_vec())
                    }
                    None => sqlx::query("DELETE FROM rows WHERE shelf = ? AND key = ?")
                        .bind(change.shelf)
                        .bind(change.key),
                };
                query.execute(&mut *transaction).await?;
            }
        }
        transaction.commit().await
    }

    pub(super) async fn close(self) {
        // What was acknowledged is on the disk; what closing does beyond is tidying up.
        let _ = self.connection.close().await;
    }
}
