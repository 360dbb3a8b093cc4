//! What the `type` of a field says.

use std::fmt;

/// A type, as the catalogue writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the workspace's own tasks are its only users"
)]
pub enum Kind {
    /// `string`.
    Text,
    /// `int`.
    Int,
    /// `float`.
    Float,
    /// `bool`.
    Flag,
    /// `yn`: the texts Y and N.
    YesNo,
    /// `file`: bytes in a multipart body.
    File,
    /// `any`: unknown.
    Any,
    /// An object or enumeration of the same file.
    Named(String),
    /// `[T]`.
    List(Box<Self>),
    /// `json:T`: a text that holds T as JSON.
    Json(Box<Self>),
    /// `urlencoded:T`: a text that holds T as a query string.
    UrlEncoded(Box<Self>),
}

impl Kind {
    /// Reads a type.
    ///
    /// # Errors
    /// A message when the text is no type.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(inner) = text.strip_prefix("json:") {
            return Self::parse(inner).map(|kind| Self::Json(Box::new(kind)));
        }
        if let Some(inner) = text.strip_prefix("urlencoded:") {
            return Self::parse(inner).map(|kind| Self::UrlEncoded(Box::new(kind)));
        }
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return match Self::parse(inner)? {
                Self::List(_) => Err(format!("`{text}`: a list of lists has no form")),
                kind => Ok(Self::List(Box::new(kind))),
            };
        }
        Ok(match text {
            "string" => Self::Text,
            "int" => Self::Int,
            "float" => Self::Float,
            "bool" => Self::Flag,
            "yn" => Self::YesNo,
            "file" => Self::File,
            "any" => Self::Any,
            name if is_type_name(name) => Self::Named(name.to_owned()),
            _ => return Err(format!("`{text}` is no type")),
        })
    }

    /// The object or enumeration at the bottom, if there is one.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Named(name) => Some(name),
            Self::List(inner) | Self::Json(inner) | Self::UrlEncoded(inner) => inner.name(),
            _ => None,
        }
    }

    /// Whether the value stands in the message itself, rather than inside a text.
    #[must_use]
    pub fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Json(_) | Self::UrlEncoded(_))
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text => f.write_str("string"),
            Self::Int => f.write_str("int"),
            Self::Float => f.write_str("float"),
            Self::Flag => f.write_str("bool"),
            Self::YesNo => f.write_str("yn"),
            Self::File => f.write_str("file"),
            Self::Any => f.write_str("any"),
            Self::Named(name) => f.write_str(name),
            Self::List(inner) => write!(f, "[{inner}]"),
            Self::Json(inner) => write!(f, "json:{inner}"),
            Self::UrlEncoded(inner) => write!(f, "urlencoded:{inner}"),
        }
    }
}

/// `SubOrder`, but not `string`.
pub(crate) fn is_type_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.chars().all(|c| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read_and_written() {
        for text in [
            "string",
            "int",
            "yn",
            "[SubOrder]",
            "json:[SubOrder]",
            "json:Order",
            "urlencoded:Order",
            "[any]",
        ] {
            assert_eq!(Kind::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Kind::parse("json:[SubOrder]").unwrap().name(), Some("SubOrder"));
    }

    #[test]
    fn what_is_no_type_is_refused() {
        for text in ["", "String_", "text", "[int", "[[int]]", "json:", "sub order"] {
            assert!(Kind::parse(text).is_err(), "{text}");
        }
    }
}
