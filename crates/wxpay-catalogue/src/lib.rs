//! Reads and checks the catalogue of WeChat Pay's operations; for the workspace's own tasks and tests.
//!
//! The steps are apart: [`model`] and [`events`] say what a file holds, [`read`] reads it, [`check`] finds what cannot
//! be right, and [`name`] decides how things are called in Rust.

pub mod check;
pub mod columns;
pub mod diff;
pub mod events;
pub mod kind;
pub mod model;
pub mod name;
mod problem;
pub mod read;
mod sure;

pub use problem::Problem;
