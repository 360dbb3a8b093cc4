//! Checks of what is called certain: only an official source makes it so, and it refuses requests.

use std::collections::BTreeSet;

use super::Checker;
use crate::kind::Kind;
use crate::model::{Family, Field, Op, Sure};

/// The source that states limits; SDKs state what is required.
const PAGE: &str = "page";

impl Checker<'_> {
    /// What is certain is required where it says so, and each operation that sends it names its source.
    pub(super) fn certain(&mut self) {
        let family = self.family;
        let mut sent = BTreeSet::new();
        for (id, op) in &family.ops {
            let place = format!("op.{id}");
            if op.sure && !op.confirmed.iter().any(|source| source == PAGE) {
                self.problem(&place, "`sure`, but its `confirmed` names no page");
            }
            self.members(&place, op);
            for (field_place, field) in asked(family, &place, op) {
                if let Some(missing) = missing_source(op, field.sure) {
                    let message = format!("`sure`, but {place} sends it, whose `confirmed` names {missing}");
                    self.problem(&field_place, message);
                }
                sent.insert(field_place);
            }
        }
        for (name, fields) in &family.objects {
            for (member, field) in fields {
                let place = format!("object.{name}.{member}");
                if field.sure != Sure::Nothing && !sent.contains(&place) {
                    self.problem(&place, "`sure` is said of requests, and no operation sends this");
                }
            }
        }
    }

    /// What is certain of this operation alone is in its request, and not certain anyway.
    fn members(&mut self, place: &str, op: &Op) {
        let place = format!("{place}.sure_members");
        if !op.sure_members.is_empty() && op.confirmed.is_empty() {
            self.problem(&place, "the operation's `confirmed` names no source");
        }
        let mut said = BTreeSet::new();
        for path in &op.sure_members {
            if !said.insert(path) {
                self.problem(&place, format!("`{path}` stands here twice"));
            }
            match member(self.family, op, path) {
                None => self.problem(&place, format!("the body has no member `{path}`")),
                Some(field) if !field.required => {
                    self.problem(&place, format!("`{path}` is not required"));
                }
                Some(field) if op.sure || field.sure != Sure::Nothing => {
                    self.problem(&place, format!("`{path}` is `sure` already"));
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn certainty(&mut self, place: &str, field: &Field) {
        if field.sure == Sure::Required && !field.required {
            self.problem(place, "`sure` is \"required\", but the field is not");
        }
    }
}

/// Every field of a request, however deep, with its place.
fn asked<'a>(family: &'a Family, place: &str, op: &'a Op) -> Vec<(String, &'a Field)> {
    let params = op.params.iter();
    let mut found: Vec<(String, &Field)> = params
        .map(|(name, field)| (format!("{place}.params.{name}"), field))
        .collect();
    let mut names: Vec<String> = op.request.iter().cloned().collect();
    let mut seen = BTreeSet::new();
    let mut next = 0;
    loop {
        for (_, field) in &found[next..] {
            let kind = Kind::parse(&field.kind).ok();
            names.extend(kind.as_ref().and_then(Kind::name).map(ToOwned::to_owned));
        }
        next = found.len();
        let Some(name) = names.pop() else { return found };
        if let Some(fields) = family.objects.get(&name)
            && seen.insert(name.clone())
        {
            let members = fields.iter();
            found.extend(members.map(|(member, field)| (format!("object.{name}.{member}"), field)));
        }
    }
}

/// The member of a body at the end of a path, through the elements of lists.
fn member<'a>(family: &'a Family, op: &Op, path: &str) -> Option<&'a Field> {
    let mut object = op.request.clone()?;
    let mut found = None;
    for step in path.split('.') {
        // A step behind the last object leads nowhere.
        let field = family.objects.get(&object)?.get(step)?;
        let kind = Kind::parse(&field.kind).ok()?;
        object = kind.name().unwrap_or_default().to_owned();
        found = Some(field);
    }
    found
}

/// What `confirmed` lacks for this to be certain.
fn missing_source(op: &Op, sure: Sure) -> Option<&'static str> {
    match sure {
        Sure::Nothing => None,
        Sure::Required => op.confirmed.is_empty().then_some("no source"),
        Sure::Everything => (!op.confirmed.iter().any(|source| source == PAGE)).then_some("no page"),
    }
}
