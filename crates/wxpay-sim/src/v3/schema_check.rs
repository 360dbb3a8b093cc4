//! Holds a product's requests against the catalogue (protocol sections 9 and 13.2): the members that a body may have,
//! those that it must have, and their limits. Only what passes here is looked at by the product itself.

use serde_json::Value;
use wxpay_proto::TimeText;
use wxpay_types::table;

use super::call::Call;
use super::documented::refuse;
use super::limits;
use super::refusal::Refusal;
use crate::documented::{self, Facts};

/// Checks the parameters of an operation without a body. `name` and `path` are as for [`body`].
pub(super) fn parameters(call: &Call<'_>, name: &str, path: &[(&str, &str)]) -> Result<Value, Refusal> {
    let info = table::named(name).ok_or_else(Refusal::unknown_operation)?;
    let mut given = documented::Request::new(info);
    given.path(&owned(path));
    given.query(call.query).map_err(refuse)?;
    let opened = Value::Object(given.values().clone());
    documented::check(&given, &opened, Facts::Documented).map_err(refuse)?;
    Ok(opened)
}

/// Reads the body of an operation, opens its sealed fields and checks it. `name` is the operation's in the catalogue,
/// `v3.refund.create`; `path` has the parameters of its path.
pub(super) fn body(call: &Call<'_>, name: &str, path: &[(&str, &str)]) -> Result<Value, Refusal> {
    let info = table::named(name).ok_or_else(Refusal::unknown_operation)?;
    let body = call.json()?;
    if let Some(pointer) = null(&body) {
        return Err(Refusal::param(
            "body",
            &pointer,
            Value::Null,
            "null is not allowed",
        ));
    }
    let mut given = documented::Request::new(info);
    given.path(&owned(path));
    given.query(call.query).map_err(refuse)?;
    if let Value::Object(members) = body {
        given.body(members);
    }
    // A product works with these members, so that all of its facts count.
    let facts = Facts::Documented;
    let key = call.opener.map(|opener| opener.private());
    let mut opened = documented::open(&given, facts, key).map_err(refuse)?;
    spell_out_times(&mut opened);
    documented::check(&given, &opened, facts).map_err(refuse)?;
    limits::check(&info.request, &opened)?;
    Ok(opened)
}

fn owned<'a>(path: &[(&'a str, &str)]) -> Vec<(&'a str, String)> {
    path.iter()
        .map(|(name, text)| (*name, (*text).to_owned()))
        .collect()
}

/// Samples of global and combined orders have `yyyyMMddHHmmss` where the pages ask for RFC 3339 (protocol section 14):
/// both are taken.
fn spell_out_times(body: &mut Value) {
    for name in ["time_start", "time_expire"] {
        let Some(Value::String(text)) = body.get_mut(name) else {
            continue;
        };
        if text.len() == 14
            && let Ok(time) = TimeText::from(text.as_str()).parse()
        {
            *text = TimeText::beijing(time).to_string();
        }
    }
}

/// The first member without a value.
fn null(value: &Value) -> Option<String> {
    let within = |name: &str, value: &Value| null(value).map(|rest| format!("/{name}{rest}"));
    match value {
        Value::Null => Some(String::new()),
        Value::Object(members) => members.iter().find_map(|(name, value)| within(name, value)),
        Value::Array(items) => {
            let mut items = items.iter().enumerate();
            items.find_map(|(index, value)| within(&index.to_string(), value))
        }
        _ => None,
    }
}
