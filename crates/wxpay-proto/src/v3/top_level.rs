//! A few members of an answer, without reading the rest of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The texts of these members of an object, in their order; numbers as they are written. Of a body that is no JSON object
/// there are none: reading it as the answer fails on its own.
pub(super) fn texts(body: &str, names: &[&str]) -> Vec<Option<String>> {
    let mut found: Vec<Option<&RawValue>> = vec![None; names.len()];
    let mut reader = serde_json::Deserializer::from_str(body);
    let wanted = Wanted {
        names,
        found: &mut found,
    };
    if reader
        .deserialize_map(wanted)
        .and_then(|()| reader.end())
        .is_err()
    {
        return vec![None; names.len()];
    }
    found.into_iter().map(|value| text(value?.get())).collect()
}

fn text(value: &str) -> Option<String> {
    match serde_json::from_str(value) {
        Ok(Value::String(text)) => Some(text),
        // Its own digits: an order number has 28, more than any number type keeps.
        Ok(Value::Number(_)) => Some(value.to_owned()),
        _ => None,
    }
}

/// Takes the members that are wanted; of one that stands twice, the last.
struct Wanted<'a, 'de> {
    names: &'a [&'a str],
    found: &'a mut [Option<&'de RawValue>],
}

impl<'de> Visitor<'de> for Wanted<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(place) = map.next_key_seed(Place(self.names))? {
            match place.and_then(|place| self.found.get_mut(place)) {
                Some(found) => *found = Some(map.next_value()?),
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Where a name stands among those that are wanted.
struct Place<'a>(&'a [&'a str]);

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Place<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<usize>, E> {
        Ok(self.0.iter().position(|wanted| *wanted == name))
    }
}
