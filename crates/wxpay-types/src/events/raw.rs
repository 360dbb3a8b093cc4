//! What is kept as it arrived.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// JSON that no type is known for, as it arrived.
#[derive(Clone, PartialEq, Eq)]
pub struct Raw(Box<str>);

impl Raw {
    pub(super) fn new(plaintext: &[u8]) -> Self {
        Self(String::from_utf8_lossy(plaintext).into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Reads it as a type of your own.
    ///
    /// # Errors
    /// What `serde_json` says, when it has another shape.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

/// The text is left out: it may hold personal data.
impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Raw({} bytes)", self.0.len())
    }
}

/// Written as the JSON that it is; what is none is written as a text.
impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serde_json::from_str::<&RawValue>(&self.0) {
            Ok(json) => json.serialize(serializer),
            Err(_) => serializer.serialize_str(&self.0),
        }
    }
}

/// An event of a type that is not known, or whose resource is no object.
///
/// It cannot be made outside, and the variant for it is hidden: code that matches on an unknown event would break on
/// the day that it becomes known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    event_type: Box<str>,
    raw: Raw,
}

impl Unknown {
    pub(super) fn new(event_type: &str, raw: Raw) -> Self {
        Self {
            event_type: event_type.into(),
            raw,
        }
    }

    /// Its type, as it arrived.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What it is about, as it arrived.
    #[must_use]
    pub fn raw(&self) -> &Raw {
        &self.raw
    }
}
