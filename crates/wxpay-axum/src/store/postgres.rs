//! The inbox in PostgreSQL: any number of machines.

use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::query::Query;
use sqlx::{Executor as _, Row as _};

use super::StoreError;
use super::database::{Columns, DatabaseStore, Driver, Value};
use super::schema::{DONE, Dialect, Statements, VERSION, VERSIONS, steps};

const DIALECT: Dialect = Dialect {
    bytes: "BYTEA",
    // The moment at which the statement's transaction began; unlike the wall clock it can be looked up in an index.
    now: "(EXTRACT(EPOCH FROM now()) * 1000)::BIGINT",
    choose: "FOR UPDATE SKIP LOCKED",
};

/// An inbox in a PostgreSQL database (12 or newer), for several machines.
pub type PostgresStore = DatabaseStore<Postgres>;

/// PostgreSQL, behind a [`DatabaseStore`].
#[derive(Debug)]
pub struct Postgres(PgPool);

impl DatabaseStore<Postgres> {
    /// Takes a pool, and makes the table where it is missing. `synchronous_commit` must not be `off` for its
    /// connections, because what was acknowledged must survive a crash of the database; it is `on` unless somebody has
    /// changed it.
    ///
    /// # Errors
    /// [`StoreError`] when the table cannot be made, or was made by a newer version of this crate.
    pub async fn new(pool: PgPool) -> Result<Self, StoreError> {
        let mut transaction = pool.begin().await?;
        // Held until the end of the transaction, so that two processes do not make the table at the same time.
        sqlx::query("SELECT pg_advisory_xact_lock(hashtext('wxpay_inbox'))")
            .execute(&mut *transaction)
            .await?;
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
        Ok(Self {
            driver: Postgres(pool),
            sql: Statements::new(DIALECT),
        })
    }
}

impl Driver for Postgres {
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

fn query<'q>(sql: &'q str, values: &[Value<'q>]) -> Query<'q, sqlx::Postgres, PgArguments> {
    values.iter().fold(sqlx::query(sql), |query, value| match *value {
        Value::Text(text) => query.bind(text),
        Value::Bytes(bytes) => query.bind(bytes),
        Value::Number(number) => query.bind(number),
    })
}

impl Columns for PgRow {
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
