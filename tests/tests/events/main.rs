//! Events: what notifications are about, held against the catalogue, and from the wire to the type.

#![expect(clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod dispatch;
mod every;
mod facts;
mod messages;
mod variations;
mod wire;
