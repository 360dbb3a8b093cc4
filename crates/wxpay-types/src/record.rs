//! How generated types are read and written: each lists its fields, and one reader and one writer serve them all.
//!
//! A derived reader and writer for each of some three thousand types would take a compiler many gigabytes; a list of
//! fields takes next to nothing. The rules are those of [`lenient`](crate::lenient). For generated code: nothing here
//! is kept stable for anybody else.

mod items;
pub(crate) mod quick;
mod read;
mod write;

use serde_json::Value;
use wxpay_proto::{FilePart, Sensitive};

pub use read::{parse, read, repeats};
pub use write::write;

pub use crate::{__record_fields as fields, __record_word as word};

/// A type made of named fields.
pub trait Record {
    /// Shows the fields by their names in the message, in their order.
    fn each<'a>(&'a self, show: &mut dyn FnMut(&'static str, &'a dyn Field));

    /// The names, in that order.
    fn names(&self) -> &'static [&'static str];

    /// The field of a name, by the name's place among [`names`](Self::names), to be filled.
    fn field_mut(&mut self, place: usize) -> Option<&mut dyn Field>;
}

/// A field: a value that may be missing, or a list.
pub trait Field {
    /// What it holds.
    fn see(&self) -> Seen<'_>;

    /// Where to put what it is to hold.
    fn slot(&mut self) -> Slot<'_>;
}

/// What a field holds one or several of.
pub trait Item: Sized {
    /// What it is.
    fn see(&self) -> Seen<'_>;

    /// Where one goes.
    fn slot(to: &mut Option<Self>) -> Slot<'_>;

    /// Where several go.
    fn slots(to: &mut Vec<Self>) -> Slot<'_>;
}

impl<T: Item> Field for Option<T> {
    fn see(&self) -> Seen<'_> {
        self.as_ref().map_or(Seen::Nothing, T::see)
    }

    fn slot(&mut self) -> Slot<'_> {
        T::slot(self)
    }
}

impl<T: Item> Field for Vec<T> {
    fn see(&self) -> Seen<'_> {
        if self.is_empty() {
            Seen::Nothing
        } else {
            Seen::List(self)
        }
    }

    fn slot(&mut self) -> Slot<'_> {
        T::slots(self)
    }
}

/// A value to be written.
#[expect(
    missing_debug_implementations,
    reason = "it is made to be written, and never shown"
)]
#[non_exhaustive]
pub enum Seen<'a> {
    /// None, which is not written.
    Nothing,
    /// A text.
    Text(&'a str),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A boolean.
    Flag(bool),
    /// A value that must be sealed.
    Sensitive(&'a Sensitive),
    /// A file.
    File(&'a FilePart),
    /// Anything.
    Any(&'a Value),
    /// Fields of which nothing is known.
    Fields(&'a wxpay_proto::v2::Fields),
    /// An object.
    Object(&'a dyn Record),
    /// A list.
    List(&'a dyn Elements),
}

/// A place to be filled. What was there before goes.
#[expect(
    missing_debug_implementations,
    reason = "it is made to be filled, and never shown"
)]
#[non_exhaustive]
pub enum Slot<'a> {
    /// For a text; it may be empty.
    Text(&'a mut dyn Texts),
    /// For a text that says nothing when it is empty.
    Word(&'a mut dyn Texts),
    /// For texts.
    Texts(&'a mut dyn Texts),
    /// For a whole number.
    Int(&'a mut Option<i64>),
    /// For whole numbers.
    Ints(&'a mut Vec<i64>),
    /// For a number.
    Float(&'a mut Option<f64>),
    /// For numbers.
    Floats(&'a mut Vec<f64>),
    /// For a boolean.
    Flag(&'a mut Option<bool>),
    /// For booleans.
    Flags(&'a mut Vec<bool>),
    /// For an object.
    Object(&'a mut dyn Objects),
    /// For objects.
    Objects(&'a mut dyn Objects),
    /// For anything.
    Any(&'a mut dyn Anything),
}

/// The elements of a list.
pub trait Elements {
    /// How many there are.
    fn count(&self) -> usize;

    /// One of them.
    fn at(&self, number: usize) -> Seen<'_>;
}

/// One text, or several.
pub trait Texts {
    /// Takes out what is there.
    fn clear(&mut self);

    /// Puts one in.
    fn add(&mut self, text: String);

    /// Puts this one in, and takes out what was there.
    fn put(&mut self, text: &str);
}

/// One object, or several.
pub trait Objects {
    /// Takes out what is there.
    fn clear(&mut self);

    /// Puts an empty one in, to be filled.
    fn add(&mut self) -> &mut dyn Record;
}

/// Whatever is given, or a part of it.
pub trait Anything {
    /// Takes it.
    ///
    /// # Errors
    /// What is wrong with it.
    fn take(&mut self, value: Value) -> Result<(), serde_json::Error>;
}

/// A record, from the list of its fields. Like everything that is generated and not generic it is `#[inline]`: what
/// nobody uses is not compiled, which with a thousand operations matters.
#[doc(hidden)]
#[macro_export]
macro_rules! __record_fields {
    ($name:ident { $($field:ident: $member:literal),* $(,)? }) => {
        impl record::Record for $name {
            #[inline]
            fn each<'a>(&'a self, show: &mut dyn FnMut(&'static str, &'a dyn record::Field)) {
                // A record without fields shows none.
                let _ = &show;
                $(show($member, &self.$field);)*
            }

            #[inline]
            fn names(&self) -> &'static [&'static str] {
                &[$($member),*]
            }

            #[inline]
            fn field_mut(&mut self, place: usize) -> Option<&mut dyn record::Field> {
                // Counted while it is compiled: one jump is left of it.
                let before = 0;
                $(
                    if place == before {
                        return Some(&mut self.$field);
                    }
                    let before = before + 1;
                )*
                let _ = (place, before);
                None
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                record::write(self, serializer)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                record::read(deserializer)
            }
        }
    };
}

/// One of several words as an item.
#[doc(hidden)]
#[macro_export]
macro_rules! __record_word {
    ($name:ident) => {
        impl record::Item for $name {
            fn see(&self) -> record::Seen<'_> {
                record::Seen::Text(self.as_str())
            }

            fn slot(to: &mut Option<Self>) -> record::Slot<'_> {
                record::Slot::Word(to)
            }

            fn slots(to: &mut Vec<Self>) -> record::Slot<'_> {
                record::Slot::Texts(to)
            }
        }
    };
}

#[cfg(test)]
mod tests;
