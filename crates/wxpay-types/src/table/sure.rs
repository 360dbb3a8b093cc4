//! What is certain of one operation alone, in objects that it shares with others.

use std::sync::Arc;

use crate::schema::{Kind, Schema, Sure};

/// Makes it certain that the member at the end of a path is to be given.
///
/// The objects on the way become this operation's own: those that others send stay as they are.
pub(super) fn required(object: &mut Schema, path: &str) {
    let (name, rest) = path
        .split_once('.')
        .map_or((path, None), |(name, rest)| (name, Some(rest)));
    for field in object.fields.iter_mut().filter(|field| field.name == name) {
        match rest {
            Some(rest) => within(&mut field.kind, rest),
            None if field.sure == Sure::Nothing => field.sure = Sure::Required,
            None => {}
        }
    }
}

/// The same of the object that a value is, or has as its elements.
fn within(kind: &mut Kind, path: &str) {
    match kind {
        Kind::Object(schema) => required(Arc::make_mut(schema), path),
        Kind::List(inner) | Kind::Json(inner) => within(inner, path),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::check::check_value;
    use crate::table::Table;

    const FACTS: &str = r#"[{
        "family": "v3/a",
        "ops": [
            { "id": "pay", "method": "POST", "path": "/v3/pay", "fields": [
                { "n": "amount", "t": "Amount" },
                { "n": "before", "t": "Amount" },
                { "n": "goods", "t": "[Goods]" },
                { "n": "scene", "t": "json:Scene" }
            ], "sure_members": ["amount.total", "amount.currency", "goods.price.total", "scene.ip"] },
            { "id": "order", "method": "POST", "path": "/v3/order", "fields": [
                { "n": "amount", "t": "Amount" },
                { "n": "goods", "t": "[Goods]" },
                { "n": "scene", "t": "json:Scene" }
            ] }
        ],
        "types": {
            "Amount": [
                { "n": "total", "t": "int", "required": true },
                { "n": "currency", "t": "string", "required": true }
            ],
            "Goods": [{ "n": "price", "t": "Amount" }],
            "Scene": [{ "n": "ip", "t": "string", "required": true }]
        }
    }]"#;

    #[test]
    fn it_is_certain_of_one_operation_and_one_path() {
        let table = Table::read(FACTS).unwrap();
        let request = json!({
            "amount": {}, "before": {}, "goods": [{ "price": {} }, { "price": { "currency": "CNY" } }], "scene": "{}",
        });
        let found = |name: &str| -> Vec<(String, bool)> {
            let findings = check_value(table.named(name).unwrap(), &request).into_iter();
            findings
                .filter(|finding| finding.pointer != "/before")
                .map(|finding| (finding.pointer, finding.sure))
                .collect()
        };
        let told = |sure: &[&str], doubtful: &[&str]| -> Vec<(String, bool)> {
            let sure = sure.iter().map(|at| ((*at).to_owned(), true));
            let doubtful = doubtful.iter().map(|at| ((*at).to_owned(), false));
            let mut all: Vec<_> = sure.chain(doubtful).collect();
            all.sort();
            all
        };
        let sorted = |mut found: Vec<(String, bool)>| {
            found.sort();
            found
        };
        assert_eq!(
            sorted(found("v3.a.pay")),
            told(
                &[
                    "/amount/total",
                    "/amount/currency",
                    "/goods/0/price/total",
                    "/goods/1/price/total",
                    "/scene/ip"
                ],
                &["/before/total", "/before/currency", "/goods/0/price/currency"],
            )
        );
        assert_eq!(
            sorted(found("v3.a.order")),
            told(
                &[],
                &[
                    "/amount/total",
                    "/amount/currency",
                    "/goods/0/price/total",
                    "/goods/0/price/currency",
                    "/goods/1/price/total",
                    "/scene/ip"
                ],
            )
        );
    }
}
