//! Files that say what goes wrong: a seed, and rules.

mod error;
mod plan;
mod read;

pub use error::ScenarioError;
pub use plan::Scenario;
pub(crate) use read::rule;
