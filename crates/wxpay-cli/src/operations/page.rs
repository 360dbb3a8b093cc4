//! One operation with everything that is documented of it.

use std::io::Write;

use serde_json::{Value, json};
use wxpay_types::schema::{Field, Kind, OperationInfo, Returns, Schema};

use super::facts;
use crate::ended::NotSent;

/// Objects within objects are told down to this depth.
const DEPTH: usize = 8;

/// For people.
pub(super) fn write(info: &OperationInfo, out: &mut dyn Write) -> Result<(), NotSent> {
    writeln!(out, "{}  {}", info.name, info.label)?;
    writeln!(out, "{} https://{}{}", info.method, info.host, info.path)?;
    writeln!(out, "effect: {}", facts::effect(info.effect))?;
    if !info.roles.is_empty() {
        writeln!(out, "for: {}", info.roles.join(", "))?;
    }
    for standing in facts::standing(info) {
        writeln!(out, "{standing}")?;
    }
    if info.client_certificate {
        writeln!(out, "needs the merchant's client certificate (双向证书)")?;
    }
    if let Some(field) = &info.idempotent_by {
        writeln!(out, "the same request by: {field}")?;
    }
    if let Some(query) = &info.settled_by {
        writeln!(out, "an unknown outcome is settled by: {}", query.operation)?;
    }
    let status: Vec<String> = info.status.iter().map(u16::to_string).collect();
    writeln!(out, "answers: {}", status.join(", "))?;
    writeln!(out, "\nrequest:")?;
    fields(&info.request, true, 1, out)?;
    match &info.response {
        _ if info.returns == Returns::File => writeln!(out, "\nanswer: a file")?,
        Some(schema) => {
            writeln!(out, "\nanswer:")?;
            fields(schema, false, 1, out)?;
        }
        None => writeln!(out, "\nanswer: empty")?,
    }
    if !info.docs.is_empty() {
        writeln!(out, "\nofficial pages:")?;
        for page in &info.docs {
            writeln!(out, "  {page}")?;
        }
    }
    Ok(())
}

fn fields(schema: &Schema, places: bool, depth: usize, out: &mut dyn Write) -> Result<(), NotSent> {
    let indent = "  ".repeat(depth);
    for field in &schema.fields {
        write!(out, "{indent}{}", field.name)?;
        if places {
            write!(out, " ({})", facts::place(field.place))?;
        }
        let mut told = vec![facts::kind(&field.kind)];
        told.extend(facts::conditions(field));
        for (name, value) in facts::limits(field) {
            told.push(format!("{}: {}", name.replace('_', " "), bare(&value)));
        }
        told.extend(field.default.as_ref().map(|text| format!("otherwise {text}")));
        told.extend(field.example.as_ref().map(|text| format!("such as {text}")));
        let label = if field.label.is_empty() {
            String::new()
        } else {
            format!("{}; ", field.label)
        };
        writeln!(out, ": {label}{}", told.join("; "))?;
        if let Some(inner) = inner(&field.kind).filter(|_| depth < DEPTH) {
            fields(inner, false, depth + 1, out)?;
        }
    }
    Ok(())
}

/// Texts without quotes, lists with commas.
fn bare(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(elements) => elements.iter().map(bare).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// The object within a kind.
fn inner(kind: &Kind) -> Option<&Schema> {
    match kind {
        Kind::Object(schema) => Some(schema),
        Kind::List(kind) | Kind::Json(kind) => inner(kind),
        _ => None,
    }
}

/// For machines.
pub(super) fn json(info: &OperationInfo) -> Value {
    let mut page = facts::json(info);
    page["host"] = info.host.as_str().into();
    page["client_certificate"] = info.client_certificate.into();
    page["idempotent_by"] = info.idempotent_by.clone().into();
    page["settled_by"] = info
        .settled_by
        .as_ref()
        .map(|query| query.operation.clone())
        .into();
    page["status"] = info.status.clone().into();
    page["file"] = (info.returns == Returns::File).into();
    page["request"] = schema_json(&info.request, true, 1);
    page["response"] = info
        .response
        .as_ref()
        .map_or(Value::Null, |schema| schema_json(schema, false, 1));
    page["docs"] = info.docs.clone().into();
    page
}

fn schema_json(schema: &Schema, places: bool, depth: usize) -> Value {
    let fields = schema.fields.iter();
    fields.map(|field| field_json(field, places, depth)).collect()
}

fn field_json(field: &Field, places: bool, depth: usize) -> Value {
    let mut told = json!({
        "name": field.name,
        "label": field.label,
        "type": facts::kind(&field.kind),
        "required": field.required,
        "required_for": field.required_for,
        "one_of": field.one_of,
        "sensitive": field.sensitive,
        "deprecated": field.deprecated,
        "limits": facts::limits(field),
        "default": field.default,
        "example": field.example,
    });
    if places {
        told["place"] = facts::place(field.place).into();
    }
    if let Some(inner) = inner(&field.kind).filter(|_| depth < DEPTH) {
        told["fields"] = schema_json(inner, false, depth + 1);
    }
    told
}
