//! A full request as the catalogue describes it: how it is stored, and what must be sent.

use serde_json::{Map, Value, json};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Op, Place, Protocol};
use wxpay_tests::journey::MCHID;

use crate::catalogue::kind;
use crate::compose::{Composer, text_of};

/// What the core writes into v2 requests itself.
pub const SIGNING: [&str; 3] = ["nonce_str", "sign", "sign_type"];
/// The fields of v2 that name the merchant who signs.
const MERCHANT: [&str; 3] = ["combine_mch_id", "mch_id", "mchid"];
/// A text that has every character with a meaning in addresses.
const AWKWARD: &str = "a/b?c=d&e f%2F{x}#+;\"'<微信>";

/// A full request.
#[derive(Debug)]
#[non_exhaustive]
pub struct Full {
    /// The operation as serde stores it.
    pub stored: Map<String, Value>,
    /// The path's segments.
    pub segments: Vec<String>,
    /// The query.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The members of the body, or the parts of a form.
    pub body: Option<Map<String, Value>>,
    /// Sensitive fields: pointer and plaintext.
    pub secrets: Vec<(String, String)>,
}

/// Makes a request that gives everything.
#[must_use]
pub fn full(family: &Family, op: &Op) -> Full {
    let composer = Composer::new(family, &|number| format!("明文{number}号"));
    let is_v2 = family.protocol == Protocol::V2;
    let is_ours = |name: &str| is_v2 && SIGNING.contains(&name);
    let mut stored = Map::new();
    let (mut query, mut headers, mut body) = (Vec::new(), Vec::new(), Map::new());
    let mut segments: Vec<String> = op.path.split('/').skip(1).map(str::to_owned).collect();
    for (name, field) in op.params.iter().filter(|(name, _)| !is_ours(name)) {
        let value = param(&composer, is_v2, name, field);
        stored.insert(name.clone(), value.clone());
        match field.place {
            Some(Place::Path) => {
                let placeholder = format!("{{{name}}}");
                for segment in segments.iter_mut().filter(|segment| **segment == placeholder) {
                    *segment = text_of(&value);
                }
            }
            Some(Place::Query) if value.is_array() => {
                let elements = value.as_array().into_iter().flatten();
                query.extend(elements.map(|element| (name.clone(), text_of(element))));
            }
            Some(Place::Query) => query.push((name.clone(), text_of(&value))),
            Some(Place::Header) => headers.push((name.clone(), text_of(&value))),
            Some(Place::Form) => {
                body.insert(name.clone(), value);
            }
            None => {}
        }
    }
    let has_body = op.request.is_some() || op.encoding.is_some() || is_v2;
    match op.request.as_deref() {
        Some("any") => {
            stored.insert("fields".to_owned(), json!({ "a": "一", "b": "2" }));
            body.extend([("a".to_owned(), json!("一")), ("b".to_owned(), json!("2"))]);
        }
        Some(name) => {
            let Value::Object(members) = composer.object(name, "") else {
                unreachable!()
            };
            for (name, value) in members.into_iter().filter(|(name, _)| !is_ours(name)) {
                let value = match stored.get(&name) {
                    // A parameter that is a member of the body as well is one field.
                    Some(value) => value.clone(),
                    None if is_v2 && MERCHANT.contains(&name.as_str()) => json!(MCHID),
                    None => value,
                };
                stored.insert(name.clone(), value.clone());
                body.insert(name, value);
            }
        }
        None => {}
    }
    if is_v2 && op.method == "GET" {
        body.extend(query.drain(..).map(|(name, text)| (name, Value::String(text))));
    }
    Full {
        stored,
        segments,
        query,
        headers,
        body: has_body.then_some(body),
        secrets: composer.secrets(),
    }
}

fn param(composer: &Composer<'_>, is_v2: bool, name: &str, field: &Field) -> Value {
    let awkward = || {
        let length = field.max_len.map_or(usize::MAX, |length| length as usize);
        json!(AWKWARD.chars().take(length).collect::<String>())
    };
    match (kind(field), field.place) {
        _ if is_v2 && MERCHANT.contains(&name) => json!(MCHID),
        (Kind::Text, Some(Place::Path)) if !field.sensitive => awkward(),
        (Kind::Text, Some(Place::Query)) if !field.sensitive && field.format.is_none() => awkward(),
        (Kind::Text, Some(Place::Header)) => json!("a-1, b"),
        // The part of a form is stored as the object that it is.
        (Kind::Json(inner), Some(Place::Form)) => composer.value(name, field, &inner, &format!("/{name}")),
        (kind, _) => composer.value(name, field, &kind, &format!("/{name}")),
    }
}
