//! v2's flat fields: lists of objects as numbered fields, and back, written here a second time.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::compose::text_of;

/// Named texts, as they stand in XML.
pub type Fields = BTreeMap<String, String>;

/// The fields of an object whose lists have `$n` and `$m` in their members' names.
///
/// # Panics
/// When a value has no flat form.
#[must_use]
pub fn fields(object: &Map<String, Value>) -> Fields {
    let mut fields = Fields::new();
    add(object, &[], &mut fields);
    fields
}

fn add(object: &Map<String, Value>, numbers: &[usize], fields: &mut Fields) {
    for (name, value) in object {
        match value {
            Value::Array(rows) => {
                for (number, row) in rows.iter().enumerate() {
                    let numbers = [numbers, &[number]].concat();
                    assert!(row.is_object() || row.is_null(), "{name} has no flat form");
                    if let Some(row) = row.as_object() {
                        add(row, &numbers, fields);
                    }
                }
            }
            Value::Null => {}
            value => {
                assert!(!value.is_object(), "{name} has no flat form");
                let mut name = name.clone();
                for (placeholder, number) in ["$n", "$m"].iter().zip(numbers) {
                    name = name.replace(placeholder, &number.to_string());
                }
                fields.insert(name, text_of(value));
            }
        }
    }
}
