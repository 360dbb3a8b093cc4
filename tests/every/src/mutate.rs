//! Answers as they might be one day: members gone, added, null, or of another kind.

use serde_json::{Map, Value, json};

/// What becomes of one value.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a test's own list")]
pub enum Change {
    /// It is left out.
    Drop,
    /// It is null.
    Null,
    /// Another text, which an enumeration does not know.
    Text(String),
    /// A number.
    Number(i64),
    /// A fraction.
    Fraction(f64),
    /// A boolean.
    Flag(bool),
    /// A number or boolean is spelled as a text.
    AsText,
    /// A text of digits is spelled as a number.
    AsNumber,
    /// A list is its first element alone.
    Alone,
    /// An object of unknown members.
    Object,
    /// A list of anything.
    List,
    /// An object has one more member, with this value.
    More(Value),
}

/// Where the values stand, as JSON pointers: the whole, and everything in it.
#[must_use]
pub fn pointers(value: &Value) -> Vec<String> {
    let mut found = vec![String::new()];
    collect(value, "", &mut found);
    found
}

fn collect(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut one = |name: &str, value: &Value| {
        let at = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        collect(value, &at, found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| one(name, value)),
        Value::Array(elements) => {
            for (number, value) in elements.iter().enumerate() {
                one(&number.to_string(), value);
            }
        }
        _ => {}
    }
}

/// Makes a change; nothing when an earlier one has taken the value away. The whole can only have more members.
pub fn change(value: &mut Value, at: &str, change: &Change) {
    if at.is_empty() && !matches!(change, Change::More(_)) {
        return;
    }
    if matches!(change, Change::Drop) {
        drop_at(value, at);
        return;
    }
    let Some(found) = value.pointer_mut(at) else {
        return;
    };
    let new = match change {
        Change::Drop => return,
        Change::Null => Value::Null,
        Change::Text(text) => json!(text),
        Change::Number(number) => json!(number),
        Change::Fraction(number) => json!(number),
        Change::Flag(flag) => json!(flag),
        Change::Object => json!({ "new_member": { "a": [1] } }),
        Change::List => json!([{ "new_member": 1 }, "文", 3, null]),
        Change::AsText if found.is_number() || found.is_boolean() => json!(found.to_string()),
        Change::AsNumber => match found.as_str().and_then(|text| text.parse::<i64>().ok()) {
            Some(number) => json!(number),
            None => return,
        },
        Change::Alone => match found.as_array().and_then(|elements| elements.first()) {
            Some(first) => first.clone(),
            None => return,
        },
        Change::More(value) => {
            if let Some(members) = found.as_object_mut() {
                members.insert("new_member".to_owned(), value.clone());
            }
            return;
        }
        Change::AsText => return,
    };
    *found = new;
}

fn drop_at(value: &mut Value, at: &str) {
    let Some((owner, name)) = at.rsplit_once('/') else {
        return;
    };
    match value.pointer_mut(owner) {
        Some(Value::Object(members)) => {
            members.remove(&name.replace("~1", "/").replace("~0", "~"));
        }
        Some(Value::Array(elements)) => {
            if let Some(number) = name.parse().ok().filter(|number| *number < elements.len()) {
                elements.remove(number);
            }
        }
        _ => {}
    }
}

/// The members of an object.
#[must_use]
pub fn members(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
