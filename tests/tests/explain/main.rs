//! Why a signature fails: a cause is injected, and has to be found by name; nothing is claimed without proof.

#![expect(clippy::expect_used, reason = "a case that cannot be set up is a failed test")]

mod answers;
mod injected;
mod requests;
mod sent;
mod v2_messages;
