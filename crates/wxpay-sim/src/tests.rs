//! The platform from outside, as a client sees it: signed by wxpay-proto, verified by wxpay-proto.

mod bad_input;
mod bill;
mod bill_money;
mod bodies;
mod certificates;
mod client;
mod combine;
mod complaint;
mod complaint_picture;
mod control;
mod delivery;
mod documented;
mod faults;
mod global;
mod global_money;
mod https;
#[cfg(feature = "disk")]
mod keys;
mod money;
mod notify;
mod parameters;
mod pay;
mod profit_sharing;
mod profit_sharing_money;
mod proxy;
mod refund;
mod restored;
mod rules;
mod scenario;
mod sealed;
mod signature;
mod steps;
mod transfer;
mod v2;
mod v2_pay;
mod wire;
