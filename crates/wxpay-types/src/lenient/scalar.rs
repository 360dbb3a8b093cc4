//! One value of whatever kind, before it is decided what it means.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The member under which serde_json hands out numbers when its feature `arbitrary_precision` is on, which any crate
/// of a build can do to all others.
const NUMBER: &str = "$serde_json::private::Number";

#[derive(Debug, PartialEq)]
pub(crate) enum Scalar {
    /// Null, a list or an object.
    Nothing,
    Flag(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Scalar {
    pub(crate) fn into_text(self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Flag(value) => Some(value.to_string()),
            Self::Int(value) => Some(value.to_string()),
            // Beyond 2^53 the digits would be another number's.
            Self::Float(value) if value.abs() >= 9_007_199_254_740_992.0 => None,
            Self::Float(value) => Some(value.to_string()),
            Self::Text(text) => Some(text),
        }
    }

    pub(crate) fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            // Beyond 2^53 a float stands for several whole numbers.
            Self::Float(value) if value.fract() == 0.0 && value.abs() < 9_007_199_254_740_992.0 => {
                Some(*value as i64)
            }
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    pub(crate) fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            Self::Text(text) => text.trim().parse().ok().filter(|value: &f64| value.is_finite()),
            _ => None,
        }
    }

    pub(crate) fn as_flag(&self) -> Option<bool> {
        match self {
            Self::Flag(value) => Some(*value),
            Self::Int(1) => Some(true),
            Self::Int(0) => Some(false),
            Self::Text(text) => match text.trim() {
                "true" | "TRUE" | "True" | "Y" | "y" | "1" => Some(true),
                "false" | "FALSE" | "False" | "N" | "n" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }
}

impl Scalar {
    /// What does not fit is kept as a text, so that a large id loses nothing.
    pub(crate) fn of_u64(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Self::Text(value.to_string()), Self::Int)
    }

    /// An object, which says nothing unless it is a number.
    pub(crate) fn of_map<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut found = Self::Nothing;
        while let Some(key) = map.next_key::<String>()? {
            if key == NUMBER {
                let text: String = map.next_value()?;
                found = text
                    .parse()
                    .map(Self::Int)
                    .or_else(|_| text.parse().map(Self::Float))
                    .unwrap_or(Self::Nothing);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text, a number or a boolean")
    }

    fn visit_unit<E: Error>(self) -> Result<Scalar, E> {
        Ok(Scalar::Nothing)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Flag(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Scalar, E> {
        Ok(Scalar::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Scalar, E> {
        Ok(Scalar::of_u64(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Scalar, E> {
        Ok(Scalar::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Scalar, E> {
        Ok(Scalar::Text(text.to_owned()))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Scalar, E> {
        Ok(Scalar::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Scalar, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nothing)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Scalar, A::Error> {
        Scalar::of_map(map)
    }
}
