//! The shop's orders, in its own database. The state of an order decides what is done, and nothing else.

use std::path::Path;

use wxpay_axum::BoxError;
use wxpay_axum::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqliteRow, SqliteSynchronous,
};
use wxpay_axum::sqlx::{self, Row as _};

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS orders (
         number TEXT PRIMARY KEY, fen INTEGER NOT NULL, state TEXT NOT NULL, code_url TEXT, transaction_id TEXT
     )",
    // What the shop does for a paid order. Without the primary key, so that a second time would be seen.
    "CREATE TABLE IF NOT EXISTS shipments (number TEXT NOT NULL)",
];

/// An order.
pub(crate) struct Order {
    pub(crate) number: String,
    /// What it costs.
    pub(crate) fen: i64,
    pub(crate) paid: bool,
    /// What the QR code says, once WeChat Pay has told it.
    pub(crate) code_url: Option<String>,
}

/// All orders.
#[derive(Clone)]
pub(crate) struct Orders(SqlitePool);

impl Orders {
    pub(crate) async fn open(path: &Path) -> Result<Self, BoxError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        let pool = SqlitePool::connect_with(options).await?;
        for table in TABLES {
            sqlx::query(table).execute(&pool).await?;
        }
        Ok(Self(pool))
    }

    /// Notes an order before WeChat Pay hears of it: what was sent must be known after a crash.
    pub(crate) async fn add(&self, number: &str, fen: i64) -> Result<(), BoxError> {
        sqlx::query("INSERT INTO orders (number, fen, state) VALUES (?, ?, 'unpaid')")
            .bind(number)
            .bind(fen)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn set_code_url(&self, number: &str, code_url: &str) -> Result<(), BoxError> {
        sqlx::query("UPDATE orders SET code_url = ? WHERE number = ?")
            .bind(code_url)
            .bind(number)
            .execute(&self.0)
            .await?;
        Ok(())
    }

    pub(crate) async fn find(&self, number: &str) -> Result<Option<Order>, BoxError> {
        let row = sqlx::query("SELECT number, fen, state = 'paid', code_url FROM orders WHERE number = ?")
            .bind(number)
            .fetch_optional(&self.0)
            .await?;
        Ok(row.as_ref().map(order).transpose()?)
    }

    /// Marks an order as paid and ships it, in one transaction, and says whether it was this call that did. An order that
    /// is paid stays so, however often it is told.
    pub(crate) async fn paid(&self, number: &str, fen: i64, transaction_id: &str) -> Result<bool, BoxError> {
        let mut transaction = self.0.begin().await?;
        let changed = sqlx::query(
            "UPDATE orders SET state = 'paid', transaction_id = ? WHERE number = ? AND state = 'unpaid' AND fen = ?",
        )
        .bind(transaction_id)
        .bind(number)
        .bind(fen)
        .execute(&mut *transaction)
        .await?
        .rows_affected();
        if changed == 0 {
            drop(transaction);
            return match self.find(number).await? {
                None => Err(format!("there is no order {number}, and it was paid").into()),
                Some(order) if order.fen != fen => {
                    Err(format!("order {number} costs {} fen, and {fen} were paid", order.fen).into())
                }
                Some(_) => Ok(false),
            };
        }
        sqlx::query("INSERT INTO shipments (number) VALUES (?)")
            .bind(number)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// How often an order was shipped.
    pub(crate) async fn shipments(&self, number: &str) -> Result<i64, BoxError> {
        let row = sqlx::query("SELECT COUNT(*) FROM shipments WHERE number = ?")
            .bind(number)
            .fetch_one(&self.0)
            .await?;
        Ok(row.try_get(0)?)
    }
}

fn order(row: &SqliteRow) -> Result<Order, sqlx::Error> {
    Ok(Order {
        number: row.try_get(0)?,
        fen: row.try_get(1)?,
        paid: row.try_get(2)?,
        code_url: row.try_get(3)?,
    })
}
