//! What cannot be right in a family, told with file, entry and field.

pub mod events;
mod facts;
mod ops;
mod settled;
mod sure;
mod types;

use std::collections::HashMap;

use crate::Problem;
use crate::kind::Kind;
use crate::model::{Family, Field};
use crate::name;

/// Everything that cannot be right in these families, also where one speaks of another.
#[must_use]
pub fn all(families: &[Family]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = families.iter().flat_map(family).collect();
    problems.extend(settled::problems(families));
    problems
}

/// Everything that cannot be right in one family.
#[must_use]
pub fn family(family: &Family) -> Vec<Problem> {
    let mut checker = Checker {
        family,
        problems: Vec::new(),
    };
    checker.names();
    for (id, op) in &family.ops {
        checker.op(id, op);
    }
    for (name, fields) in &family.objects {
        checker.object(name, fields);
    }
    for (name, enumeration) in &family.enums {
        checker.enumeration(name, enumeration);
    }
    checker.certain();
    for name in &family.unions {
        if !family.objects.contains_key(name) {
            checker.problem("unions", format!("there is no object `{name}`"));
        }
    }
    checker.problems
}

struct Checker<'a> {
    family: &'a Family,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.problems
            .push(Problem::new(&self.family.file, place, message));
    }

    /// Operations, objects and enumerations become types side by side, so their names must differ.
    fn names(&mut self) {
        let family = self.family;
        let mut owners: HashMap<String, String> = HashMap::new();
        let ops = family
            .ops
            .keys()
            .map(|id| (name::type_of(id), format!("op.{id}")));
        let objects = family
            .objects
            .keys()
            .map(|name| (name.clone(), format!("object.{name}")));
        let enums = family
            .enums
            .keys()
            .map(|name| (name.clone(), format!("enum.{name}")));
        for (name, place) in ops.chain(objects).chain(enums) {
            if !crate::kind::is_type_name(&name) {
                self.problem(&place, format!("`{name}` is no type name"));
            }
            if name::RESERVED_TYPES.contains(&name.as_str()) {
                self.problem(&place, format!("the name `{name}` would hide Rust's own type"));
            }
            if let Some(other) = owners.get(&name) {
                self.problem(&place, format!("the type `{name}` is already that of {other}"));
            } else {
                owners.insert(name, place);
            }
        }
    }

    /// The type of a field, if it is one.
    fn kind(&mut self, place: &str, field: &Field) -> Option<Kind> {
        let kind = match Kind::parse(&field.kind) {
            Ok(kind) => kind,
            Err(message) => {
                self.problem(place, message);
                return None;
            }
        };
        if let Some(name) = kind.name()
            && !self.family.objects.contains_key(name)
            && !self.family.enums.contains_key(name)
        {
            self.problem(place, format!("there is no type `{name}` in this file"));
        }
        Some(kind)
    }

    /// Two members must not become the same Rust field.
    fn field_names<'n>(&mut self, place: &str, members: impl Iterator<Item = &'n str>) {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for member in members {
            let field = name::field_of(member);
            if let Some(other) = owners.insert(field.clone(), member)
                && other != member
            {
                self.problem(
                    place,
                    format!("`{other}` and `{member}` both become the field `{field}`"),
                );
            }
        }
    }
}

#[cfg(test)]
mod tests;
