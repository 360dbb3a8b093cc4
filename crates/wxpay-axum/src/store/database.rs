//! The store on a database, whichever it is: what is done, written once.

use std::future::Future;
use std::time::Duration;

use wxpay_proto::UnixTime;

use super::schema::Statements;
use super::{Claim, Counts, Ending, Held, NO_END, Parked, Put, Store, StoreError};
use crate::arrival::Arrival;
use crate::protocol::Protocol;

/// A value in a statement.
#[derive(Clone, Copy)]
#[expect(
    missing_debug_implementations,
    unnameable_types,
    reason = "sealed: the databases are those of this crate; what is stored is not to be printed"
)]
pub enum Value<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Number(i64),
}

/// A row that came back.
#[expect(unnameable_types, reason = "sealed: the databases are those of this crate")]
pub trait Columns {
    fn text(&self, name: &str) -> Result<Option<String>, StoreError>;
    fn bytes(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError>;
    fn number(&self, name: &str) -> Result<i64, StoreError>;
}

/// A database, in the two things that are asked of it.
#[expect(unnameable_types, reason = "sealed: the databases are those of this crate")]
pub trait Driver: Send + Sync + 'static {
    /// How many rows a statement has changed.
    fn execute(
        &self,
        sql: &str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// What a statement gives, row by row.
    fn rows<T: Send>(
        &self,
        sql: &str,
        values: &[Value<'_>],
        read: fn(&dyn Columns) -> Result<T, StoreError>,
    ) -> impl Future<Output = Result<Vec<T>, StoreError>> + Send;
}

/// A store on a database: [`SqliteStore`](crate::SqliteStore) or [`PostgresStore`](crate::PostgresStore).
///
/// Its table `wxpay_inbox` is made where it is missing, and can stand beside a shop's own tables. One table is one
/// merchant's: for a second one take another database, or another schema.
#[derive(Debug)]
pub struct DatabaseStore<D> {
    pub(super) driver: D,
    pub(super) sql: Statements,
}

impl<D: Driver> DatabaseStore<D> {
    /// Changes the row that a claim holds, if it still does.
    async fn held(&self, sql: &str, held: &Held, more: &[Value<'_>]) -> Result<bool, StoreError> {
        let mut values = vec![Value::Text(&held.id), Value::Number(held.claim)];
        values.extend_from_slice(more);
        Ok(self.driver.execute(sql, &values).await? == 1)
    }
}

impl<D: Driver> Store for DatabaseStore<D> {
    async fn put(&self, arrival: &Arrival) -> Result<Put, StoreError> {
        let values = [
            Value::Text(&arrival.id),
            Value::Text(arrival.protocol.as_str()),
            Value::Text(&arrival.event_type),
            Value::Bytes(&arrival.body),
        ];
        let made = self.driver.execute(&self.sql.put, &values).await?;
        Ok(if made == 1 { Put::New } else { Put::Known })
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        let values = [Value::Number(milliseconds(lease)), Value::Text(NO_END)];
        let claimed = self.driver.rows(&self.sql.claim, &values, claimed).await?;
        Ok(claimed.into_iter().next())
    }

    async fn extend(&self, held: &Held, lease: Duration) -> Result<bool, StoreError> {
        let lease = Value::Number(milliseconds(lease));
        self.held(&self.sql.extend, held, &[lease]).await
    }

    async fn finish(&self, held: &Held, ending: &Ending) -> Result<bool, StoreError> {
        match ending {
            Ending::Handled => self.held(&self.sql.handled, held, &[]).await,
            Ending::Again { after, error } => {
                let more = [Value::Text(error), Value::Number(milliseconds(*after))];
                self.held(&self.sql.again, held, &more).await
            }
            Ending::Parked { error } => self.held(&self.sql.park, held, &[Value::Text(error)]).await,
        }
    }

    async fn parked(&self, limit: u32) -> Result<Vec<Parked>, StoreError> {
        let limit = Value::Number(limit.into());
        self.driver.rows(&self.sql.parked, &[limit], parked).await
    }

    async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        let opened = self.driver.execute(&self.sql.retry, &[Value::Text(id)]).await?;
        Ok(opened == 1)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for (state, found) in self.driver.rows(&self.sql.counts, &[], counted).await? {
            match state.as_str() {
                "open" => counts.open = found,
                "parked" => counts.parked = found,
                _ => counts.handled = found,
            }
        }
        Ok(counts)
    }

    async fn forget_handled(&self, age: Duration) -> Result<u64, StoreError> {
        let age = Value::Number(milliseconds(age));
        self.driver.execute(&self.sql.forget, &[age]).await
    }
}

fn claimed(row: &dyn Columns) -> Result<Claim, StoreError> {
    let id = text(row, "id")?;
    let arrival = Arrival::new(
        id.clone(),
        protocol(row)?,
        text(row, "event_type")?,
        row.bytes("body")?.unwrap_or_default(),
    );
    Ok(Claim {
        held: Held {
            id,
            claim: row.number("claims")?,
        },
        arrival,
        received_at: received_at(row)?,
        attempt: attempts(row)?,
        last_error: row.text("last_error")?,
    })
}

fn parked(row: &dyn Columns) -> Result<Parked, StoreError> {
    Ok(Parked {
        id: text(row, "id")?,
        protocol: protocol(row)?,
        event_type: text(row, "event_type")?,
        received_at: received_at(row)?,
        attempts: attempts(row)?,
        last_error: text(row, "last_error")?,
    })
}

fn counted(row: &dyn Columns) -> Result<(String, u64), StoreError> {
    let found = u64::try_from(row.number("found")?).unwrap_or_default();
    Ok((text(row, "state")?, found))
}

fn text(row: &dyn Columns, name: &str) -> Result<String, StoreError> {
    Ok(row.text(name)?.unwrap_or_default())
}

fn protocol(row: &dyn Columns) -> Result<Protocol, StoreError> {
    let text = text(row, "protocol")?;
    Protocol::from_text(&text).ok_or_else(|| {
        StoreError::new(format!(
            "the table wxpay_inbox holds the unknown protocol {text:?}"
        ))
    })
}

fn received_at(row: &dyn Columns) -> Result<UnixTime, StoreError> {
    Ok(UnixTime::from_secs(row.number("received_at")?.div_euclid(1000)))
}

fn attempts(row: &dyn Columns) -> Result<u32, StoreError> {
    Ok(u32::try_from(row.number("attempts")?).unwrap_or(u32::MAX))
}

/// A quarter of what fits at most, so that a moment can be added to it.
fn milliseconds(duration: Duration) -> i64 {
    let most = i64::MAX / 4;
    i64::try_from(duration.as_millis()).map_or(most, |found| found.min(most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_do_not_overflow() {
        assert_eq!(milliseconds(Duration::from_secs(2)), 2000);
        assert_eq!(milliseconds(Duration::MAX), i64::MAX / 4);
    }
}
