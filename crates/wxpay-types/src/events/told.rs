//! Telling apart what shares a type.

use std::any::Any;
use std::borrow::Cow;
use std::cell::OnceCell;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};

use super::raw::{Raw, Unknown};
use crate::record::{Record, quick};

/// What an event of v3 can be about: one of the structs of [`v3`](super::v3).
pub trait Resource: Any {}

/// What came with an event, and questions about its shape.
pub(super) struct Told<'a> {
    original_type: Option<&'a str>,
    plaintext: &'a [u8],
    members: OnceCell<Vec<Name<'a>>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(original_type: Option<&'a str>, plaintext: &'a [u8]) -> Self {
        Self {
            original_type,
            plaintext,
            members: OnceCell::new(),
        }
    }

    /// Whether `resource.original_type` says this.
    pub(super) fn is(&self, original_type: &str) -> bool {
        self.original_type == Some(original_type)
    }

    /// Whether the object has this member, and not as null.
    pub(super) fn has(&self, member: &str) -> bool {
        let members = self.members.get_or_init(|| {
            let members = self.json::<Members<'a>>();
            members.map(|Members(names)| names).unwrap_or_default()
        });
        members.iter().any(|Name(name)| name == member)
    }

    /// Reads the object. A list is none, though serde would take it for one.
    pub(super) fn object<T: Record + Default + Deserialize<'a>>(&self) -> Option<Box<T>> {
        if let Some(value) = quick::read(self.plaintext) {
            return Some(Box::new(value));
        }
        let first = self.plaintext.iter().find(|byte| !byte.is_ascii_whitespace())?;
        if *first != b'{' {
            return None;
        }
        self.json().ok()
    }

    /// Looked at once, UTF-8 is told faster than text by text; a broken byte in a member that nobody reads is let be.
    fn json<T: Deserialize<'a>>(&self) -> Result<T, serde_json::Error> {
        match std::str::from_utf8(self.plaintext) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(self.plaintext),
        }
    }

    pub(super) fn raw(&self) -> Raw {
        Raw::new(self.plaintext)
    }

    pub(super) fn unknown(&self, event_type: &str) -> Unknown {
        Unknown::new(event_type, self.raw())
    }
}

/// A member's name, borrowed where that is possible.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

/// The names of an object's members that are not null.
struct Members<'a>(Vec<Name<'a>>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;

        impl<'de> Visitor<'de> for Names {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut names = Vec::new();
                while let Some((name, value)) = map.next_entry::<Name<'de>, Option<IgnoredAny>>()? {
                    if value.is_some() {
                        names.push(name);
                    }
                }
                Ok(Members(names))
            }
        }

        deserializer.deserialize_map(Names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_seen_unless_they_are_null() {
        let told = Told::new(Some("a"), br#" {"b":{"c":1},"d":null,"e":false} "#);
        assert!(told.has("b") && told.has("e"));
        assert!(!told.has("c") && !told.has("d"));
        assert!(told.is("a") && !told.is("b"));
    }

    #[test]
    fn only_an_object_is_read() {
        let read = |text: &str| {
            let told = Told::new(None, text.as_bytes());
            assert!(!told.has("b"), "{text}");
            told.object::<super::super::v3::PaymentResource>().is_some()
        };
        assert!(read(" {}"));
        for text in ["", "[]", "null", "\"b\"", "{", "{\"a\":1}x"] {
            assert!(!read(text), "{text}");
        }
    }
}
