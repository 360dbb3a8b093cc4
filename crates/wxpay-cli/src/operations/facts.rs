//! The facts of operations and fields, in words and as JSON.

use serde_json::{Map, Value, json};
use wxpay_proto::Effect;
use wxpay_types::schema::{Field, Kind, OperationInfo, Place};

pub(crate) fn effect(effect: Effect) -> &'static str {
    match effect {
        Effect::Read => "read",
        Effect::Write => "write",
        // What is not known better is taken to move money.
        _ => "money",
    }
}

pub(super) fn place(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
        Place::Form => "form",
        _ => "body",
    }
}

/// What speaks against using an operation.
pub(crate) fn standing(info: &OperationInfo) -> Vec<String> {
    let deprecated = info.deprecated.then(|| "deprecated".to_owned());
    let closed = info.closed.as_deref().map(|day| format!("closed {day}"));
    deprecated.into_iter().chain(closed).collect()
}

/// An operation on one line.
pub(super) fn json(info: &OperationInfo) -> Value {
    json!({
        "name": info.name,
        "method": info.method,
        "path": info.path,
        "label": info.label,
        "family": info.family,
        "roles": info.roles,
        "effect": effect(info.effect),
        "deprecated": info.deprecated,
        "closed": info.closed,
    })
}

/// The name of a kind, `list of Amount`.
pub(super) fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Int => "whole number".to_owned(),
        Kind::Float => "number".to_owned(),
        Kind::Flag => "boolean".to_owned(),
        Kind::Time => "time".to_owned(),
        Kind::Enum(known) => format!("one of {}", known.join(", ")),
        Kind::Object(_) => "object".to_owned(),
        Kind::List(element) => format!("list of {}", self::kind(element)),
        Kind::File => "file".to_owned(),
        Kind::Json(inner) => format!("JSON text of {}", self::kind(inner)),
        _ => "anything".to_owned(),
    }
}

/// When a field has to be given, and how it stands otherwise.
pub(super) fn conditions(field: &Field) -> Vec<String> {
    let mut facts = Vec::new();
    if field.required {
        facts.push("required".to_owned());
    } else if !field.required_for.is_empty() {
        facts.push(format!("required for {}", field.required_for.join(", ")));
    }
    if let Some(group) = &field.one_of {
        facts.push(format!("one of the group {group}"));
    }
    if field.sensitive {
        facts.push("encrypted in transit".to_owned());
    }
    if field.fill.is_some() {
        facts.push("taken from the file when it is left out".to_owned());
    }
    if field.deprecated {
        facts.push("deprecated".to_owned());
    }
    facts
}

/// The limits of a field as name and value.
pub(super) fn limits(field: &Field) -> Map<String, Value> {
    let mut limits = Map::new();
    let mut limit = |name: &str, value: Option<i64>| {
        if let Some(value) = value {
            limits.insert(name.to_owned(), value.into());
        }
    };
    limit("min_length", field.min_len.map(i64::from));
    limit("max_length", field.max_len.map(i64::from));
    limit("min", field.min);
    limit("max", field.max);
    limit("min_items", field.min_items.map(i64::from));
    limit("max_items", field.max_items.map(i64::from));
    if !field.values.is_empty() {
        limits.insert("values".to_owned(), field.values.clone().into());
    }
    for (name, text) in [("format", &field.format), ("pattern", &field.pattern)] {
        if !text.is_empty() {
            limits.insert(name.to_owned(), text.clone().into());
        }
    }
    limits
}
