//! Named texts in an order of their own, and a signature among them.

use std::borrow::Cow;
use std::fmt;

use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::front_end::{ParameterError, query, text};
use crate::v2::canonical;

/// Named texts in the order in which they are handed over. Serde writes them as one flat object.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(Vec<(Cow<'static, str>, String)>);

impl Pairs {
    /// Adds a text that may not be empty.
    pub(super) fn with(
        mut self,
        name: &'static str,
        value: impl Into<String>,
    ) -> Result<Self, ParameterError> {
        self.0.push((Cow::Borrowed(name), text(name, value)?));
        Ok(self)
    }

    /// Adds a text that was looked at before.
    pub(super) fn push(&mut self, name: impl Into<Cow<'static, str>>, value: String) {
        self.0.push((name.into(), value));
    }

    /// The message of all of them.
    pub(super) fn message(&self) -> String {
        canonical::message(self.iter())
    }

    /// The texts with their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, value.as_str()))
    }

    /// The text of this name, if there is one.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter()
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    }

    /// `name=value&…`, with percent-encoded values.
    #[must_use]
    pub fn query(&self) -> String {
        query(self.iter())
    }
}

impl Serialize for Pairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// A signed link for the user to open. Its text is the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    address: &'static str,
    pub(super) pairs: Pairs,
    fragment: &'static str,
}

impl Link {
    pub(super) fn new(address: &'static str, pairs: Pairs, fragment: &'static str) -> Self {
        Self {
            address,
            pairs,
            fragment,
        }
    }

    /// The parameters in it, signature included, as they were signed: not percent-encoded.
    #[must_use]
    pub fn parameters(&self) -> &Pairs {
        &self.pairs
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}?{}{}", self.address, self.pairs.query(), self.fragment)
    }
}

/// Written as the address.
impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
