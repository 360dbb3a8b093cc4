//! `wxpay sim` as it is built: started, killed, started again.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a simulator that cannot be run is a failed test"
)]

mod crash;
mod flood;
mod killed;
mod running;
mod scenario;
mod started;
