//! Checks of facts that were added by hand: what makes a request the same one, what refuses it.

use super::Checker;
use crate::model::Op;

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
        for code in &op.errors {
            let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            if code.is_empty() || !code.chars().all(plain) {
                self.problem(place, format!("`errors`: `{code}` is no error code"));
            }
        }
    }
}
