//! How much of what is said of a field is certain.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

/// How much of what is said of a field an official page or SDK states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Sure {
    /// Nothing: whoever goes against it is warned.
    #[default]
    Nothing,
    /// `"required"`: that it has to be given. SDKs state little else.
    Required,
    /// `true`: that, and every limit.
    Everything,
}

impl Sure {
    /// The word for it in tables, empty when there is nothing to say.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "",
            Self::Required => "required",
            Self::Everything => "everything",
        }
    }
}

impl<'de> Deserialize<'de> for Sure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Said)
    }
}

struct Said;

impl Visitor<'_> for Said {
    type Value = Sure;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or \"required\"")
    }

    fn visit_bool<E: de::Error>(self, all: bool) -> Result<Sure, E> {
        Ok(if all { Sure::Everything } else { Sure::Nothing })
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Sure, E> {
        match word {
            "required" => Ok(Sure::Required),
            other => Err(E::invalid_value(de::Unexpected::Str(other), &self)),
        }
    }
}
