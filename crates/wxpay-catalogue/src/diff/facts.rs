//! The facts of an entry as texts, to be compared.

use crate::model::{Field, Op};

/// A fact's name and what it says; empty when it says nothing.
type Facts = Vec<(&'static str, String)>;

/// `changed: <what>: max_len 32 → 64; required no → yes`, if anything changed.
pub(super) fn changed(what: &str, old: &Facts, new: &Facts) -> Option<String> {
    let shown = |text: &str| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            text.to_owned()
        }
    };
    let changes: Vec<String> = old
        .iter()
        .zip(new)
        .filter(|(before, after)| before != after)
        .map(|((name, before), (_, after))| format!("{name} {} → {}", shown(before), shown(after)))
        .collect();
    (!changes.is_empty()).then(|| format!("changed: {what}: {}", changes.join("; ")))
}

pub(super) fn op(op: &Op) -> Facts {
    let settled = op.settled_by.as_ref().map(|settled| settled.op.clone());
    vec![
        ("method", op.method.clone()),
        ("path", op.path.clone()),
        ("host", text(op.host.as_ref())),
        ("request", text(op.request.as_ref())),
        ("response", text(op.response.as_ref())),
        ("encoding", debug(op.encoding)),
        ("returns", debug(op.returns)),
        ("produces", op.produces.join(", ")),
        ("status", format!("{:?}", op.status.codes())),
        ("serial", flag(op.serial)),
        ("cert", flag(op.cert)),
        ("cipher", text(op.cipher.as_ref())),
        ("signed", format!("{:?}", op.signed)),
        ("effect", debug(op.effect)),
        ("idempotent_by", text(op.idempotent_by.as_ref())),
        ("settled_by", settled.unwrap_or_default()),
        ("errors", op.errors.join(", ")),
        ("sure", flag(op.sure)),
        ("sure_members", op.sure_members.join(", ")),
        ("deprecated", flag(op.deprecated)),
        ("closed", text(op.closed.as_ref())),
        ("roles", op.roles.join(", ")),
        ("label", text(op.label.as_ref())),
    ]
}

pub(super) fn field(field: &Field) -> Facts {
    let values: Vec<String> = field.values.iter().map(ToString::to_string).collect();
    vec![
        ("type", field.kind.clone()),
        ("in", debug(field.place)),
        ("required", flag(field.required)),
        ("required_for", field.required_for.join(", ")),
        ("one_of", text(field.one_of.as_ref())),
        ("sensitive", flag(field.sensitive)),
        ("format", text(field.format.as_ref())),
        ("values", values.join(", ")),
        ("max_len", number(field.max_len)),
        ("min_len", number(field.min_len)),
        ("max", number(field.max)),
        ("min", number(field.min)),
        ("max_items", number(field.max_items)),
        ("min_items", number(field.min_items)),
        ("pattern", text(field.pattern.as_ref())),
        ("default", number(field.default.as_ref())),
        ("sure", field.sure.as_str().to_owned()),
        ("deprecated", flag(field.deprecated)),
        ("label", text(field.label.as_ref())),
    ]
}

fn text(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn debug<T: std::fmt::Debug>(value: Option<T>) -> String {
    value
        .map(|value| format!("{value:?}").to_lowercase())
        .unwrap_or_default()
}

fn number<T: std::fmt::Display>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn flag(on: bool) -> String {
    if on { "yes".to_owned() } else { "no".to_owned() }
}
