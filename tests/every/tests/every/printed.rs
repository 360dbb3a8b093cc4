//! Whole requests, answers and notifications that the official documentation prints: their types hold every member.
//!
//! Those of the vectors are found by their method, path or event; `tests/data/examples.json` has the others, and names
//! the operation of what does not tell it by itself. Another example is another entry there.

mod find;
mod hold;

use serde_json::Value;
use wxpay_catalogue::model::Protocol;
use wxpay_every::answer::{self, Proven};
use wxpay_every::ask::full;
use wxpay_every::entry::{Ask, Entry};
use wxpay_every::flat;
use wxpay_every::mutate;
use wxpay_every::sent::{self, Body};
use wxpay_proto::v2::xml;
use wxpay_tests::journey::signed_answer;
use wxpay_types::events::v3::Event;

use self::find::{Asked, Example, Operation, Printed};
use self::hold::{both, holds};
use crate::entry;

pub(crate) fn look() -> Vec<String> {
    let (examples, mut problems) = find::all();
    if examples.len() < 20 {
        problems.push(format!("only {} examples", examples.len()));
    }
    for Example { name, printed } in &examples {
        let found = match printed {
            Printed::Request(asked) => request(asked),
            Printed::Answer(operation, body) => answer(operation, body),
            Printed::Event(kind, original, resource) => event(kind, original.as_deref(), resource),
        };
        problems.extend(found.into_iter().map(|problem| format!("{name}: {problem}")));
    }
    problems
}

fn of(operation: &Operation) -> Result<&'static Entry, Vec<String>> {
    entry(&operation.name).ok_or_else(|| vec![format!("{}: not in the registry", operation.name)])
}

/// The request is what the operation writes, member by member; it is signed and verified on the way.
fn request(asked: &Asked) -> Vec<String> {
    let entry = match of(&asked.operation) {
        Ok(entry) => entry,
        Err(problems) => return problems,
    };
    let json = Value::Object(asked.stored.clone()).to_string();
    let sent = match (entry.ask)(&Ask::new(&json)) {
        Ok(sent) => sent,
        Err(problem) => return vec![problem],
    };
    let seen = match sent::read(asked.operation.family.protocol, &sent.request, true) {
        Ok(seen) => seen,
        Err(problem) => return vec![problem],
    };
    let mut problems = Vec::new();
    if sent.request.method() != asked.operation.op.method.as_str() {
        problems.push(format!("method: {}", sent.request.method()));
    }
    if seen.segments != asked.segments {
        problems.push(format!("path: {:?}", seen.segments));
    }
    let body = match seen.body {
        Body::Empty => Value::Null,
        Body::Json(body) => body,
        Body::Fields(fields) => find::without_signing(fields),
        Body::Parts(parts) => {
            let meta = parts.iter().find(|part| part.file_name.is_none());
            let meta = meta.map(|part| serde_json::from_slice(&part.content));
            meta.and_then(Result::ok).unwrap_or_default()
        }
    };
    problems.extend(both(&asked.body, &body));
    problems
}

/// The answer is proven and read, and every member is there. v2's is signed anew: nobody knows the printed one's key.
fn answer(operation: &Operation, body: &[u8]) -> Vec<String> {
    let entry = match of(operation) {
        Ok(entry) => entry,
        Err(problems) => return problems,
    };
    let Operation { family, op, .. } = *operation;
    let is_v2 = family.protocol == Protocol::V2;
    let printed = if is_v2 {
        xml::read(body)
            .map(|fields| find::texts(&fields))
            .map_err(|error| error.to_string())
    } else {
        serde_json::from_slice(body).map_err(|error| error.to_string())
    };
    let printed: Value = match printed {
        Ok(printed) => printed,
        Err(problem) => return vec![problem],
    };
    // The question is the one that this is the answer to.
    let mut stored = full(family, op).stored;
    for (from, to) in answer::echoes(family, op) {
        stored.extend(printed.get(to).map(|value| (from.to_owned(), value.clone())));
    }
    let status = op.status.codes()[0];
    let response = if is_v2 {
        let is_signed = matches!(
            answer::proven(family, op),
            Proven::BySignature | Proven::Sometimes
        );
        answer::v2_response(status, flat::fields(&mutate::members(&printed)), is_signed)
    } else {
        signed_answer(status, body.to_vec())
    };
    let arrived = response.body().clone();
    let json = Value::Object(stored).to_string();
    let got = match entry.answer.map(|read| read(&Ask::new(&json), response)) {
        Some(Ok(got)) => got,
        Some(Err(problem)) => return vec![problem],
        None => return vec!["nobody reads its answer".to_owned()],
    };
    let mut read: Value = serde_json::from_slice(&got.json).unwrap_or_default();
    let mut printed = printed;
    if is_v2 {
        read = find::texts(&flat::fields(&mutate::members(&read)));
        // It was made here.
        mutate::change(&mut printed, "/sign", &mutate::Change::Drop);
    }
    let mut problems = holds(&printed, &read, "");
    if got.body != arrived {
        problems.push("the raw body is another".to_owned());
    }
    problems
}

/// What the event is about is read into its type.
fn event(kind: &str, original: Option<&str>, resource: &[u8]) -> Vec<String> {
    if !Event::KNOWN.contains(&kind) {
        return vec![format!("`{kind}`: no event of this type is known")];
    }
    let event = Event::read(kind, original, resource);
    if event.raw().is_some() {
        return vec![format!("`{kind}` was not read into a type")];
    }
    let printed: Value = serde_json::from_slice(resource).unwrap_or_default();
    match serde_json::to_value(&event) {
        Ok(read) => holds(&printed, &read, ""),
        Err(error) => vec![error.to_string()],
    }
}
