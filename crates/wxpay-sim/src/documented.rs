//! What the catalogue says of every operation, at work: holding requests against it, and making answers from it.
//!
//! Neither v3 nor v2 is known here: both hand in a [`Request`] and put what comes out into their own form.

mod answer;
mod asker;
mod check;
mod facts;
mod files;
mod form;
mod likeness;
mod plausible;
mod problem;
mod request;
mod route;
mod seal;
mod sealed;
mod times;
mod walk;

pub(crate) use answer::{answer, unasked};
pub(crate) use asker::Asker;
pub(crate) use check::check;
pub use facts::Facts;
pub(crate) use files::{file, is_ours};
pub(crate) use problem::{Location, Problem, ProblemKind};
pub(crate) use request::Request;
pub(crate) use route::route;
pub(crate) use seal::seal;
pub(crate) use sealed::open;
