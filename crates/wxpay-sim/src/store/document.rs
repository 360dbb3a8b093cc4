//! JSON kept as text.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// JSON as text: it takes a fraction of the memory of its tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Document(Box<str>);

impl Document {
    pub(crate) fn new(value: &Value) -> Self {
        Self(value.to_string().into())
    }

    pub(crate) fn value(&self) -> Value {
        // Invariant: `new` wrote it; `null` for a row that somebody has written by hand.
        serde_json::from_str(&self.0).unwrap_or_default()
    }

    /// Whether both say the same, whatever the order of their members.
    pub(crate) fn says(&self, other: &Self) -> bool {
        self == other || self.value() == other.value()
    }
}
