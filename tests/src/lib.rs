//! Helpers shared by the tests: the vectors, their keys, the journey in a few words, and what the fuzzers call.

pub mod cases;
pub mod fuzz;
pub mod journey;
pub mod keys;
pub mod vectors;
