//! What the modules of events say, decided before a word of it is written.

use std::collections::{BTreeSet, HashMap};

use wxpay_catalogue::Problem;
use wxpay_catalogue::events::{Event, Events};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Fields};
use wxpay_catalogue::name;

use super::docs;
use super::plan::{self, Module};
use super::planner::StructPlan;

/// What stands behind an event's variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// A struct.
    One(&'a str),
    /// An enumeration of structs.
    Several(&'a str),
    /// JSON, because its members are not known.
    Raw,
}

pub(super) fn form(event: &Event) -> Form<'_> {
    match (&event.resource, &event.forms) {
        (Some(name), _) => Form::One(name),
        (None, Some(name)) => Form::Several(name),
        (None, None) => Form::Raw,
    }
}

/// The variant of an event; the checks have told types that make none.
pub(super) fn variant(kind: &str, event: &Event) -> String {
    let given = event.name.clone();
    given.or_else(|| name::variant_of(kind)).unwrap_or_default()
}

/// The variant of a form: its name without `Resource`.
pub(super) fn variant_of_form(form: &str) -> &str {
    form.strip_suffix("Resource")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(form)
}

/// The enumerations of forms, each with the types of its events and the first of them.
pub(super) fn unions(events: &Events) -> Vec<(&str, Vec<&str>, &Event)> {
    let mut found: Vec<(&str, Vec<&str>, &Event)> = Vec::new();
    for (kind, event) in &events.events {
        let Some(name) = event.forms.as_deref() else {
            continue;
        };
        match found.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, kinds, _)) => kinds.push(kind),
            None => found.push((name, vec![kind], event)),
        }
    }
    found
}

/// The types: those of the envelope are the core's, and each resource says what it belongs to.
pub(super) fn module(events: &Events) -> Result<Module<'_>, Vec<Problem>> {
    let mut module = plan::module(&events.types)?;
    let mut envelope = BTreeSet::new();
    if let Some(name) = &events.notification {
        reach(&events.types, name, &mut envelope);
    }
    let mut wanted = BTreeSet::new();
    for event in events.events.values() {
        for name in event.all_resources().chain(event.message.as_deref()) {
            reach(&events.types, name, &mut wanted);
        }
    }
    let is_envelope = |name: &str| envelope.contains(name) && !wanted.contains(name);
    module.structs.retain(|plan| !is_envelope(&plan.name));
    module.enums.retain(|(name, _)| !is_envelope(name));
    let owners = owners(events);
    for plan in &mut module.structs {
        // Only WeChat Pay makes them, so they may grow.
        plan.in_requests = false;
        if let Some(owner) = owners.get(plan.name.as_str()) {
            tell(plan, owner);
        }
    }
    Ok(module)
}

/// The events of each resource and message.
fn owners(events: &Events) -> HashMap<&str, Vec<(&str, &Event)>> {
    let mut owners: HashMap<&str, Vec<_>> = HashMap::new();
    for (kind, event) in &events.events {
        for name in event.all_resources().chain(event.message.as_deref()) {
            owners.entry(name).or_default().push((kind.as_str(), event));
        }
    }
    owners
}

fn tell(plan: &mut StructPlan<'_>, events: &[(&str, &Event)]) {
    let kinds: Vec<String> = events
        .iter()
        .map(|(kind, event)| match &event.label {
            Some(label) => format!("{} ({})", docs::code(kind), docs::escaped(label)),
            None => docs::code(kind),
        })
        .collect();
    let is_message = events
        .iter()
        .any(|(_, event)| event.message.as_deref() == Some(plan.name.as_str()));
    let what = if is_message {
        "The message of"
    } else {
        "What is encrypted in"
    };
    let mut pages: Vec<&str> = events
        .iter()
        .flat_map(|(_, event)| event.docs.iter().map(String::as_str))
        .collect();
    let mut seen = BTreeSet::new();
    pages.retain(|page| seen.insert(*page));
    let mut about = format!("{what} {}.", docs::listed(&kinds));
    if let Some(line) = official(&pages) {
        about += &format!("\n///\n/// {line}");
    }
    plan.about = about;
}

/// The official pages in one line.
pub(super) fn official(pages: &[&str]) -> Option<String> {
    let pages: Vec<String> = pages.iter().map(|page| format!("<{page}>")).collect();
    (!pages.is_empty()).then(|| format!("Official pages: {}.", pages.join(", ")))
}

fn reach<'a>(family: &'a Family, name: &str, reached: &mut BTreeSet<&'a str>) {
    if let Some((name, _)) = family.enums.get_key_value(name) {
        reached.insert(name);
    }
    let Some((name, fields)) = family.objects.get_key_value(name) else {
        return;
    };
    if !reached.insert(name) {
        return;
    }
    for field in Fields::values(fields) {
        let kind = Kind::parse(&field.kind).ok();
        if let Some(name) = kind.as_ref().and_then(Kind::name) {
            reach(family, name, reached);
        }
    }
}

/// `EVENTS`: what is documented of every event, at run time.
pub(super) fn table(events: &Events) -> String {
    let entries: String = events.events.iter().map(entry).collect();
    format!(
        "/// What is documented of every event.
         pub const EVENTS: &[super::info::EventInfo] = &[{entries}];
        "
    )
}

fn entry((kind, event): (&String, &Event)) -> String {
    let label = event.label.as_deref().unwrap_or_default();
    let resources: Vec<&str> = event.all_resources().collect();
    format!(
        "super::info::EventInfo {{
             event_type: {kind:?},
             label: {label:?},
             original_types: &{:?},
             resources: &{resources:?},
             message: {:?},
             docs: &{:?},
         }},
        ",
        event.original_types, event.message, event.docs
    )
}

/// The frame of a module.
pub(super) fn framed(events: &Events, about: &str, imports: &str, body: &str) -> String {
    let file = &events.types.file;
    format!(
        "//! Generated by `cargo xtask codegen` from `catalogue/{file}`. Do not edit.
         //!
         //! {about}

         {imports}

         {body}"
    )
    .lines()
    .map(|line| line.trim_start().to_owned() + "\n")
    .collect()
}
