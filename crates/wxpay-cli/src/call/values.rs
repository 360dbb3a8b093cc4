//! The values of a call: a JSON object, single values from the command line, each in the form that the table says.

use serde_json::{Map, Value};
use wxpay_types::schema::{Kind, OperationInfo};

use crate::ended::NotSent;

/// Puts the values together: what `sets` say goes over what `json` says.
pub(super) fn gather(
    info: &OperationInfo,
    json: Option<&str>,
    sets: &[String],
) -> Result<Map<String, Value>, NotSent> {
    let mut values = match json {
        Some(text) => serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|error| NotSent::new(format!("--json: this is no JSON: {error}")))?,
        None => Value::Object(Map::new()),
    };
    if !values.is_object() {
        return Err(NotSent::new(
            "--json: wanted is an object, whose members are the operation's fields",
        ));
    }
    let kind = Kind::Object(info.request.clone());
    for set in sets {
        let (name, text) = set
            .split_once('=')
            .filter(|(name, _)| !name.is_empty())
            .ok_or_else(|| NotSent::new(format!("--set {set}: wanted is name=value")))?;
        let steps = steps(info, name);
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        put(&mut values, &kind, &steps, text)
            .map_err(|problem| NotSent::new(format!("--set {name}: {problem}")))?;
    }
    match written(values, &kind) {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
    }
}

/// `amount.total`, `/amount/total`, or a field whose very name this is.
fn steps(info: &OperationInfo, name: &str) -> Vec<String> {
    if info.request.field(name).is_some() {
        return vec![name.to_owned()];
    }
    match name.strip_prefix('/') {
        Some(pointer) => {
            let steps = pointer.split('/');
            steps
                .map(|step| step.replace("~1", "/").replace("~0", "~"))
                .collect()
        }
        None => name.split('.').map(str::to_owned).collect(),
    }
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
fn written(value: Value, kind: &Kind) -> Value {
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

/// A parameter's text; objects and lists stand as JSON.
pub(super) fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wxpay_types::table;

    use super::gather;

    fn gathered(name: &str, json: Option<&str>, sets: &[&str]) -> Result<serde_json::Value, String> {
        let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
        gather(table::named(name).unwrap(), json, &sets)
            .map(serde_json::Value::Object)
            .map_err(|error| error.to_string())
    }

    const NATIVE: &str = "v3.combine-transactions.native_prepay";

    #[test]
    fn values_take_the_kind_of_their_field_and_go_over_the_file() {
        let file =
            r#"{"combine_out_trade_no":"A","notify_url":null,"sub_orders":[{"attach":"x","detail":null}]}"#;
        let values = gathered(
            NATIVE,
            Some(file),
            &[
                "combine_out_trade_no=0123",
                "sub_orders.0.amount.total_amount=100",
                "/sub_orders/1/out_trade_no=7=7",
                "unheard.of=1",
            ],
        );
        assert_eq!(
            values.unwrap(),
            json!({
                "combine_out_trade_no": "0123",
                "sub_orders": [{"attach": "x", "amount": {"total_amount": 100}}, {"out_trade_no": "7=7"}],
                "unheard": {"of": "1"},
            })
        );
    }

    #[test]
    fn json_in_a_text_is_made_from_its_parts() {
        let sets = ["sub_order_list.0.mchid=1", "sub_order_list.0.out_trade_no=2"];
        let values = gathered("v2.combine.close_combined_order", None, &sets).unwrap();
        let text = values["sub_order_list"].as_str().unwrap();
        let list: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(list, json!([{"mchid": "1", "out_trade_no": "2"}]));
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (set, said) in [
            ("sub_orders.0.amount.total_amount=1.5", "a whole number"),
            ("sub_orders.1.attach=a", "the next one is 0"),
            ("sub_orders.first.attach=a", "no number of an element"),
            ("sub_orders=1", "a list as JSON"),
            ("combine_appid.x=1", "plain value"),
            ("combine_appid", "name=value"),
        ] {
            let error = gathered(NATIVE, None, &[set]).unwrap_err();
            assert!(error.contains(said) && error.contains("--set"), "{error}");
        }
        assert!(
            gathered(NATIVE, Some("[]"), &[])
                .unwrap_err()
                .contains("an object")
        );
    }
}
