//! JSON inside a string (a field such as v2's `sub_order_list`).

use std::fmt;
use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that holds a `T` as JSON.
///
/// The text is what is signed and sent, so it is kept exactly as given or read, and parsed on demand. Made from a
/// `T` with [`JsonText::new`], or from a text of your own with [`JsonText::raw`].
pub struct JsonText<T> {
    text: String,
    content: PhantomData<fn() -> T>,
}

impl<T> JsonText<T> {
    /// Takes a text as it is; whether it is JSON is not looked at.
    #[must_use]
    pub fn raw(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            content: PhantomData,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl<T: Serialize> JsonText<T> {
    /// Writes `value` as compact JSON.
    ///
    /// # Errors
    /// What `serde_json` says, when `value` has no JSON form.
    pub fn new(value: &T) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(Self::raw)
    }
}

impl<T: DeserializeOwned> JsonText<T> {
    /// Reads the text.
    ///
    /// # Errors
    /// What `serde_json` says, when the text is not JSON or has another shape than `T`.
    pub fn parse(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.text)
    }
}

impl<T> Clone for JsonText<T> {
    fn clone(&self) -> Self {
        Self::raw(self.text.clone())
    }
}

impl<T> PartialEq for JsonText<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for JsonText<T> {}

impl<T> fmt::Debug for JsonText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JsonText").field(&self.text).finish()
    }
}

impl<T> Serialize for JsonText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T> Deserialize<'de> for JsonText<T> {
    /// Reads a text. JSON that arrives unquoted, where a text is documented, is kept as its own text.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(match value {
            serde_json::Value::String(text) => Self::raw(text),
            other => Self::raw(other.to_string()),
        })
    }
}
