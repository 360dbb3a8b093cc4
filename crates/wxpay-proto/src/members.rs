//! Serialises the members of a struct except some of them.
//!
//! An operation is one flat struct of path, query, header and body parameters. Its serde form holds all of them, so
//! that it can be stored; the body that is sent must hold the body's members only, since v3 refuses unknown ones.

use serde::ser::{Error, Impossible, Serialize, SerializeMap, SerializeStruct, Serializer};

/// `value` without the members in `skip`.
pub(crate) struct Members<'a, T> {
    value: &'a T,
    skip: &'a [&'a str],
}

impl<'a, T> Members<'a, T> {
    pub(crate) fn new(value: &'a T, skip: &'a [&'a str]) -> Self {
        Self { value, skip }
    }
}

impl<T: Serialize> Serialize for Members<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Filter {
            inner: serializer,
            skip: self.skip,
        })
    }
}

/// Passes a struct or a map on, member by member, and refuses everything else.
struct Filter<'a, S> {
    inner: S,
    skip: &'a [&'a str],
}

/// The members of the struct or map on their way.
struct FilterMembers<'a, M> {
    inner: M,
    skip: &'a [&'a str],
}

impl<M: SerializeMap> SerializeStruct for FilterMembers<'_, M> {
    type Ok = M::Ok;
    type Error = M::Error;

    fn serialize_field<T: ?Sized + Serialize>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), M::Error> {
        if self.skip.contains(&name) {
            Ok(())
        } else {
            self.inner.serialize_entry(name, value)
        }
    }

    fn end(self) -> Result<M::Ok, M::Error> {
        self.inner.end()
    }
}

macro_rules! refuse {
    ($($method:ident($($type:ty),*);)*) => {$(
        fn $method(self $(, _: $type)*) -> Result<Self::Ok, Self::Error> {
            Err(Error::custom("a request body is a struct with named members"))
        }
    )*};
}

impl<'a, S: Serializer> Serializer for Filter<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Impossible<S::Ok, S::Error>;
    type SerializeTuple = Impossible<S::Ok, S::Error>;
    type SerializeTupleStruct = Impossible<S::Ok, S::Error>;
    type SerializeTupleVariant = Impossible<S::Ok, S::Error>;
    type SerializeMap = Impossible<S::Ok, S::Error>;
    type SerializeStruct = FilterMembers<'a, S::SerializeMap>;
    type SerializeStructVariant = Impossible<S::Ok, S::Error>;

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, S::Error> {
        // The number of members is not passed on: some of them will be left out.
        Ok(FilterMembers {
            inner: self.inner.serialize_map(None)?,
            skip: self.skip,
        })
    }

    refuse! {
        serialize_bool(bool); serialize_i8(i8); serialize_i16(i16); serialize_i32(i32); serialize_i64(i64);
        serialize_u8(u8); serialize_u16(u16); serialize_u32(u32); serialize_u64(u64); serialize_f32(f32);
        serialize_f64(f64); serialize_char(char); serialize_str(&str); serialize_bytes(&[u8]); serialize_none();
        serialize_unit(); serialize_unit_struct(&'static str);
        serialize_unit_variant(&'static str, u32, &'static str);
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members, not a list",
        ))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members, not a tuple",
        ))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members, not a tuple",
        ))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members, not an enum",
        ))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members; send a map as bytes",
        ))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        Err(Error::custom(
            "a request body is a struct with named members, not an enum",
        ))
    }
}
