//! Limits that the documentation states once for a name (protocol section 14), where an operation's own page states
//! none.

use serde_json::Value;
use wxpay_types::schema::{Field, Kind, Schema};

use super::inner;
use super::refusal::Refusal;

/// Characters, at most.
const LONGEST: [(&str, usize); 17] = [
    ("attach", 128),
    ("combine_appid", 32),
    ("combine_mchid", 32),
    ("description", 127),
    ("device_id", 32),
    ("appid", 32),
    ("goods_tag", 32),
    ("mchid", 32),
    ("notify_url", 256),
    ("openid", 128),
    ("out_refund_no", 64),
    ("payer_client_ip", 45),
    ("sp_openid", 128),
    ("sub_appid", 32),
    ("sub_mchid", 32),
    ("sub_openid", 128),
    ("transaction_id", 32),
];

/// Amounts that are at least 1 of the smallest unit.
const AMOUNTS: [&str; 3] = ["refund", "total", "total_amount"];

/// Holds the members of an object against the general limits.
pub(super) fn check(schema: &Schema, value: &Value) -> Result<(), Refusal> {
    object("", schema, value)
}

fn object(at: &str, schema: &Schema, value: &Value) -> Result<(), Refusal> {
    let known = schema.fields.iter();
    let mut given = known.filter_map(|field| Some((field, value.get(&field.name)?)));
    given.try_for_each(|(field, value)| member(&format!("{at}/{}", field.name), field, &field.kind, value))
}

fn member(at: &str, field: &Field, kind: &Kind, value: &Value) -> Result<(), Refusal> {
    match kind {
        Kind::Object(schema) => object(at, schema, value),
        Kind::List(kind) => {
            let mut items = value.as_array().into_iter().flatten().enumerate();
            items.try_for_each(|(index, item)| member(&format!("{at}/{index}"), field, kind, item))
        }
        Kind::Text if field.max_len.is_none() => {
            let limit = LONGEST.iter().find(|(name, _)| *name == field.name);
            let length = value.as_str().unwrap_or_default().chars().count();
            match limit {
                Some((_, limit)) if length > *limit => {
                    let issue = format!("longer than {limit} characters");
                    Err(Refusal::param("body", at, value.clone(), &issue))
                }
                _ => Ok(()),
            }
        }
        Kind::Int if field.min.is_none() && AMOUNTS.contains(&field.name.as_str()) => {
            if value.as_i64().is_some_and(|amount| amount < 1) {
                let refusal = Refusal::param("body", at, value.clone(), "an integer from 1 on is wanted");
                return Err(refusal.with_inner(inner::OUT_OF_RANGE));
            }
            Ok(())
        }
        _ => Ok(()),
    }
}
