//! Bills of a day, made of the records of that day by the business clock (protocol section 11).

mod day;
mod fund_flow;
mod gzip;
mod place;
mod trade;

pub(crate) use day::{Day, NoBill};
pub(crate) use fund_flow::fund_flow;
pub(crate) use gzip::gzip;
pub(crate) use place::{BillKind, Place, of_order, of_refund, of_transfer};
pub(crate) use trade::{TradeKind, trade};
