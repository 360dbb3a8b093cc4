//! Why a signature fails: a cause is injected, and has to be found by name; nothing is claimed without proof.

mod answers;
mod requests;
mod v2_messages;
