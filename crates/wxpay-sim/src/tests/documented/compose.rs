//! Requests made from the catalogue alone.

use serde_json::{Map, Value, json};
use wxpay_types::schema::{Field, Kind, OperationInfo, Schema};

/// Which fields a request has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those that somebody must give.
    Required,
    /// All of them, but for alternatives.
    All,
}

/// Parameters and members of the body side by side, encrypted fields in plaintext.
pub(super) fn request(info: &OperationInfo, extent: Extent) -> Value {
    Value::Object(object(&info.request, extent))
}

fn object(schema: &Schema, extent: Extent) -> Map<String, Value> {
    let mut members = Map::new();
    let mut groups = Vec::new();
    for field in &schema.fields {
        let one_of = field.one_of.as_deref();
        let wanted = match one_of {
            Some(group) if groups.contains(&group) => false,
            Some(group) => {
                groups.push(group);
                true
            }
            None => extent == Extent::All || field.required || !field.required_for.is_empty(),
        };
        if wanted && !matches!(field.kind, Kind::Any) {
            members.insert(field.name.clone(), value(field, &field.kind, extent));
        }
    }
    members
}

fn value(field: &Field, kind: &Kind, extent: Extent) -> Value {
    match kind {
        Kind::Object(schema) => Value::Object(object(schema, extent)),
        Kind::List(kind) => {
            let count = field.min_items.unwrap_or(1).max(1);
            (0..count).map(|_| value(field, kind, extent)).collect()
        }
        // A text that holds everything may be too long: what is required has to fit.
        Kind::Json(kind) => {
            let all = value(field, kind, extent).to_string();
            let fits = field
                .max_len
                .is_none_or(|limit| all.chars().count() <= limit as usize);
            if fits {
                all.into()
            } else {
                value(field, kind, Extent::Required).to_string().into()
            }
        }
        Kind::Int => number(field).into(),
        Kind::Float => json!(1.5),
        Kind::Flag => true.into(),
        Kind::Enum(known) => known[0].as_str().into(),
        _ => text(field).into(),
    }
}

fn number(field: &Field) -> i64 {
    let shown = field.values.first().or(field.example.as_ref());
    let shown: i64 = shown.and_then(|text| text.parse().ok()).unwrap_or(1);
    shown.clamp(field.min.unwrap_or(i64::MIN), field.max.unwrap_or(i64::MAX))
}

fn text(field: &Field) -> String {
    if let Some(value) = field.values.first() {
        return value.clone();
    }
    let limit = field.max_len.unwrap_or(64) as usize;
    let text = match (field.format.as_str(), &field.example) {
        _ if field.pattern.starts_with("[0-9]{6}") => "235959".to_owned(),
        _ if field.pattern.starts_with("[a-zA-Z0-9") => "no-1".to_owned(),
        _ if field.pattern.starts_with("\\d{8}") => "20250102".to_owned(),
        ("rfc3339", _) => "2025-01-02T03:04:05+08:00".to_owned(),
        ("datetime", _) => "2025-01-02 03:04:05".to_owned(),
        ("yyyymmddhhmmss", _) => "20250102030405".to_owned(),
        ("date", _) if limit < 10 => "20250102".to_owned(),
        // Of this day there are bills when the clock stands at its start.
        ("date", _) if field.name == "bill_date" => "2023-11-13".to_owned(),
        ("date", _) => "2025-01-02".to_owned(),
        ("digits" | "uint64", _) => "7".to_owned(),
        ("url" | "media_url", _) => "https://example.com/a".to_owned(),
        (_, Some(example)) if !field.sensitive => example.chars().filter(|c| c.len_utf8() < 4).collect(),
        _ => "甲".to_owned(),
    };
    let mut text: String = text.chars().take(limit).collect();
    if field.sensitive {
        while text.len() > limit {
            text.pop();
        }
    }
    while text.chars().count() < field.min_len.unwrap_or(1) as usize {
        text.push('0');
    }
    text
}
