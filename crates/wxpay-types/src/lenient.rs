//! Reading what WeChat Pay sends, more leniently than it is documented.
//!
//! A field of the wrong kind must never turn a paid order into an error, so a value that cannot be read is left out;
//! the raw body keeps it. Numbers are taken for texts and the reverse, and nothing is read into a buffer first.
//!
//! These are the rules of the generated types. The functions are for `#[serde(deserialize_with = "…")]` in operations
//! of your own, which so keep the same rules.

mod scalar;

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{BoolDeserializer, F64Deserializer, I64Deserializer, MapAccessDeserializer};
use serde::de::value::{StrDeserializer, U64Deserializer};
use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

pub(crate) use scalar::Scalar;

/// A text; numbers and booleans become their text.
///
/// # Errors
/// What the format says of broken input; a value of another kind is no error.
pub fn text<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.into_text().map(T::from))
}

/// A text that says nothing when it is empty: a time, or one of several words.
///
/// # Errors
/// As for [`text`].
pub fn word<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Option<T>, D::Error> {
    let text = Scalar::deserialize(deserializer)?.into_text();
    Ok(text.filter(|text| !text.is_empty()).map(T::from))
}

/// A whole number; also the text of one, and a float that is whole.
///
/// # Errors
/// As for [`text`]. A text that is no number is left out.
pub fn int<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.as_int())
}

/// A number; also the text of one.
///
/// # Errors
/// As for [`text`]. A text that is no number is left out.
pub fn float<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.as_float())
}

/// A boolean; also `true`, `Y`, `1`, `false`, `N` and `0` as texts, and the numbers 1 and 0.
///
/// # Errors
/// As for [`text`]. Anything else is left out.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<bool>, D::Error> {
    Ok(Scalar::deserialize(deserializer)?.as_flag())
}

/// An object.
///
/// # Errors
/// As for [`text`].
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Object::deserialize(deserializer).map(|Object(value)| value)
}

/// A list of objects; one object alone is a list of one, and elements of another kind are left out.
///
/// # Errors
/// As for [`text`].
pub fn list<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(List(PhantomData::<(Object<T>, T)>))
}

/// A list of texts or words; one text alone is a list of one.
///
/// # Errors
/// As for [`text`].
pub fn texts<'de, D: Deserializer<'de>, T: From<String>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(List(PhantomData::<(Text<T>, T)>))
}

/// A list of whole numbers; one number alone is a list of one.
///
/// # Errors
/// As for [`text`].
pub fn ints<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i64>, D::Error> {
    deserializer.deserialize_any(List(PhantomData::<(Int, i64)>))
}

/// A list of anything; null is an empty one.
///
/// # Errors
/// As for [`text`].
pub fn any<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    deserializer.deserialize_any(List(PhantomData::<(Any<T>, T)>))
}

struct Text<T>(Option<T>);
struct Int(Option<i64>);
struct Object<T>(Option<T>);
struct Any<T>(Option<T>);

impl<'de, T: From<String>> Deserialize<'de> for Text<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        text(deserializer).map(Self)
    }
}

impl<'de> Deserialize<'de> for Int {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        int(deserializer).map(Self)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Any<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(|value| Self(Some(value)))
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ObjectVisitor(PhantomData)).map(Self)
    }
}

impl<T> From<Text<T>> for Option<T> {
    fn from(text: Text<T>) -> Self {
        text.0
    }
}

impl From<Int> for Option<i64> {
    fn from(int: Int) -> Self {
        int.0
    }
}

impl<T> From<Object<T>> for Option<T> {
    fn from(object: Object<T>) -> Self {
        object.0
    }
}

impl<T> From<Any<T>> for Option<T> {
    fn from(any: Any<T>) -> Self {
        any.0
    }
}

/// Scalars that say nothing where an object is expected.
macro_rules! nothing {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: Error>(self, _: $type) -> Result<Self::Value, E> {
            Ok(None)
        }
    )*};
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Option<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Option<T>, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    nothing! { visit_str(&str) visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) }
}

/// A visitor of lists whose elements are read as `W`.
struct List<W, T>(PhantomData<(W, T)>);

/// One value alone, where a list is expected.
macro_rules! alone {
    ($($method:ident($type:ty) $deserializer:ident;)*) => {$(
        fn $method<E: Error>(self, value: $type) -> Result<Self::Value, E> {
            Self::one($deserializer::new(value))
        }
    )*};
}

impl<'de, W: Deserialize<'de> + Into<Option<T>>, T> List<W, T> {
    fn one<D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        let value: Option<T> = W::deserialize(deserializer)?.into();
        Ok(value.into_iter().collect())
    }
}

impl<'de, W: Deserialize<'de> + Into<Option<T>>, T> Visitor<'de> for List<W, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut values = Vec::new();
        while let Some(element) = seq.next_element::<W>()? {
            values.extend(element.into());
        }
        Ok(values)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
        Self::one(MapAccessDeserializer::new(map))
    }

    fn visit_unit<E: Error>(self) -> Result<Vec<T>, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Vec<T>, E> {
        if text.is_empty() {
            Ok(Vec::new())
        } else {
            Self::one(StrDeserializer::new(text))
        }
    }

    alone! {
        visit_bool(bool) BoolDeserializer;
        visit_i64(i64) I64Deserializer;
        visit_u64(u64) U64Deserializer;
        visit_f64(f64) F64Deserializer;
    }
}

#[cfg(test)]
mod tests;
