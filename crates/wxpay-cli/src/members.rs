//! Members of a document, set one by one from the command line, each in the form that its schema says.

use std::sync::Arc;

use serde_json::{Map, Value};
use wxpay_types::schema::{Kind, Schema};

use crate::ended::NotSent;

/// One `--set name=value`.
#[derive(Debug)]
pub(crate) struct Set<'a> {
    name: &'a str,
    steps: Vec<String>,
    text: &'a str,
}

impl<'a> Set<'a> {
    /// Reads `amount.total=1`, `/amount/total=1`, or a member whose very name it is.
    pub(crate) fn read(set: &'a str, schema: &Schema) -> Result<Self, NotSent> {
        let (name, text) = set
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| NotSent::new(format!("--set {set}: wanted is name=value")))?;
        let steps = match name.strip_prefix('/') {
            _ if schema.field(name).is_some() => vec![name.to_owned()],
            Some(pointer) => {
                let steps = pointer.split('/');
                steps
                    .map(|step| step.replace("~1", "/").replace("~0", "~"))
                    .collect()
            }
            None => name.split('.').map(str::to_owned).collect(),
        };
        Ok(Self { name, steps, text })
    }

    /// Puts the value into its place.
    pub(crate) fn put(&self, document: &mut Value, schema: &Arc<Schema>) -> Result<(), NotSent> {
        let steps: Vec<&str> = self.steps.iter().map(String::as_str).collect();
        put(document, &Kind::Object(schema.clone()), &steps, self.text)
            .map_err(|problem| NotSent::new(format!("--set {}: {problem}", self.name)))
    }

    /// As the user knows it.
    pub(crate) fn shown(&self) -> String {
        format!("--set {}", self.name)
    }

    /// Refuses a member that the schema does not have, and names those that are most like it.
    pub(crate) fn check(&self, schema: &Arc<Schema>) -> Result<(), String> {
        let mut kind = Kind::Object(schema.clone());
        for (index, step) in self.steps.iter().enumerate() {
            kind = match kind {
                Kind::Json(inner) | Kind::List(inner) => match *inner {
                    // The element's number, or of JSON in a text the list's.
                    Kind::List(inner) => *inner,
                    inner if step.parse::<usize>().is_ok() => inner,
                    inner => member(&inner, step, &self.steps[..index])?,
                },
                kind => member(&kind, step, &self.steps[..index])?,
            };
        }
        Ok(())
    }
}

/// How many similar names an error tells.
const SIMILAR: usize = 5;

fn member(kind: &Kind, step: &str, before: &[String]) -> Result<Kind, String> {
    let Kind::Object(schema) = kind else {
        return Ok(Kind::Any);
    };
    if let Some(field) = schema.field(step) {
        return Ok(field.kind.clone());
    }
    let mut names: Vec<&str> = schema.fields.iter().map(|field| field.name.as_str()).collect();
    // Most alike first; a sort that keeps the documentation's order among equals.
    names.sort_by(|a, b| strsim::jaro_winkler(b, step).total_cmp(&strsim::jaro_winkler(a, step)));
    let left = names.len().saturating_sub(SIMILAR);
    names.truncate(SIMILAR);
    let place = if before.is_empty() {
        "the document".to_owned()
    } else {
        format!("`{}`", before.join("."))
    };
    let more = if left == 0 {
        String::new()
    } else {
        format!(" and {left} more")
    };
    Err(format!(
        "{place} has no member `{step}`; it has {}{more}",
        names.join(", ")
    ))
}

fn put(value: &mut Value, kind: &Kind, steps: &[&str], text: &str) -> Result<(), String> {
    let Some((first, rest)) = steps.split_first() else {
        *value = typed(kind, text)?;
        return Ok(());
    };
    match kind {
        Kind::Json(inner) => {
            if let Value::String(held) = &*value {
                *value = serde_json::from_str(held)
                    .map_err(|error| format!("the value so far is no JSON: {error}"))?;
            }
            put(value, inner, steps, text)
        }
        Kind::List(element) => put_element(value, element, first, rest, text),
        Kind::Any if value.is_array() => put_element(value, &Kind::Any, first, rest, text),
        Kind::Object(_) | Kind::Any => {
            let member = match kind {
                Kind::Object(schema) => schema.field(first).map_or(&Kind::Any, |field| &field.kind),
                _ => &Kind::Any,
            };
            if value.is_null() {
                *value = Value::Object(Map::new());
            }
            let members = value.as_object_mut().ok_or("the value so far is no object")?;
            let inner = members.entry((*first).to_owned()).or_insert(Value::Null);
            put(inner, member, rest, text)
        }
        _ => Err(format!("`{first}` cannot stand within a plain value")),
    }
}

fn put_element(value: &mut Value, kind: &Kind, index: &str, rest: &[&str], text: &str) -> Result<(), String> {
    if value.is_null() {
        *value = Value::Array(Vec::new());
    }
    let elements = value.as_array_mut().ok_or("the value so far is no list")?;
    let count = elements.len();
    let index: usize = index
        .parse()
        .map_err(|_| format!("`{index}` is no number of an element; the first is 0"))?;
    if index > count {
        return Err(format!(
            "there are {count} elements so far, so the next one is {count}"
        ));
    }
    if index == count {
        elements.push(Value::Null);
    }
    put(&mut elements[index], kind, rest, text)
}

/// A text from the command line as a value of its kind.
fn typed(kind: &Kind, text: &str) -> Result<Value, String> {
    let wanted = |what: &str| format!("{text:?} is not {what}");
    match kind {
        Kind::Int => text
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| wanted("a whole number")),
        Kind::Float => {
            let number: serde_json::Number = text.parse().map_err(|_| wanted("a number"))?;
            Ok(Value::Number(number))
        }
        Kind::Flag => text
            .parse::<bool>()
            .map(Value::from)
            .map_err(|_| wanted("true or false")),
        Kind::Object(_) => json_of(text, Value::is_object, "an object as JSON"),
        Kind::List(_) => json_of(text, Value::is_array, "a list as JSON"),
        _ => Ok(Value::String(text.to_owned())),
    }
}

fn json_of(text: &str, fits: fn(&Value) -> bool, what: &str) -> Result<Value, String> {
    let value: Option<Value> = serde_json::from_str(text).ok();
    value
        .filter(fits)
        .ok_or_else(|| format!("wanted is {what}, or set its parts one by one"))
}

/// Makes texts of values that the message holds as JSON in a text, and leaves nulls out, which no request has.
pub(crate) fn written(value: Value, kind: &Kind) -> Value {
    match (kind, value) {
        (Kind::Json(_), value @ (Value::String(_) | Value::Null)) => value,
        (Kind::Json(inner), value) => Value::String(written(value, inner).to_string()),
        (Kind::List(element), Value::Array(elements)) => elements
            .into_iter()
            .map(|value| written(value, element))
            .collect(),
        (Kind::Object(schema), Value::Object(members)) => {
            let given = members.into_iter().filter(|(_, value)| !value.is_null());
            let members = given.map(|(name, value)| {
                let kind = schema.field(&name).map_or(&Kind::Any, |field| &field.kind);
                (name, written(value, kind))
            });
            Value::Object(members.collect())
        }
        (_, value) => value,
    }
}
