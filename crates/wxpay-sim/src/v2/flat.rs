//! An object as v2 writes it: one level, lists as numbered fields.

use serde_json::{Map, Value};
use wxpay_proto::v2::Fields;

/// Flattens an object. What has no flat form is left out: v2 has one level, whatever an old page shows.
pub(crate) fn fields(object: Value) -> Fields {
    let mut fields = Fields::new();
    if let Value::Object(members) = object {
        put(members, &[], &mut fields);
    }
    fields
}

fn put(members: Map<String, Value>, numbers: &[usize], fields: &mut Fields) {
    for (pattern, value) in members {
        let text = match value {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Array(elements) => {
                for (number, element) in elements.into_iter().enumerate() {
                    if let Value::Object(members) = element {
                        put(members, &[numbers, &[number]].concat(), fields);
                    }
                }
                continue;
            }
            Value::Null | Value::Object(_) => continue,
        };
        if let Some(name) = numbered(&pattern, numbers) {
            fields.insert(name, text);
        }
    }
}

/// `coupon_refund_id_$n_$m` with the numbers 0 and 1 is `coupon_refund_id_0_1`.
fn numbered(pattern: &str, numbers: &[usize]) -> Option<String> {
    let mut name = pattern.to_owned();
    for (placeholder, number) in ["$n", "$m"].iter().zip(numbers) {
        if !name.contains(placeholder) {
            return None;
        }
        name = name.replacen(placeholder, &number.to_string(), 1);
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::fields;

    #[test]
    fn lists_become_numbered_fields() {
        let object = json!({
            "refund_count": 2,
            "refunds": [
                { "refund_id_$n": "a", "coupons": [{ "coupon_id_$n_$m": "x" }, { "coupon_id_$n_$m": "y" }] },
                { "refund_id_$n": "b" },
            ],
            "nested": { "left": "out" },
            "rows": [{ "unnumbered": "left out" }],
        });
        let flat: Vec<_> = fields(object).into_iter().collect();
        let flat: Vec<_> = flat
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        assert_eq!(
            flat,
            [
                ("coupon_id_0_0", "x"),
                ("coupon_id_0_1", "y"),
                ("refund_count", "2"),
                ("refund_id_0", "a"),
                ("refund_id_1", "b"),
            ]
        );
    }
}
