//! What changed between two catalogues, as a changelog: product by product, added, removed and changed.

mod facts;

use std::fmt::Write as _;

use indexmap::IndexMap;

use crate::model::{Enum, Family, Fields, Op};

/// The changelog; empty when nothing changed.
#[must_use]
pub fn changelog(old: &[Family], new: &[Family]) -> String {
    let mut text = String::new();
    let key = |family: &Family| family.file.trim_end_matches(".toml").to_owned();
    let find = |families: &'_ [Family], wanted: &str| -> Option<usize> {
        families.iter().position(|family| key(family) == wanted)
    };
    let mut names: Vec<String> = old.iter().chain(new).map(key).collect();
    names.sort();
    names.dedup();
    for name in names {
        let before = find(old, &name).map(|at| &old[at]);
        let after = find(new, &name).map(|at| &new[at]);
        let lines = match (before, after) {
            (Some(before), Some(after)) => family(before, after),
            (None, Some(after)) => whole("added", after),
            (Some(before), None) => whole("removed", before),
            (None, None) => Vec::new(),
        };
        if !lines.is_empty() {
            let _ = writeln!(text, "## {name}\n");
            for line in lines {
                let _ = writeln!(text, "* {line}");
            }
            text.push('\n');
        }
    }
    text
}

/// A family that only one of the catalogues has.
fn whole(what: &str, family: &Family) -> Vec<String> {
    let count = family.ops.len();
    let mut lines = vec![format!("{what}: the whole family, {count} operations")];
    lines.extend(family.ops.iter().map(|(id, op)| line_of(what, id, op)));
    lines
}

fn family(old: &Family, new: &Family) -> Vec<String> {
    let mut lines = Vec::new();
    each(&old.ops, &new.ops, |id, before, after| match (before, after) {
        (None, Some(op)) => lines.push(line_of("added", id, op)),
        (Some(op), None) => lines.push(line_of("removed", id, op)),
        (Some(before), Some(after)) => {
            lines.extend(facts::changed(
                &format!("operation `{id}`"),
                &facts::op(before),
                &facts::op(after),
            ));
            fields(&mut lines, &format!("{id}.params"), &before.params, &after.params);
            let headers = (&before.response_headers, &after.response_headers);
            fields(
                &mut lines,
                &format!("{id}.response_headers"),
                headers.0,
                headers.1,
            );
        }
        (None, None) => {}
    });
    each(&old.objects, &new.objects, |name, before, after| {
        match (before, after) {
            (None, Some(_)) => lines.push(format!("added: object `{name}`")),
            (Some(_), None) => lines.push(format!("removed: object `{name}`")),
            (Some(before), Some(after)) => fields(&mut lines, name, before, after),
            (None, None) => {}
        }
    });
    each(&old.enums, &new.enums, |name, before, after| {
        match (before, after) {
            (None, Some(_)) => lines.push(format!("added: enumeration `{name}`")),
            (Some(_), None) => lines.push(format!("removed: enumeration `{name}`")),
            (Some(before), Some(after)) => values(&mut lines, name, before, after),
            (None, None) => {}
        }
    });
    lines
}

fn line_of(what: &str, id: &str, op: &Op) -> String {
    let label = op.label.as_deref().unwrap_or_default();
    format!("{what}: operation `{id}`, `{} {}` {label}", op.method, op.path)
        .trim_end()
        .to_owned()
}

fn fields(lines: &mut Vec<String>, owner: &str, old: &Fields, new: &Fields) {
    each(old, new, |name, before, after| match (before, after) {
        (None, Some(field)) => lines.push(format!("added: field `{owner}.{name}`, {}", field.kind)),
        (Some(field), None) => lines.push(format!("removed: field `{owner}.{name}`, {}", field.kind)),
        (Some(before), Some(after)) => lines.extend(facts::changed(
            &format!("field `{owner}.{name}`"),
            &facts::field(before),
            &facts::field(after),
        )),
        (None, None) => {}
    });
}

fn values(lines: &mut Vec<String>, name: &str, old: &Enum, new: &Enum) {
    let beyond = |these: &Enum, those: &Enum| {
        let names = these.values.iter().filter(|value| !those.values.contains(value));
        names
            .map(|value| format!("`{value}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (what, found) in [("added", beyond(new, old)), ("removed", beyond(old, new))] {
        if !found.is_empty() {
            lines.push(format!("{what}: values of `{name}`: {found}"));
        }
    }
}

/// Calls with what each side has under every name: the new ones in their order, then those that are gone.
fn each<'a, T>(
    old: &'a IndexMap<String, T>,
    new: &'a IndexMap<String, T>,
    mut show: impl FnMut(&str, Option<&'a T>, Option<&'a T>),
) {
    for (name, after) in new {
        show(name, old.get(name), Some(after));
    }
    for (name, before) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
        show(name, Some(before), None);
    }
}

#[cfg(test)]
mod tests;
