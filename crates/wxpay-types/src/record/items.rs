//! What a field can hold.

use serde::Deserialize;
use serde_json::Value;
use wxpay_proto::{FilePart, JsonText, Sensitive, TimeText, UrlEncodedText};

use super::{Anything, Elements, Item, Objects, Record, Seen, Slot, Texts};
use crate::{YesNo, record};

/// An item: what it is, where one goes, where several go.
macro_rules! item {
    ($($kind:ty: $value:ident => $seen:expr, $one:ident, $many:ident;)*) => {$(
        impl Item for $kind {
            fn see(&self) -> Seen<'_> {
                let $value = self;
                $seen
            }

            fn slot(to: &mut Option<Self>) -> Slot<'_> {
                Slot::$one(to)
            }

            fn slots(to: &mut Vec<Self>) -> Slot<'_> {
                Slot::$many(to)
            }
        }
    )*};
}

item! {
    String: text => Seen::Text(text), Text, Texts;
    TimeText: time => Seen::Text(time.as_str()), Word, Texts;
    Sensitive: value => Seen::Sensitive(value), Text, Texts;
    i64: number => Seen::Int(*number), Int, Ints;
    f64: number => Seen::Float(*number), Float, Floats;
    bool: flag => Seen::Flag(*flag), Flag, Flags;
    Value: value => Seen::Any(value), Any, Any;
    FilePart: file => Seen::File(file), Any, Any;
    wxpay_proto::v2::Fields: fields => Seen::Fields(fields), Any, Any;
}

record::word!(YesNo);

impl<T> Item for JsonText<T> {
    fn see(&self) -> Seen<'_> {
        Seen::Text(self.as_str())
    }

    fn slot(to: &mut Option<Self>) -> Slot<'_> {
        Slot::Any(to)
    }

    fn slots(to: &mut Vec<Self>) -> Slot<'_> {
        Slot::Any(to)
    }
}

impl<T> Item for UrlEncodedText<T> {
    fn see(&self) -> Seen<'_> {
        Seen::Text(self.as_str())
    }

    fn slot(to: &mut Option<Self>) -> Slot<'_> {
        Slot::Text(to)
    }

    fn slots(to: &mut Vec<Self>) -> Slot<'_> {
        Slot::Texts(to)
    }
}

impl<T: Record + Default> Item for T {
    fn see(&self) -> Seen<'_> {
        Seen::Object(self)
    }

    fn slot(to: &mut Option<Self>) -> Slot<'_> {
        Slot::Object(to)
    }

    fn slots(to: &mut Vec<Self>) -> Slot<'_> {
        Slot::Objects(to)
    }
}

impl<T: Item> Elements for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, number: usize) -> Seen<'_> {
        self.get(number).map_or(Seen::Nothing, T::see)
    }
}

impl<T: From<String> + for<'a> From<&'a str>> Texts for Option<T> {
    fn clear(&mut self) {
        *self = None;
    }

    fn add(&mut self, text: String) {
        *self = Some(text.into());
    }

    fn put(&mut self, text: &str) {
        *self = Some(text.into());
    }
}

impl<T: From<String> + for<'a> From<&'a str>> Texts for Vec<T> {
    fn clear(&mut self) {
        self.clear();
    }

    fn add(&mut self, text: String) {
        self.push(text.into());
    }

    fn put(&mut self, text: &str) {
        self.clear();
        self.push(text.into());
    }
}

impl<T: Record + Default> Objects for Option<T> {
    fn clear(&mut self) {
        *self = None;
    }

    fn add(&mut self) -> &mut dyn Record {
        self.insert(T::default())
    }
}

impl<T: Record + Default> Objects for Vec<T> {
    fn clear(&mut self) {
        self.clear();
    }

    fn add(&mut self) -> &mut dyn Record {
        let last = self.len();
        self.push(T::default());
        &mut self[last]
    }
}

impl<T: for<'de> Deserialize<'de>> Anything for Option<T> {
    fn take(&mut self, value: Value) -> Result<(), serde_json::Error> {
        *self = serde_json::from_value(value)?;
        Ok(())
    }
}

impl<T: for<'de> Deserialize<'de>> Anything for Vec<T> {
    /// One value alone is a list of one; null and the empty text are none.
    fn take(&mut self, value: Value) -> Result<(), serde_json::Error> {
        let values = match value {
            Value::Null => Vec::new(),
            Value::String(text) if text.is_empty() => Vec::new(),
            Value::Array(values) => values,
            alone => vec![alone],
        };
        *self = values
            .into_iter()
            .map(serde_json::from_value)
            .collect::<Result<_, _>>()?;
        Ok(())
    }
}
