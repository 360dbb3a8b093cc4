//! Bills as records: read and written as a stream, in memory that does not grow with the bill (protocol section 11.3).
//!
//! A bill is a line of column names, its rows, a line of names of the summary (汇总), and the summary. Every cell of a
//! row stands behind a backtick, and a cell may hold commas. Columns come and go: a cell is found by its column's name.
//! [`Trade`] and [`FundFlow`] have the documented columns as fields, with amounts in fen, and keep all others.
//!
//! ```
//! use wxpay_proto::bill::{BillReader, Trade};
//!
//! # fn chunks() -> Vec<&'static [u8]> {
//! #     vec!["交易时间,商户订单号,订单金额,手续费\r\n`2019-02-19 05:01:46,`A1,`0.03,`0.010".as_bytes(),
//! #          "00\r\n总交易单数,订单总金额\r\n`1,`0.03\r\n".as_bytes()]
//! # }
//! # fn main() -> Result<(), wxpay_proto::bill::BillError> {
//! let mut reader = BillReader::new();
//! for chunk in chunks() {
//!     reader.push(chunk);
//!     while let Some(row) = reader.next_row() {
//!         let trade = Trade::from_row(&row?)?;
//!         assert_eq!(trade.order_amount, Some(3)); // fen
//!     }
//! }
//! let end = reader.finish()?;
//! assert_eq!(end.rows(), 1);
//! assert_eq!(end.summary().and_then(|summary| summary.get("订单总金额")), Some("0.03"));
//! # Ok(())
//! # }
//! ```
//!
//! Reading proves nothing: check the file's digest as well ([`FileCheck`](crate::file::FileCheck)), and take nothing
//! for true before it has finished.

mod error;
mod fund_flow;
mod line;
mod reader;
mod record;
mod row;
mod trade;
mod writer;

pub use error::{BillError, BillProblem};
pub use fund_flow::FundFlow;
pub use reader::{BillEnd, BillReader};
pub use record::BillRecord;
pub use row::{Row, Summary};
pub use trade::Trade;
pub use writer::{BillWriter, WriteError};
