//! The reader of all records.

use std::fmt;

use serde::Deserialize as _;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::Value;
use wxpay_proto::{AnswerBody, ParseError};

use super::{Objects, Record, Seen, Slot, quick};
use crate::lenient::Scalar;

/// Reads a record; members that it does not know are passed over.
///
/// # Errors
/// What the format says of broken input; an error as well when it is no object at all.
pub fn read<'de, D: Deserializer<'de>, T: Record + Default>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    deserializer.deserialize_map(Whole(&mut value))?;
    Ok(value)
}

/// Reads a record from the body of an answer, which is JSON.
///
/// # Errors
/// As [`AnswerBody::json`].
pub fn parse<T: Record + Default + DeserializeOwned>(body: &AnswerBody<'_>) -> Result<T, ParseError> {
    quick::read(body.bytes()).map_or_else(|| body.json(), Ok)
}

/// Whether a record was read from an object in which `member` is exactly `text`.
#[must_use]
pub fn repeats(record: &dyn Record, member: &str, text: &str) -> bool {
    let mut repeats = false;
    record.each(&mut |name, field| {
        if name == member {
            repeats = matches!(field.see(), Seen::Text(found) if found == text);
        }
    });
    repeats
}

struct Whole<'a>(&'a mut dyn Record);

impl<'de> Visitor<'de> for Whole<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill(self.0, map)
    }
}

fn fill<'de, A: MapAccess<'de>>(to: &mut dyn Record, mut map: A) -> Result<(), A::Error> {
    let names = to.names();
    // Members mostly come in the order in which they are documented: the next one is looked for behind the last.
    let mut next = 0;
    while let Some(place) = map.next_key_seed(Place { names, next })? {
        match place.and_then(|place| to.field_mut(place)) {
            Some(field) => map.next_value_seed(field.slot())?,
            None => {
                map.next_value::<IgnoredAny>()?;
            }
        }
        next = place.map_or(next, |place| place + 1);
    }
    Ok(())
}

/// Where a member's name stands among the names that are known.
struct Place {
    names: &'static [&'static str],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for Place {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Place {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let mut places = (self.next..self.names.len()).chain(0..self.next);
        Ok(places.find(|place| self.names.get(*place) == Some(&name)))
    }
}

impl<'de> DeserializeSeed<'de> for Slot<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self {
            Slot::Text(to) => {
                to.clear();
                if let Some(text) = Scalar::deserialize(deserializer)?.into_text() {
                    to.add(text);
                }
            }
            Slot::Word(to) => {
                to.clear();
                let text = Scalar::deserialize(deserializer)?.into_text();
                if let Some(text) = text.filter(|text| !text.is_empty()) {
                    to.add(text);
                }
            }
            Slot::Int(to) => *to = Scalar::deserialize(deserializer)?.as_int(),
            Slot::Float(to) => *to = Scalar::deserialize(deserializer)?.as_float(),
            Slot::Flag(to) => *to = Scalar::deserialize(deserializer)?.as_flag(),
            Slot::Texts(to) => {
                to.clear();
                let texts = scalars(deserializer)?.into_iter();
                texts.filter_map(Scalar::into_text).for_each(|text| to.add(text));
            }
            Slot::Ints(to) => *to = scalars(deserializer)?.iter().filter_map(Scalar::as_int).collect(),
            Slot::Floats(to) => {
                *to = scalars(deserializer)?
                    .iter()
                    .filter_map(Scalar::as_float)
                    .collect()
            }
            Slot::Flags(to) => {
                *to = scalars(deserializer)?
                    .iter()
                    .filter_map(Scalar::as_flag)
                    .collect()
            }
            Slot::Object(to) => {
                to.clear();
                deserializer.deserialize_any(Within { to, list: false })?;
            }
            Slot::Objects(to) => {
                to.clear();
                deserializer.deserialize_any(Within { to, list: true })?;
            }
            Slot::Any(to) => to
                .take(Value::deserialize(deserializer)?)
                .map_err(Error::custom)?,
        }
        Ok(())
    }
}

/// The scalars of a list; one alone is a list of one, and an empty text is none.
fn scalars<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Scalar>, D::Error> {
    deserializer.deserialize_any(Scalars)
}

struct Scalars;

impl<'de> Visitor<'de> for Scalars {
    type Value = Vec<Scalar>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(values)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Scalar::of_map(map).map(|value| vec![value])
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
        Ok(vec![Scalar::Flag(value)])
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
        Ok(vec![Scalar::Int(value)])
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
        Ok(vec![Scalar::of_u64(value)])
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
        Ok(vec![Scalar::Float(value)])
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        if text.is_empty() {
            Ok(Vec::new())
        } else {
            Ok(vec![Scalar::Text(text.to_owned())])
        }
    }
}

/// Objects where one is expected, or a list of them. A list where one is expected, and anything that is no object,
/// is left out; one object alone is a list of one.
struct Within<'a> {
    to: &'a mut dyn Objects,
    list: bool,
}

impl<'de> DeserializeSeed<'de> for Within<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// Scalars, which say nothing here.
macro_rules! nothing {
    ($($method:ident($type:ty))*) => {$(
        fn $method<E: Error>(self, _: $type) -> Result<(), E> {
            Ok(())
        }
    )*};
}

impl<'de> Visitor<'de> for Within<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        fill(self.to.add(), map)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if self.list {
            let to = self.to;
            while seq
                .next_element_seed(Within {
                    to: &mut *to,
                    list: false,
                })?
                .is_some()
            {}
        } else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
        }
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    nothing! { visit_str(&str) visit_bool(bool) visit_i64(i64) visit_u64(u64) visit_f64(f64) }
}
