//! The values of a call: a JSON object, single values from the command line, each in the form that the table says.

use serde_json::{Map, Value};
use wxpay_types::schema::{Kind, OperationInfo};

use crate::ended::NotSent;
use crate::members;

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
    for set in sets {
        members::Set::read(set, &info.request)?.put(&mut values, &info.request)?;
    }
    match members::written(values, &Kind::Object(info.request.clone())) {
        Value::Object(members) => Ok(members),
        _ => Ok(Map::new()),
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
