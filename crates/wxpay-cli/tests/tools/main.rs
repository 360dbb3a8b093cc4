//! The commands for files at hand, run as a user runs them, on the published vectors and on fixtures of their own.

#![expect(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

mod bill;
mod decrypt;
mod doctor;
mod explain;
mod front_end;
mod front_end_members;
mod secrets;
mod sign;
mod vectors;
mod verify;
mod world;
