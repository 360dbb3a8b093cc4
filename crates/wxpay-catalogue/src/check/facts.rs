//! Checks of what is said about an operation: who calls it, since when, what makes a request the same one, what
//! refuses it.

use super::Checker;
use super::types::ROLES;
use crate::model::Op;

const SOURCES: [&str; 4] = ["go", "java", "skills", "page"];

impl Checker<'_> {
    pub(super) fn facts(&mut self, place: &str, op: &Op) {
        if let Some(field) = &op.idempotent_by
            && !self.family.asks(op, field)
        {
            self.problem(
                place,
                format!("`idempotent_by`: the request has no field `{field}`"),
            );
        }
        for role in op.roles.iter().filter(|role| !ROLES.contains(&role.as_str())) {
            self.problem(place, format!("`roles`: there is no role `{role}`"));
        }
        for source in op
            .confirmed
            .iter()
            .filter(|source| !SOURCES.contains(&source.as_str()))
        {
            self.problem(place, format!("`confirmed`: there is no source `{source}`"));
        }
        for (key, day) in [("closed", &op.closed), ("updated", &op.updated)] {
            if let Some(day) = day.as_deref().filter(|day| !is_day(day)) {
                self.problem(place, format!("`{key}`: `{day}` is no day like 2026-01-31"));
            }
        }
        for page in op.docs.iter().filter(|page| !page.starts_with("https://")) {
            self.problem(place, format!("`docs`: `{page}` is no address of a page"));
        }
        for code in &op.errors {
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if code.is_empty() || !code.chars().all(plain) {
                self.problem(place, format!("`errors`: `{code}` is no error code"));
            }
        }
    }
}

fn is_day(text: &str) -> bool {
    let form = b"dddd-dd-dd";
    text.len() == form.len()
        && text.bytes().zip(form).all(|(found, wanted)| match wanted {
            b'd' => found.is_ascii_digit(),
            other => found == *other,
        })
}
