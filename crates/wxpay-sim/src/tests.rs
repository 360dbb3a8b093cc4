//! The platform from outside, as a client sees it: signed by wxpay-proto, verified by wxpay-proto.

mod bad_input;
mod client;
mod combine;
mod documented;
mod faults;
mod global;
mod https;
mod parameters;
mod proxy;
mod signature;
mod v2;
mod wire;
