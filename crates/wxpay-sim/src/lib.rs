//! WeChat Pay's (微信支付) side of the wire, for tests and development: the sandbox that v3 never had.
//!
//! [`Platform`] is a state machine without I/O, clock or randomness: it takes a request and two clocks and gives the
//! answer. [`Simulator`] is an HTTPS server around it on 127.0.0.1 with a certificate authority of its own.
//!
//! It verifies every request as the real platform does, keeps orders, signs its answers, and can be told to have an
//! order paid ([`Platform::pay`]) or to misbehave ([`Fault`], by rule in a [`Scenario`]). It keeps books for the orders and refunds of merchants and
//! partners, combined orders, and their twins in v2, global and HK, for merchant transfers, profit
//! sharing, complaints and deductions by contract. Trade and fund-flow bills are made of them, a day after. What merchants
//! are to be told waits in an outbox ([`Platform::poll`]); whatever a call has changed can be stored as rows
//! ([`Platform::take_changes`]), and the platform be made of them again ([`Platform::restore`]).
//!
//! Every other documented operation is answered too, from the catalogue of `wxpay-types`: the request is held against
//! what is documented ([`Facts`]), and the answer is made of the documentation's types and examples, about the numbers
//! in the request. It is signed like any other, names its operation in the header `wxpay-sim-documented`, and nothing is
//! stored. A path that is not documented is refused by name.
//!
//! Where nothing is said, the simulator decides: a brand signs with its merchant's number and keys, by the brand's scheme,
//! and the retired v2 sandbox has a key of its own, which `getsignkey` gives out.
//!
//! ```
//! use wxpay_sim::Simulator;
//!
//! let simulator = Simulator::start()?;
//! let merchant = simulator.profile().merchant();
//! assert_eq!(merchant.id().as_str(), "1900007291");
//! assert!(simulator.base_url().to_string().starts_with("https://127.0.0.1:"));
//! # Ok::<(), std::io::Error>(())
//! ```

mod accounts;
mod asker;
mod bills;
mod certificates;
mod client_certificate;
mod clocks;
mod codepay;
mod complaint;
mod complaints;
mod contract;
mod contracts;
mod deduction_days;
mod documented;
mod explain;
mod fault;
mod faults;
mod handled;
mod ids;
mod journal;
#[cfg(feature = "disk")]
mod keys;
mod manner;
mod mention;
mod multipart;
mod notices;
mod order;
mod orders;
mod outbox;
mod pattern;
mod payer;
mod payments;
mod platform;
mod profile;
mod progress;
mod proof;
mod real_time;
mod refunds;
mod rule;
mod scenario;
mod server;
mod settings;
mod simulator;
mod split_progress;
mod split_returns;
mod splits;
#[cfg(feature = "disk")]
mod sqlite;
mod store;
#[cfg(test)]
mod tests;
mod transfer;
mod transfers;
mod trigger;
mod v2;
mod v3;
mod world;

pub use client_certificate::ClientCertificate;
pub use clocks::Clocks;
pub use complaint::{Complained, ComplaintError, ComplaintMove, Grievance, Trouble};
pub use contract::{ContractError, ContractRef, Contracted};
pub use documented::Facts;
pub use fault::Fault;
pub use handled::Handled;
#[cfg(feature = "disk")]
pub use keys::FolderError;
pub use manner::Manner;
pub use order::{OrderKind, OrderRef, PayError, Payer, RefundOutcome, RefundRef, SettleError};
pub use outbox::{Attempted, Delivery, DeliveryId, Notified, Reply};
pub use platform::{Ordered, Platform, Refunded, Ruled, Transferred};
pub use profile::{Merchant, PlatformIdentity, Profile, Role};
pub use rule::{Often, Rule};
pub use scenario::{Scenario, ScenarioError};
pub use server::{CONSOLE, CONTROL, Sender};
pub use settings::{
    NotificationKey, PlatformKeyMode, RefundShown, RepeatedClose, Rotation, Settings, Unruly,
};
pub use simulator::{Setup, Simulator};
pub use store::{Change, RestoreError};
pub use transfer::{TransferError, TransferOutcome, TransferRef};
pub use trigger::{EventDraft, TriggerError};
