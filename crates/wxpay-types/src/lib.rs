//! WeChat Pay's (微信支付) documented operations as Rust types, generated from a catalogue.
//!
//! An operation is a plain value: every field is optional, has a setter of its own name, and can be stored as JSON
//! before it is sent. What is required is a check, never a type, because the documentation can be wrong.
//!
#![cfg_attr(all(feature = "v3-combine-transactions", feature = "table"), doc = "```")]
#![cfg_attr(
    not(all(feature = "v3-combine-transactions", feature = "table")),
    doc = "```text"
)]
//! use wxpay_proto::Operation;
//! use wxpay_types::v3::combine_transactions::{Close, CloseSubOrder};
//!
//! let close = Close::default()
//!     .combine_out_trade_no("P20150806125346")
//!     .combine_appid("wxd678efh567hg6787")
//!     .sub_orders([CloseSubOrder::default().mchid("1900000109").out_trade_no("20150806125346")]);
//!
//! assert_eq!(Close::META.path, "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close");
//! assert!(close.check().is_empty());
//!
//! let findings = Close::default().combine_out_trade_no("P20150806125346").check();
//! assert_eq!(findings[0].to_string(), "/combine_appid (合单商户appid): missing");
//! ```
//!
//! Modules [`v3`], [`v2`], [`global`] and [`hk`] hold one module per family, each behind a cargo feature of its name
//! (`v3-combine-transactions`); `full` is all of them. With the feature `table` (in the default set) the module `table`
//! has every documented operation at run time (`catalogue()`), whichever families are compiled in, and operations
//! check themselves against it. The feature `events` (in the default set) has the module `events`: what notifications are about.

#[cfg(feature = "table")]
pub mod check;
#[cfg(feature = "events")]
pub mod events;
pub mod global;
pub mod hk;
pub mod lenient;
#[doc(hidden)]
pub mod record;
#[cfg(feature = "table")]
pub mod schema;
pub mod secrets;
#[cfg(feature = "table")]
pub mod table;
pub mod v2;
pub mod v3;
mod yes_no;

#[cfg(feature = "table")]
pub use table::table as catalogue;
pub use yes_no::YesNo;
