//! What v2's fields are read from: an object in JSON's sense that borrows its texts.

use std::collections::BTreeMap;

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde_json::{Error, Value};

/// A value that borrows.
#[derive(Clone, Debug)]
pub(crate) enum Node<'a> {
    Text(&'a str),
    Object(Vec<(&'a str, Self)>),
    List(Vec<Self>),
    Nested(&'a Value),
}

impl<'a> Node<'a> {
    /// A list of objects, in the order of their numbers.
    pub(super) fn list(rows: BTreeMap<u32, Vec<(&'a str, Self)>>) -> Self {
        Self::List(rows.into_values().map(Node::Object).collect())
    }

    /// The same as a value of its own.
    pub(crate) fn into_value(self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.to_owned()),
            Self::Object(members) => {
                let members = members.into_iter();
                Value::Object(
                    members
                        .map(|(name, node)| (name.to_owned(), node.into_value()))
                        .collect(),
                )
            }
            Self::List(nodes) => Value::Array(nodes.into_iter().map(Node::into_value).collect()),
            Self::Nested(value) => value.clone(),
        }
    }
}

/// Whatever is rarely asked for is answered as `Value` does.
macro_rules! as_value {
    ($($method:ident($($name:ident: $kind:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self $(, $name: $kind)*, visitor: V) -> Result<V::Value, Error> {
            self.into_value().$method($($name,)* visitor)
        }
    )*};
}

/// What is asked for by its form, which a text, an object and a list tell by themselves.
macro_rules! as_it_is {
    ($($method:ident($($kind:ty),*);)*) => {$(
        fn $method<V: Visitor<'de>>(self $(, _: $kind)*, visitor: V) -> Result<V::Value, Error> {
            self.deserialize_any(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Text(text) => visitor.visit_borrowed_str(text),
            Self::Object(members) => {
                let mut members = MapDeserializer::new(members.into_iter());
                let value = visitor.visit_map(&mut members)?;
                members.end()?;
                Ok(value)
            }
            Self::List(nodes) => {
                let mut nodes = SeqDeserializer::new(nodes.into_iter());
                let value = visitor.visit_seq(&mut nodes)?;
                nodes.end()?;
                Ok(value)
            }
            Self::Nested(value) => value.deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Nested(value) => value.deserialize_option(visitor),
            other => visitor.visit_some(other),
        }
    }

    as_it_is! {
        deserialize_str(); deserialize_string(); deserialize_map(); deserialize_seq(); deserialize_identifier();
        deserialize_struct(&'static str, &'static [&'static str]); deserialize_ignored_any();
    }

    as_value! {
        deserialize_bool(); deserialize_char(); deserialize_bytes(); deserialize_byte_buf(); deserialize_unit();
        deserialize_i8(); deserialize_i16(); deserialize_i32(); deserialize_i64(); deserialize_i128();
        deserialize_u8(); deserialize_u16(); deserialize_u32(); deserialize_u64(); deserialize_u128();
        deserialize_f32(); deserialize_f64();
        deserialize_unit_struct(name: &'static str); deserialize_newtype_struct(name: &'static str);
        deserialize_tuple(len: usize); deserialize_tuple_struct(name: &'static str, len: usize);
        deserialize_enum(name: &'static str, variants: &'static [&'static str]);
    }
}

impl<'de> IntoDeserializer<'de, Error> for Node<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
