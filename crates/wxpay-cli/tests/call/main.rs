//! Calls by name, run as a user runs them, against a simulator.

#![expect(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

mod orders;
mod outcomes;
mod pages;
mod places;
mod proofs;
mod server;
mod shown;
mod uploads;
mod world;
