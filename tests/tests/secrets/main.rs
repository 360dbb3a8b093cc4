//! Nothing secret is written anywhere, whatever a shop's calls and notifications come to: no log line of any crate, no error,
//! no `Debug`, no file. And the search that says so finds what is put before it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the finding"
)]

mod listening;
mod planted;
mod search;
mod shop;
mod world;
