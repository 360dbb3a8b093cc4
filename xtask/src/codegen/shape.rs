//! How a type of the catalogue appears in Rust.

use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field};

/// A Rust type, and how its values are read.
pub(super) struct Shape {
    /// The type of one value: `String`, `SubOrder`.
    pub(super) item: String,
    /// It is a list of them.
    pub(super) list: bool,
    /// An expression for the text of a borrowed value called `value`; none when there is no such form.
    pub(super) text: Option<&'static str>,
}

/// The shape of a field.
pub(super) fn shape(family: &Family, field: &Field, kind: &Kind) -> Shape {
    if let Kind::List(inner) = kind {
        return Shape {
            list: true,
            ..shape(family, field, inner)
        };
    }
    let (item, text) = match kind {
        Kind::Text if field.sensitive => ("proto::Sensitive".to_owned(), None),
        Kind::Text if is_time(field) => ("proto::TimeText".to_owned(), Some("value.as_str()")),
        Kind::Text => ("String".to_owned(), Some("value.as_str()")),
        Kind::Int => ("i64".to_owned(), Some("&value.to_string()")),
        Kind::Float => ("f64".to_owned(), Some("&value.to_string()")),
        Kind::Flag => ("bool".to_owned(), Some("&value.to_string()")),
        Kind::YesNo => ("crate::YesNo".to_owned(), Some("value.as_str()")),
        Kind::Any => ("serde_json::Value".to_owned(), None),
        Kind::File => ("proto::FilePart".to_owned(), None),
        Kind::Named(name) if family.enums.contains_key(name) => (name.clone(), Some("value.as_str()")),
        Kind::Named(name) => (name.clone(), None),
        Kind::Json(inner) => (
            format!("proto::JsonText<{}>", rust(inner)),
            Some("value.as_str()"),
        ),
        Kind::UrlEncoded(inner) => (
            format!("proto::UrlEncodedText<{}>", rust(inner)),
            Some("value.as_str()"),
        ),
        Kind::List(_) => (String::new(), None),
    };
    Shape {
        item,
        list: false,
        text,
    }
}

/// The Rust type of a value that stands inside another.
fn rust(kind: &Kind) -> String {
    match kind {
        Kind::List(inner) => format!("Vec<{}>", rust(inner)),
        Kind::Text => "String".to_owned(),
        Kind::Int => "i64".to_owned(),
        Kind::Float => "f64".to_owned(),
        Kind::Flag => "bool".to_owned(),
        Kind::YesNo => "crate::YesNo".to_owned(),
        Kind::Any => "serde_json::Value".to_owned(),
        Kind::File => "proto::FilePart".to_owned(),
        Kind::Named(name) => name.clone(),
        Kind::Json(inner) => format!("proto::JsonText<{}>", rust(inner)),
        Kind::UrlEncoded(inner) => format!("proto::UrlEncodedText<{}>", rust(inner)),
    }
}

/// Times that `TimeText` parses; a day alone is none.
fn is_time(field: &Field) -> bool {
    matches!(
        field.format.as_deref(),
        Some("rfc3339" | "datetime" | "yyyymmddhhmmss")
    )
}
