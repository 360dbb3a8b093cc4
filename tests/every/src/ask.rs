//! A full request as the catalogue describes it: how it is stored, and what must be sent.

use serde_json::{Map, Value, json};
use wxpay_catalogue::columns::{self, Member};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Fill, Op, Place, Protocol};
use wxpay_proto::FilePart;
use wxpay_tests::journey::MCHID;

use crate::catalogue::kind;
use crate::compose::{Composer, PNG, text_of};
use crate::mutate::{self, Change};

/// What the core writes into v2 requests itself.
pub const SIGNING: [&str; 3] = ["nonce_str", "sign", "sign_type"];
/// The fields of v2 that name the merchant who signs.
pub const MERCHANT: [&str; 3] = ["combine_mch_id", "mch_id", "mchid"];
/// A text that has every character with a meaning in addresses.
const AWKWARD: &str = "a/b?c=d&e f%2F{x}#+;\"'<微信>";

/// A request.
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
    for (name, field) in op.params.iter().filter(|(name, _)| !is_ours(name)) {
        stored.insert(name.clone(), param(&composer, is_v2, name, field));
    }
    match op.request.as_deref() {
        Some("any") => {
            stored.insert("fields".to_owned(), json!({ "a": "一", "b": "2" }));
        }
        Some(name) => {
            let members = composer.object(name, "");
            for (name, value) in members.as_object().into_iter().flatten() {
                let is_merchant = is_v2 && MERCHANT.contains(&name.as_str());
                let value = if is_merchant { json!(MCHID) } else { value.clone() };
                // A parameter that is a member of the body as well is one field.
                if !is_ours(name) {
                    stored.entry(name).or_insert(value);
                }
            }
        }
        None => {}
    }
    expected(family, op, stored, composer.secrets())
}

/// The same request without what stands at these pointers.
#[must_use]
pub fn without(family: &Family, op: &Op, asked: &Full, gone: &[String]) -> Full {
    let mut stored = Value::Object(asked.stored.clone());
    for at in gone {
        mutate::change(&mut stored, at, &Change::Drop);
    }
    let is_there = |(at, _): &&(String, String)| stored.pointer(at).is_some();
    let secrets = asked.secrets.iter().filter(is_there).cloned().collect();
    expected(family, op, mutate::members(&stored), secrets)
}

/// What a request must send that is stored so.
fn expected(family: &Family, op: &Op, stored: Map<String, Value>, secrets: Vec<(String, String)>) -> Full {
    let is_v2 = family.protocol == Protocol::V2;
    let mut segments: Vec<String> = op.path.split('/').skip(1).map(str::to_owned).collect();
    let (mut query, mut headers, mut body) = (Vec::new(), Vec::new(), Map::new());
    for (name, field) in &op.params {
        let Some(value) = stored.get(name) else {
            if let Some(value) = filled(field) {
                body.insert(name.clone(), value);
            }
            continue;
        };
        match field.place {
            Some(Place::Path) => {
                let placeholder = format!("{{{name}}}");
                for segment in segments.iter_mut().filter(|segment| **segment == placeholder) {
                    *segment = text_of(value);
                }
            }
            Some(Place::Query) if value.is_array() => {
                let elements = value.as_array().into_iter().flatten();
                query.extend(elements.map(|element| (name.clone(), text_of(element))));
            }
            Some(Place::Query) => query.push((name.clone(), text_of(value))),
            Some(Place::Header) => headers.push((name.clone(), text_of(value))),
            Some(Place::Form) => {
                body.insert(name.clone(), described(family, field, value));
            }
            None => {}
        }
    }
    match op.request.as_deref() {
        Some("any") => body = stored.get("fields").map(mutate::members).unwrap_or_default(),
        Some(name) => {
            let fields = family.objects.get(name);
            let members = fields.map(|fields| columns::grouped(fields, family.lists.get(name)));
            for member in members.into_iter().flatten() {
                let name = match &member {
                    Member::Plain(name, _) => *name,
                    Member::List(list) => list.name.as_str(),
                };
                body.extend(stored.get(name).map(|value| (name.to_owned(), value.clone())));
            }
        }
        None => {}
    }
    if is_v2 && op.method == "GET" {
        body.extend(query.drain(..).map(|(name, text)| (name, Value::String(text))));
    }
    let has_body = op.request.is_some() || op.encoding.is_some() || is_v2;
    Full {
        stored,
        segments,
        query,
        headers,
        body: has_body.then_some(body),
        secrets,
    }
}

/// What an upload says of its file when nobody else does.
fn filled(field: &Field) -> Option<Value> {
    let file = FilePart::new("a.png", "image/png", PNG);
    Some(match field.fill? {
        Fill::Name => json!(file.name()),
        Fill::Sha256 => json!(file.sha256()),
        Fill::Md5 => json!(file.md5()),
    })
}

/// The part of a form that describes the file.
fn described(family: &Family, field: &Field, value: &Value) -> Value {
    let mut value = value.clone();
    let kind = kind(field);
    let described = kind.name().and_then(|name| family.objects.get(name));
    if let (Kind::Json(_), Some(members)) = (&kind, value.as_object_mut()) {
        for (name, field) in described.into_iter().flatten() {
            if let Some(value) = filled(field) {
                members.entry(name).or_insert(value);
            }
        }
    }
    value
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
