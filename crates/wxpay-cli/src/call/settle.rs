//! What settles a call whose outcome is unknown.

use serde_json::{Map, Value};
use wxpay_proto::Effect;
use wxpay_types::schema::{OperationInfo, Schema, SettledBy};

/// What to do, with the very command where the catalogue knows the query.
pub(super) fn advice(info: &OperationInfo, values: &Map<String, Value>) -> String {
    match (info.effect, &info.settled_by) {
        (Effect::Read, _) => "It only reads: it may be called again.".to_owned(),
        (_, Some(query)) => {
            let commands = commands(query, &info.request, values);
            let mut text = format!("Query, never repeat blindly: {}", commands.join("\n  and "));
            if query.creates {
                text.push_str(
                    "\nIt is settled as soon as it is found; a number that is not found proves nothing yet.",
                );
            } else if !query.finals.is_empty() {
                text.push_str(&format!(
                    "\nIt is settled when the answer says one of {}; a number that is not found proves nothing yet.",
                    query.finals.join(", ")
                ));
            }
            text
        }
        (_, None) => {
            "Query, never repeat blindly: ask for the order by its number before anything else.".to_owned()
        }
    }
}

/// The calls that ask: one, or one for each element where the unsettled call has a list.
fn commands(query: &SettledBy, request: &Schema, values: &Map<String, Value>) -> Vec<String> {
    let params: Vec<(&str, Vec<String>)> = query
        .params
        .iter()
        .map(|(asked, source)| {
            let steps: Vec<&str> = source.split('.').collect();
            let first = steps.first().and_then(|first| request.field(first));
            let mut found = Vec::new();
            if !first.is_some_and(|field| field.sensitive) {
                collect(values, &steps, &mut found);
            }
            (asked.as_str(), found)
        })
        .collect();
    let count = params.iter().map(|(_, found)| found.len()).max().unwrap_or(0);
    (0..count.max(1))
        .map(|number| {
            let mut command = format!("wxpay call {}", query.operation);
            for (asked, found) in &params {
                let value = found.get(number).or_else(|| found.first());
                let value = value.map_or("…", String::as_str);
                command.push_str(&format!(" --set {}", quoted(&format!("{asked}={value}"))));
            }
            command
        })
        .collect()
}

fn collect(values: &Map<String, Value>, steps: &[&str], found: &mut Vec<String>) {
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    let mut take = |value: &Value| match value {
        Value::Object(members) => collect(members, rest, found),
        Value::String(text) if rest.is_empty() => found.push(text.clone()),
        Value::Number(number) if rest.is_empty() => found.push(number.to_string()),
        _ => {}
    };
    match values.get(*first) {
        Some(Value::Array(elements)) => elements.iter().for_each(take),
        Some(value) => take(value),
        None => {}
    }
}

/// As a shell takes it for one word.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "_-./:=@…".contains(c);
    if text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};
    use wxpay_types::table;

    use super::advice;

    fn told(name: &str, values: Value) -> String {
        let values: Map<String, Value> = serde_json::from_value(values).unwrap();
        advice(table::named(name).unwrap(), &values)
    }

    #[test]
    fn the_query_comes_with_its_parameters() {
        let text = told(
            "v2.redpack.send_redpack",
            json!({ "mch_billno": "A 1", "mch_id": "1900000109", "wxappid": "wx1", "total_amount": 1 }),
        );
        let (command, settled) = text.split_once('\n').unwrap();
        assert!(command.contains("wxpay call v2.redpack.get_hb_info "), "{text}");
        // The query calls it otherwise, and a blank would end a word.
        assert!(command.contains(" --set appid=wx1"), "{text}");
        assert!(command.contains(" --set 'mch_billno=A 1'"), "{text}");
        assert!(settled.contains("RECEIVED"), "{text}");
    }

    #[test]
    fn a_list_makes_a_query_for_each_element() {
        let info = table::named("v3.combine-transactions.close").unwrap();
        let mut query = info.settled_by.clone().unwrap();
        query.params = vec![
            ("number".to_owned(), "sub_orders.out_trade_no".to_owned()),
            ("appid".to_owned(), "combine_appid".to_owned()),
        ];
        let values =
            json!({ "combine_appid": "wx1", "sub_orders": [{ "out_trade_no": "1" }, { "out_trade_no": 2 }] });
        let commands = super::commands(&query, &info.request, values.as_object().unwrap());
        let called = format!("wxpay call {}", query.operation);
        assert_eq!(
            commands,
            [
                format!("{called} --set number=1 --set appid=wx1"),
                format!("{called} --set number=2 --set appid=wx1"),
            ]
        );
    }

    #[test]
    fn finding_is_enough_where_the_call_creates_what_is_found() {
        let text = told("v3.refund.create", json!({ "out_refund_no": "R1" }));
        assert!(text.contains("--set out_refund_no=R1"), "{text}");
        assert!(text.contains("as soon as it is found"), "{text}");
    }

    #[test]
    fn what_is_not_known_is_left_open() {
        let text = told("v3.combine-transactions.close", json!({}));
        assert!(text.contains("--set combine_out_trade_no=…"), "{text}");
        assert!(told("v3.combine-transactions.query_by_out_trade_no", json!({})).contains("only reads"));
        assert!(told("v3.merchant-media.upload_file", json!({})).contains("never repeat blindly"));
    }
}
