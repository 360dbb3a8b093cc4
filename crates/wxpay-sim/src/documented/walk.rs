//! Visits every documented value in an object.

use serde_json::Value;
use wxpay_types::schema::{Field, Kind, Schema};

/// Calls `visit` for every documented value that is neither an object nor a list, with its pointer. Texts that hold JSON
/// are visited as texts.
pub(super) fn leaves<E>(
    schema: &Schema,
    value: &mut Value,
    visit: &mut impl FnMut(&str, &Field, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    object("", schema, value, visit)
}

fn object<E>(
    at: &str,
    schema: &Schema,
    value: &mut Value,
    visit: &mut impl FnMut(&str, &Field, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    let Value::Object(members) = value else {
        return Ok(());
    };
    for field in &schema.fields {
        if let Some(member) = members.get_mut(&field.name) {
            each(&format!("{at}/{}", field.name), field, &field.kind, member, visit)?;
        }
    }
    Ok(())
}

fn each<E>(
    at: &str,
    field: &Field,
    kind: &Kind,
    value: &mut Value,
    visit: &mut impl FnMut(&str, &Field, &mut Value) -> Result<(), E>,
) -> Result<(), E> {
    match (kind, value) {
        (Kind::Object(schema), value) => object(at, schema, value, visit),
        (Kind::List(kind), Value::Array(elements)) => {
            for (number, element) in elements.iter_mut().enumerate() {
                each(&format!("{at}/{number}"), field, kind, element, visit)?;
            }
            Ok(())
        }
        (_, value) => visit(at, field, value),
    }
}
