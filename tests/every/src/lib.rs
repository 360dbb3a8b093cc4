//! Every generated operation, held against the catalogue that it was generated from.
//!
//! [`registry`] lists the generated types; [`catalogue`] reads the facts, and everything that is expected comes from
//! them: [`compose`] and [`ask`] make values, [`sent`] reads what was written, [`compare`] tells what was lost, and
//! [`answer`] and [`mutate`] make answers as documented and as they might be one day.

pub mod answer;
pub mod ask;
pub mod catalogue;
pub mod compare;
pub mod compose;
pub mod entry;
pub mod flat;
pub mod got;
pub mod mutate;
pub mod registry;
pub mod sent;
pub mod side;
