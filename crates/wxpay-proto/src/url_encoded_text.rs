//! A query string inside a string (v2's `risk_info`).

use std::fmt;
use std::marker::PhantomData;

use percent_encoding::{percent_decode_str, utf8_percent_encode};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::draft::ESCAPED;
use crate::error::ParseError;

/// A text that holds a `T` as a query string, percent-encoded as a whole: `name=value` pairs are joined by `&` first and
/// encoded afterwards, `posttime%3D123%26mobile%3D122`, as the official pages of red packets have it.
///
/// The text is what is signed and sent, so it is kept exactly as given or read, and parsed on demand. Made from a
/// `T` with [`UrlEncodedText::new`], or from a text of your own with [`UrlEncodedText::raw`].
pub struct UrlEncodedText<T> {
    text: String,
    content: PhantomData<fn() -> T>,
}

impl<T> UrlEncodedText<T> {
    /// Takes a text as it is.
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

impl<T: Serialize> UrlEncodedText<T> {
    /// Joins the members of `value` that are not empty, and encodes the whole.
    ///
    /// # Errors
    /// [`ParseError`] when `value` is no object of plain values, or a value holds `&`, for which this form has no
    /// escape.
    pub fn new(value: &T) -> Result<Self, ParseError> {
        let value = serde_json::to_value(value).map_err(|error| ParseError::new(error.to_string()))?;
        let Value::Object(members) = value else {
            return Err(ParseError::new(
                "a query string is made of named members".to_owned(),
            ));
        };
        let mut pairs = Vec::with_capacity(members.len());
        for (name, value) in members {
            let text = match value {
                Value::Null => continue,
                Value::String(text) if text.is_empty() => continue,
                Value::String(text) => text,
                Value::Number(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Array(_) | Value::Object(_) => {
                    return Err(ParseError::new(format!(
                        "{name}: only plain values stand in a query string"
                    )));
                }
            };
            if text.contains('&') {
                return Err(ParseError::new(format!(
                    "{name}: a value with & would be taken for two"
                )));
            }
            pairs.push(format!("{name}={text}"));
        }
        Ok(Self::raw(
            utf8_percent_encode(&pairs.join("&"), ESCAPED).to_string(),
        ))
    }
}

impl<T: DeserializeOwned> UrlEncodedText<T> {
    /// Reads the text. One whose pairs were encoded each by itself is read as well.
    ///
    /// # Errors
    /// [`ParseError`] when the text is not UTF-8, or has another shape than `T`.
    pub fn parse(&self) -> Result<T, ParseError> {
        let whole = if self.text.contains('=') {
            self.text.clone()
        } else {
            decoded(&self.text)?
        };
        let mut members = Map::new();
        for pair in whole.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = if whole == self.text {
                decoded(value)?
            } else {
                value.to_owned()
            };
            members.insert(name.to_owned(), value.into());
        }
        serde_json::from_value(Value::Object(members)).map_err(|error| ParseError::new(error.to_string()))
    }
}

/// As forms are decoded: a plus is a blank.
fn decoded(text: &str) -> Result<String, ParseError> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded
        .map(|text| text.into_owned())
        .map_err(|error| ParseError::new(error.to_string()))
}

impl<T> Clone for UrlEncodedText<T> {
    fn clone(&self) -> Self {
        Self::raw(self.text.clone())
    }
}

impl<T> PartialEq for UrlEncodedText<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl<T> Eq for UrlEncodedText<T> {}

impl<T> fmt::Debug for UrlEncodedText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("UrlEncodedText").field(&self.text).finish()
    }
}

impl<T> From<&str> for UrlEncodedText<T> {
    fn from(text: &str) -> Self {
        Self::raw(text)
    }
}

impl<T> From<String> for UrlEncodedText<T> {
    fn from(text: String) -> Self {
        Self::raw(text)
    }
}

impl<T> Serialize for UrlEncodedText<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de, T> Deserialize<'de> for UrlEncodedText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::open_enum::__text(deserializer).map(Self::raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default)]
    struct Risk {
        posttime: String,
        mobile: String,
        deviceid: String,
        clientversion: Option<String>,
    }

    /// The example of the official page.
    const OFFICIAL: &str =
        "posttime%3d123123412%26clientversion%3d234134%26mobile%3d122344545%26deviceid%3dIOS";

    fn risk() -> Risk {
        Risk {
            posttime: "123123412".to_owned(),
            mobile: "122344545".to_owned(),
            deviceid: "IOS".to_owned(),
            clientversion: Some("234134".to_owned()),
        }
    }

    #[test]
    fn the_official_example_is_read_and_kept() {
        let text = UrlEncodedText::<Risk>::raw(OFFICIAL);
        assert_eq!(text.parse().unwrap(), risk());
        assert_eq!(serde_json::to_value(&text).unwrap(), OFFICIAL);
        let read: UrlEncodedText<Risk> = serde_json::from_value(OFFICIAL.into()).unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn what_is_made_is_encoded_as_a_whole_and_comes_back() {
        let mut risk = risk();
        risk.clientversion = None;
        risk.deviceid = "单 a=b+c%".to_owned();
        let text = UrlEncodedText::new(&risk).unwrap();
        assert!(!text.as_str().contains(['=', '&', '+', ' ']), "{text:?}");
        assert!(!text.as_str().contains("clientversion"));
        assert_eq!(text.parse().unwrap(), risk);
        risk.mobile = String::new();
        assert!(!UrlEncodedText::new(&risk).unwrap().as_str().contains("mobile"));
        risk.mobile = "1&2".to_owned();
        assert!(
            UrlEncodedText::new(&risk)
                .unwrap_err()
                .to_string()
                .contains("mobile")
        );
        assert!(UrlEncodedText::new(&vec![1]).is_err());
        assert!(UrlEncodedText::new(&serde_json::json!({ "a": [1] })).is_err());
    }

    #[test]
    fn pairs_that_were_encoded_one_by_one_are_read() {
        let text = UrlEncodedText::<Risk>::raw("posttime=1&deviceid=a%26b+c&mobile");
        let read = text.parse().unwrap();
        assert_eq!((read.posttime.as_str(), read.deviceid.as_str()), ("1", "a&b c"));
        assert_eq!(UrlEncodedText::<Risk>::raw("").parse().unwrap(), Risk::default());
        assert!(UrlEncodedText::<Risk>::raw("%ff").parse().is_err());
    }
}
