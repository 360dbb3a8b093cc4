//! What the catalogue calls certain refuses a request before it is sent, and nothing else does.

use serde_json::{Value, json};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field, Fields, Op, Sure};
use wxpay_every::ask::{Full, full, without};
use wxpay_every::catalogue::kind;
use wxpay_every::entry::{Ask, Entry};

use crate::requests::{can_go, sent};

pub(crate) fn look(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let asked = full(family, op);
    let stored = Value::Object(asked.stored.clone());
    let body = op.request.as_ref().and_then(|name| family.objects.get(name));
    let mut found = Vec::new();
    for fields in [Some(&op.params), body].into_iter().flatten() {
        members(family, fields, &stored, "", &mut found);
    }
    let is_anything_certain =
        op.sure || !op.sure_members.is_empty() || found.iter().any(|(_, field)| field.sure != Sure::Nothing);
    if !is_anything_certain {
        return Vec::new();
    }
    let mut problems = Vec::new();
    for (at, field) in found {
        problems.extend(left_out(family, op, entry, &asked, &at, field));
        problems.extend(too_long(op, entry, &stored, &at, field));
    }
    problems
}

/// Every field that a request gives, with its pointer.
fn members(
    family: &'static Family,
    fields: &'static Fields,
    given: &Value,
    at: &str,
    found: &mut Vec<(String, &'static Field)>,
) {
    for (name, field) in fields {
        let at = format!("{at}/{name}");
        let Some(given) = given.get(name) else { continue };
        found.push((at.clone(), field));
        let inner = kind(field).name().and_then(|name| family.objects.get(name));
        match (inner, given) {
            (Some(inner), Value::Object(_)) => members(family, inner, given, &at, found),
            (Some(inner), Value::Array(elements)) => {
                for (number, element) in elements.iter().enumerate() {
                    members(family, inner, element, &format!("{at}/{number}"), found);
                }
            }
            _ => {}
        }
    }
}

/// Whoever leaves it out is refused when it is certain to be required, with its place; else the request is sent.
fn left_out(
    family: &'static Family,
    op: &'static Op,
    entry: &Entry,
    asked: &Full,
    at: &str,
    field: &Field,
) -> Option<String> {
    let is_certain =
        field.required && (op.sure || field.sure != Sure::Nothing || op.sure_members.contains(&path(at)));
    if !is_certain && !can_go(op, &Value::Object(asked.stored.clone()), at) {
        return None;
    }
    let outcome = sent(&without(family, op, asked, &[at.to_owned()]), entry);
    told(
        at,
        "left out",
        is_certain,
        "missing; nothing was sent",
        outcome.err(),
    )
}

/// A place as the catalogue has it, through every element of a list: `/goods/0/price` is `goods.price`.
fn path(at: &str) -> String {
    let steps = at.split('/').filter(|step| step.parse::<usize>().is_err());
    steps.skip(1).collect::<Vec<_>>().join(".")
}

/// A limit that only an SDK's field has is a warning.
fn too_long(op: &Op, entry: &Entry, stored: &Value, at: &str, field: &Field) -> Option<String> {
    let limit = field
        .max_len
        .filter(|_| !field.sensitive && field.values.is_empty())?;
    if kind(field) != Kind::Text {
        return None;
    }
    let mut long = stored.clone();
    *long.pointer_mut(at)? = json!("长".repeat(limit as usize + 1));
    let outcome = (entry.ask)(&Ask::new(&long.to_string()));
    let is_certain = op.sure || field.sure == Sure::Everything;
    let limit = format!("at most {limit}");
    told(at, "too long", is_certain, &limit, outcome.err())
}

fn told(at: &str, how: &str, is_certain: bool, wanted: &str, refusal: Option<String>) -> Option<String> {
    match refusal {
        Some(refusal) if is_certain && refusal.contains(at) && refusal.contains(wanted) => None,
        Some(refusal) => Some(format!("{at}: {how}: {refusal}")),
        None if is_certain => Some(format!("{at}: {how}: was sent")),
        None => None,
    }
}
