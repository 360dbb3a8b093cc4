//! What notifications (回调通知) are about.
//!
//! [`v3::Event`] is everything that a notification of v3 can be, and always can be made: a type that is new, or a
//! resource of another shape than documented, keeps its JSON. [`v2`] has the flat messages and what is encrypted in
//! them.
//!
//! ```
//! use wxpay_types::events::v3::{Event, Transaction};
//!
//! let plaintext = r#"{"mchid":"1900007291","out_trade_no":"P1","amount":{"total":100}}"#;
//! // Usually `Event::from(&opened)`, with the core's opened notification.
//! match Event::read("TRANSACTION.SUCCESS", Some("transaction"), plaintext.as_bytes()) {
//!     Event::TransactionSuccess(Transaction::Payment(payment)) => {
//!         assert_eq!(payment.out_trade_no.as_deref(), Some("P1"));
//!     }
//!     Event::TransactionSuccess(Transaction::CombinePayment(_)) => unreachable!("it has no combine_out_trade_no"),
//!     other => println!("{}: {:?}", other.event_type(), other.raw()),
//! }
//! ```
//!
//! One thing can have several types. [`v3::Event::resource`] asks for the thing:
//!
//! ```
//! use wxpay_types::events::v3::{Event, ProfitsharingResource};
//!
//! let plaintext = br#"{"order_id":"30","receiver":{"account":"1900000100","amount":888}}"#;
//! for event_type in ["PROFITSHARING", "PROFITSHARING.SUCCESS", "TRANSACTION.SUCCESS"] {
//!     let event = Event::read(event_type, None, plaintext);
//!     let share = event.resource::<ProfitsharingResource>().expect("profit sharing");
//!     assert_eq!(share.order_id.as_deref(), Some("30"));
//! }
//! ```

mod info;
mod raw;
mod told;
pub mod v2;
pub mod v3;

pub use info::EventInfo;
pub use raw::{Raw, Unknown};
pub use told::Resource;
