//! WeChat Pay's keys, merchants' keys and who holds them, over real sockets: client and simulator, TLS between them.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the finding"
)]

mod rotation;
mod signing;
mod storage;
mod store;
mod support;
