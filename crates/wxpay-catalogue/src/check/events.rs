//! What cannot be right in a file of events.

use std::collections::{BTreeSet, HashMap};

use crate::Problem;
use crate::events::{Event, Events};
use crate::kind::{Kind, is_type_name};
use crate::model::{Family, Fields, Protocol};
use crate::name;

/// Everything that cannot be right in the events, also where they speak of operations.
#[must_use]
pub fn problems(files: &[Events], families: &[Family]) -> Vec<Problem> {
    let operations: BTreeSet<String> = families
        .iter()
        .flat_map(|family| {
            let place = format!("{}/{}", family.protocol.as_str(), family.name);
            family.ops.keys().map(move |id| format!("{place}::{id}"))
        })
        .collect();
    files
        .iter()
        .flat_map(|events| {
            let mut checker = Checker {
                events,
                operations: &operations,
                problems: super::family(&events.types),
            };
            checker.all();
            checker.problems
        })
        .collect()
}

struct Checker<'a> {
    events: &'a Events,
    operations: &'a BTreeSet<String>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn problem(&mut self, place: &str, message: impl Into<String>) {
        self.problems
            .push(Problem::new(&self.events.types.file, place, message));
    }

    fn all(&mut self) {
        let events = self.events;
        self.object("notification", events.notification.as_deref());
        for (kind, event) in &events.events {
            self.event(kind, event);
        }
        if events.types.protocol == Protocol::V3 {
            self.names();
        }
        self.forms();
        self.used();
    }

    fn event(&mut self, kind: &str, event: &Event) {
        let place = format!("event.{kind}");
        self.object(&place, event.resource.as_deref());
        self.object(&place, event.message.as_deref());
        for form in &event.resources {
            self.object(&place, Some(form));
        }
        if event.resource.is_some() && !event.resources.is_empty() {
            self.problem(&place, "it has both `resource` and `resources`");
        }
        self.told(&place, event);
        for operation in &event.like {
            if !self.operations.contains(operation) {
                self.problem(&place, format!("`like`: there is no operation `{operation}`"));
            }
        }
        let v2 = self.events.types.protocol == Protocol::V2;
        if event.message.is_some() != v2 {
            self.problem(&place, "v2 has a `message`, and v3 the one of `notification`");
        }
        let message = event
            .message
            .as_ref()
            .and_then(|name| self.events.types.objects.get(name));
        match (&event.encrypted, message) {
            (Some(field), Some(message)) if !message.contains_key(field) => {
                self.problem(&place, format!("`encrypted`: the message has no field `{field}`"));
            }
            (encrypted, Some(_)) if encrypted.is_some() != event.resource.is_some() => {
                self.problem(
                    &place,
                    "`encrypted` says where the `resource` is: one needs the other",
                );
            }
            _ => {}
        }
    }

    /// Every form but the last is known by something.
    fn told(&mut self, place: &str, event: &Event) {
        let told = |name: &String| event.told_by.contains_key(name);
        if let Some((last, others)) = event.resources.split_last() {
            if others.is_empty() {
                self.problem(place, "one form is a `resource`");
            }
            if event.forms.is_none() {
                self.problem(place, "the forms have no name: give one in `forms`");
            }
            for form in others.iter().filter(|form| !told(form)) {
                self.problem(place, format!("`told_by` does not say how `{form}` is known"));
            }
            if told(last) {
                self.problem(
                    place,
                    format!("`{last}` is what is none of the others, so nothing tells it"),
                );
            }
        } else if event.forms.is_some() {
            self.problem(place, "`forms` without `resources`");
        }
        for (form, by) in &event.told_by {
            if !event.resources.contains(form) {
                self.problem(place, format!("`told_by`: `{form}` is none of the `resources`"));
            }
            if by.member.is_none() && by.original_type.is_none() {
                self.problem(place, format!("`told_by`: nothing tells `{form}`"));
            }
            let fields = self.events.types.objects.get(form);
            if let (Some(member), Some(fields)) = (&by.member, fields)
                && !fields.contains_key(member)
            {
                self.problem(place, format!("`told_by`: `{form}` has no member `{member}`"));
            }
            if let Some(original) = &by.original_type
                && !event.original_types.contains(original)
            {
                self.problem(
                    place,
                    format!("`told_by`: `{original}` is none of the `original_types`"),
                );
            }
        }
    }

    fn object(&mut self, place: &str, name: Option<&str>) {
        if let Some(name) = name.filter(|name| !self.events.types.objects.contains_key(*name)) {
            self.problem(place, format!("there is no object `{name}` in this file"));
        }
    }

    /// Events become variants side by side.
    fn names(&mut self) {
        let mut owners: HashMap<String, &str> = HashMap::new();
        for (kind, event) in &self.events.events {
            let place = format!("event.{kind}");
            let Some(variant) = event.name.clone().or_else(|| name::variant_of(kind)) else {
                self.problem(&place, "its type makes no Rust name: give one in `name`");
                continue;
            };
            if !is_type_name(&variant) {
                self.problem(&place, format!("`{variant}` is no name"));
            }
            if let Some(other) = owners.insert(variant.clone(), kind) {
                let message =
                    format!("`{other}` becomes `{variant}` as well: give one another name in `name`");
                self.problem(&place, message);
            }
        }
    }

    /// Events whose forms have one name have the same forms; and the name is no other type's.
    fn forms(&mut self) {
        let mut known: HashMap<&str, (&str, &'a Event)> = HashMap::new();
        let types = &self.events.types;
        for (kind, event) in &self.events.events {
            let Some(name) = event.forms.as_deref() else {
                continue;
            };
            let place = format!("event.{kind}");
            if !is_type_name(name) || name == "Event" {
                self.problem(&place, format!("`forms`: `{name}` is no type name"));
            }
            if types.objects.contains_key(name) || types.enums.contains_key(name) {
                self.problem(&place, format!("`forms`: `{name}` is a type already"));
            }
            let (other, first) = *known.entry(name).or_insert((kind, event));
            if (&first.resources, &first.told_by) != (&event.resources, &event.told_by) {
                self.problem(&place, format!("`forms`: `{name}` has other forms in `{other}`"));
            }
        }
    }

    /// Every type belongs to an event.
    fn used(&mut self) {
        let Events { types, .. } = self.events;
        let mut reached = BTreeSet::new();
        let events = self.events.events.values();
        let named = events.flat_map(|event| event.all_resources().chain(event.message.as_deref()));
        for name in named.chain(self.events.notification.as_deref()) {
            reach(types, name, &mut reached);
        }
        let objects = types.objects.keys().map(|name| ("object", name));
        let enums = types.enums.keys().map(|name| ("enum", name));
        let unused: Vec<_> = objects
            .chain(enums)
            .filter(|(_, name)| !reached.contains(name.as_str()))
            .collect();
        for (what, name) in unused {
            self.problem(&format!("{what}.{name}"), "no event has it");
        }
    }
}

fn reach<'a>(types: &'a Family, name: &'a str, reached: &mut BTreeSet<&'a str>) {
    if !reached.insert(name) {
        return;
    }
    for field in types.objects.get(name).into_iter().flat_map(Fields::values) {
        let kind = Kind::parse(&field.kind).ok();
        let below = kind.as_ref().and_then(Kind::name).and_then(|name| {
            let object = types.objects.get_key_value(name).map(|(name, _)| name);
            object.or_else(|| types.enums.get_key_value(name).map(|(name, _)| name))
        });
        if let Some(name) = below {
            reach(types, name, reached);
        }
    }
}

#[cfg(test)]
mod tests;
