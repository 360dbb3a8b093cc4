//! Every printed example that there is, with its operation or event.

use serde_json::{Map, Value, json};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Op, Place, Protocol};
use wxpay_every::ask::{MERCHANT, SIGNING, full};
use wxpay_every::catalogue::{kind, operations};
use wxpay_every::flat::Fields;
use wxpay_every::mutate;
use wxpay_proto::v2::xml;
use wxpay_tests::journey::MCHID;
use wxpay_tests::vectors::{Vector, vectors};

const EXAMPLES: &str = include_str!("../../../../data/examples.json");
/// Printed with a slip that the signature covers (`authorized_data%3D…`): it can be signed, and not be asked.
const SLIP: &str = "doc_get_query_parameter_as_printed_with_percent3D";

pub(super) struct Example {
    pub(super) name: String,
    pub(super) printed: Printed,
}

pub(super) enum Printed {
    Request(Asked),
    Answer(Operation, Vec<u8>),
    /// Its type, what `original_type` says, and what was encrypted.
    Event(String, Option<String>, Vec<u8>),
}

#[derive(Clone)]
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) family: &'static Family,
    pub(super) op: &'static Op,
}

/// A request as it is printed, and as the operation stores it.
pub(super) struct Asked {
    pub(super) operation: Operation,
    pub(super) segments: Vec<String>,
    pub(super) body: Value,
    pub(super) stored: Map<String, Value>,
}

/// Every example, and what is wrong with those that are none.
pub(super) fn all() -> (Vec<Example>, Vec<String>) {
    let (mut examples, mut problems) = (Vec::new(), Vec::new());
    let named: Vec<Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    if named.is_empty() {
        problems.push("examples.json cannot be read".to_owned());
    }
    let mut take = |name: &str, printed: Result<Printed, String>| match printed {
        Ok(printed) => examples.push(Example {
            name: name.to_owned(),
            printed,
        }),
        Err(problem) => problems.push(format!("{name}: {problem}")),
    };
    for vector in vectors() {
        let name = format!("{}/{}", vector.group, vector.name);
        if let Some(printed) = of_vector(&vector, &name, &named) {
            take(&name, printed);
        }
    }
    for example in &named {
        let name = example["name"].as_str().unwrap_or_default();
        for printed in of_file(example) {
            take(name, printed);
        }
    }
    (examples, problems)
}

fn of_vector(vector: &Vector, name: &str, named: &[Value]) -> Option<Result<Printed, String>> {
    match vector.group.as_str() {
        "official_doc_v3" if vector.name != SLIP => {
            let message = vector.text("message");
            let lines: Vec<&str> = message.splitn(5, '\n').collect();
            match lines.as_slice() {
                [method, target, _, _, body] if target.starts_with('/') => {
                    Some(request(method, target, body.trim_end_matches('\n')))
                }
                // Parameters of the front end are no message of an operation.
                _ if vector.get("public_key_pem").is_none() => None,
                [_, _, body, ..] => {
                    let entry = named.iter().find(|example| example["answer_of"] == name);
                    let op = entry.and_then(|example| example["op"].as_str());
                    Some(named_operation(op).map(|op| Printed::Answer(op, body.as_bytes().to_vec())))
                }
                _ => Some(Err("neither a request nor an answer".to_owned())),
            }
        }
        "v2_response" if !vector.fails() => {
            let operation = by_path("POST", vector.text("endpoint"));
            Some(operation.map(|op| Printed::Answer(op, vector.text("body").as_bytes().to_vec())))
        }
        "v3_notification" if !vector.fails() => {
            let body: Value = serde_json::from_slice(&vector.bytes("body_base64")).unwrap_or_default();
            let original = body["resource"]["original_type"].as_str().map(str::to_owned);
            let mut expected = vector.expected();
            let (kind, resource) = (expected.text("event_type"), expected.text("resource_plaintext"));
            Some(Ok(Printed::Event(kind, original, resource.into_bytes())))
        }
        _ => None,
    }
}

/// The request and the answer of an entry.
fn of_file(example: &Value) -> Vec<Result<Printed, String>> {
    let operation = match named_operation(example["op"].as_str()) {
        Ok(operation) => operation,
        Err(problem) => return vec![Err(problem)],
    };
    let mut found = Vec::new();
    if let Some(body) = example["request"].as_str() {
        let target = example["target"].as_str().unwrap_or(&operation.op.path);
        found.push(asked(operation.clone(), target, body).map(Printed::Request));
    }
    if let Some(body) = example["answer"].as_str() {
        found.push(Ok(Printed::Answer(operation, body.as_bytes().to_vec())));
    }
    if found.is_empty() && example["answer_of"].is_null() {
        found.push(Err("nothing is printed".to_owned()));
    }
    found
}

fn request(method: &str, target: &str, body: &str) -> Result<Printed, String> {
    let path = target.split('?').next().unwrap_or_default();
    asked(by_path(method, path)?, target, body).map(Printed::Request)
}

fn named_operation(name: Option<&str>) -> Result<Operation, String> {
    let wanted = name.ok_or("no operation is named")?;
    let found = operations().find(|(_, name, _)| name == wanted);
    let (family, name, op) = found.ok_or_else(|| format!("there is no operation `{wanted}`"))?;
    Ok(Operation { name, family, op })
}

/// The operation with this path, of several the one with the fewest parameters.
fn by_path(method: &str, path: &str) -> Result<Operation, String> {
    let fits = |op: &Op| {
        let (wanted, found) = (op.path.split('/'), path.split('/'));
        op.method == method
            && wanted.clone().count() == found.clone().count()
            && wanted
                .zip(found)
                .all(|(wanted, found)| wanted.starts_with('{') || wanted == found)
    };
    let found = operations()
        .filter(|(_, _, op)| fits(op))
        .min_by_key(|(_, _, op)| op.path.matches('{').count());
    let (family, name, op) = found.ok_or_else(|| format!("no operation is known of {method} {path}"))?;
    Ok(Operation { name, family, op })
}

fn asked(operation: Operation, target: &str, body: &str) -> Result<Asked, String> {
    let Operation { family, op, .. } = operation;
    let path = target.split('?').next().unwrap_or_default();
    if target.contains('?') {
        return Err("a printed query is not read here yet: say how its parameters are stored".to_owned());
    }
    let segments: Vec<String> = path.split('/').skip(1).map(str::to_owned).collect();
    let is_v2 = family.protocol == Protocol::V2;
    let mut body = match body {
        "" => Value::Null,
        body if is_v2 => without_signing(xml::read(body.as_bytes()).map_err(|error| error.to_string())?),
        body => serde_json::from_str(body).map_err(|error| error.to_string())?,
    };
    if let Some(members) = body.as_object_mut().filter(|_| is_v2) {
        // Empty is nothing in v2, and the test's merchant signs.
        members.retain(|_, value| *value != "");
        for (_, value) in members
            .iter_mut()
            .filter(|(name, _)| MERCHANT.contains(&name.as_str()))
        {
            *value = json!(MCHID);
        }
    }
    let described = op
        .params
        .iter()
        .find(|(_, field)| field.place == Some(Place::Form) && matches!(kind(field), Kind::Json(_)));
    let mut stored = match described {
        Some((name, _)) => {
            let mut stored = full(family, op).stored;
            stored.insert(name.clone(), body.clone());
            stored
        }
        None => mutate::members(&body),
    };
    for (placeholder, segment) in op.path.split('/').skip(1).zip(&segments) {
        if let Some(name) = placeholder
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
        {
            stored.insert(name.to_owned(), json!(segment));
        }
    }
    Ok(Asked {
        operation,
        segments,
        body,
        stored,
    })
}

/// v2's fields without those that the core makes.
pub(super) fn without_signing(mut fields: Fields) -> Value {
    fields.retain(|name, _| !SIGNING.contains(&name.as_str()));
    texts(&fields)
}

pub(super) fn texts(fields: &Fields) -> Value {
    fields
        .iter()
        .map(|(name, text)| (name.clone(), json!(text)))
        .collect()
}
