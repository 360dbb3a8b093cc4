//! Helpers shared by the tests: the vectors, their keys, the journey in a few words, and what the fuzzers call.

pub mod cases;
pub mod fuzz;
pub mod journey;
pub mod keys;
pub mod vectors;

/// The guide: its examples are compiled as documentation tests.
#[cfg(doctest)]
#[doc = include_str!("../../docs/guide/first-call.md")]
#[derive(Debug)]
pub struct FirstCall;
