//! The events of v3 in Rust.

use wxpay_catalogue::events::{Event, Events, ToldBy};

use super::events_plan::{self, Form};
use super::plan::Module;
use super::{docs, emit, emit_struct};

pub(super) fn module(found: &Events, module: &Module<'_>) -> String {
    let structs: String = module.structs.iter().map(emit_struct::object).collect();
    let enums: String = module
        .enums
        .iter()
        .map(|(name, found)| emit::enumeration(name, found))
        .collect();
    let resources: String = resources(found)
        .iter()
        .map(|name| format!("impl super::told::Resource for {name} {{}}\n"))
        .collect();
    let unions: String = events_plan::unions(found)
        .iter()
        .map(|(name, kinds, event)| union(name, kinds, event))
        .collect();
    let body = format!(
        "{}
         {unions}
         {structs}
         {resources}
         {enums}
         {}",
        event(found),
        events_plan::table(found)
    );
    let imports = emit::imports(&body);
    events_plan::framed(found, "What notifications of v3 are about.", &imports, &body)
}

/// Every resource once, in the order of the events.
fn resources(found: &Events) -> Vec<&str> {
    let mut names = Vec::new();
    for name in found.events.values().flat_map(Event::all_resources) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// One line for each event.
fn each(found: &Events, line: impl Fn(&str, &str, Form<'_>) -> String) -> String {
    let lines = found.events.iter().map(|(kind, event)| {
        let variant = events_plan::variant(kind, event);
        line(kind, &variant, events_plan::form(event))
    });
    lines.collect()
}

fn event(found: &Events) -> String {
    let variants: String = found
        .events
        .iter()
        .map(|(kind, event)| {
            format!(
                "{}{}({}),\n",
                comment(kind, event),
                events_plan::variant(kind, event),
                payload(events_plan::form(event))
            )
        })
        .collect();
    let kinds: Vec<&String> = found.events.keys().collect();
    let read = each(found, |kind, variant, form| match form {
        Form::One(_) => format!("{kind:?} => told.object().map(Self::{variant}),\n"),
        Form::Several(name) => format!("{kind:?} => {name}::told(&told).map(Self::{variant}),\n"),
        Form::Raw => format!("{kind:?} => Some(Self::{variant}(told.raw())),\n"),
    });
    let types = each(found, |kind, variant, _| {
        format!("Self::{variant}(_) => {kind:?},\n")
    });
    let raw = each(found, |_, variant, form| match form {
        Form::Raw => format!("Self::{variant}(raw) => Some(raw),\n"),
        _ => String::new(),
    });
    let any = each(found, |_, variant, form| match form {
        Form::One(_) => format!("Self::{variant}(resource) => Some(&**resource),\n"),
        Form::Several(_) => format!("Self::{variant}(forms) => Some(forms.any()),\n"),
        Form::Raw => String::new(),
    });
    let write = each(found, |_, variant, _| {
        format!("Self::{variant}(about) => serde::Serialize::serialize(about, serializer),\n")
    });
    format!(
        "/// What a notification is about, told by its type.
         ///
         /// It always can be made. Of a type whose members are not documented, of a type that is not known, and of a
         /// resource that is no object, it keeps the JSON: [`raw`](Self::raw).
         #[derive(Clone, Debug, PartialEq)]
         #[non_exhaustive]
         pub enum Event {{
             {variants}
             #[doc(hidden)]
             __Unknown(super::raw::Unknown),
         }}

         impl Event {{
             /// The types that are documented.
             pub const KNOWN: &'static [&'static str] = &{kinds:?};

             /// Reads the decrypted text of a notification.
             ///
             /// `event_type` and `original_type` are the notification's members `event_type` and
             /// `resource.original_type`.
             #[must_use]
             pub fn read(event_type: &str, original_type: Option<&str>, plaintext: &[u8]) -> Self {{
                 let told = super::told::Told::new(original_type, plaintext);
                 let found = match event_type {{
                     {read}
                     _ => None,
                 }};
                 found.unwrap_or_else(|| Self::__Unknown(told.unknown(event_type)))
             }}

             /// The notification's type, as it arrived.
             #[must_use]
             pub fn event_type(&self) -> &str {{
                 match self {{
                     {types}
                     Self::__Unknown(unknown) => unknown.event_type(),
                 }}
             }}

             /// The JSON, when it is not in a type.
             #[must_use]
             pub fn raw(&self) -> Option<&super::raw::Raw> {{
                 match self {{
                     {raw}
                     Self::__Unknown(unknown) => Some(unknown.raw()),
                     _ => None,
                 }}
             }}

             /// What it is about, whatever its type: several types can be about the same thing.
             #[must_use]
             pub fn resource<T: super::told::Resource>(&self) -> Option<&T> {{
                 self.any().and_then(|resource| resource.downcast_ref())
             }}

             fn any(&self) -> Option<&dyn std::any::Any> {{
                 match self {{
                     {any}
                     _ => None,
                 }}
             }}
         }}

         impl From<&proto::v3::OpenedNotification> for Event {{
             fn from(opened: &proto::v3::OpenedNotification) -> Self {{
                 Self::read(opened.event_type(), opened.original_type(), opened.plaintext())
             }}
         }}

         /// Written as what it is about, without its type.
         impl serde::Serialize for Event {{
             fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {{
                 match self {{
                     {write}
                     Self::__Unknown(unknown) => serde::Serialize::serialize(unknown.raw(), serializer),
                 }}
             }}
         }}

        "
    )
}

fn payload(form: Form<'_>) -> String {
    match form {
        Form::One(name) => format!("Box<{name}>"),
        Form::Several(name) => name.to_owned(),
        Form::Raw => "super::raw::Raw".to_owned(),
    }
}

fn comment(kind: &str, event: &Event) -> String {
    let mut lines = vec![match &event.label {
        Some(label) => format!("{}: {}.", docs::code(kind), docs::escaped(label)),
        None => format!("{}.", docs::code(kind)),
    }];
    if events_plan::form(event) == Form::Raw {
        lines[0] += " Its members are not documented here.";
    }
    let pages: Vec<&str> = event.docs.iter().map(String::as_str).collect();
    if let Some(pages) = events_plan::official(&pages) {
        lines.extend([String::new(), pages]);
    }
    docs::comment(&lines)
}

fn union(name: &str, kinds: &[&str], event: &Event) -> String {
    let kinds: Vec<String> = kinds.iter().map(|kind| docs::code(kind)).collect();
    let kinds = docs::listed(&kinds);
    let (mut variants, mut told, mut any) = (String::new(), String::new(), String::new());
    for form in &event.resources {
        let variant = events_plan::variant_of_form(form);
        let by = event.told_by.get(form);
        variants += &format!(
            "/// {} [`{form}`].\n{variant}(Box<{form}>),\n",
            by.map_or_else(|| "None of the others:".to_owned(), known_by)
        );
        let read = format!("told.object().map(Self::{variant})");
        told += &match by {
            Some(by) => format!("if {} {{\nreturn {read};\n}}\n", condition(by)),
            None => format!("{read}\n"),
        };
        any += &format!("Self::{variant}(resource) => &**resource,\n");
    }
    format!(
        "/// The forms of what is encrypted in {kinds}, in the order in which they are tried.
         #[derive(Clone, Debug, PartialEq, serde::Serialize)]
         #[serde(untagged)]
         #[non_exhaustive]
         pub enum {name} {{
             {variants}
         }}

         impl {name} {{
             fn told(told: &super::told::Told<'_>) -> Option<Self> {{
                 {told}
             }}

             fn any(&self) -> &dyn std::any::Any {{
                 match self {{
                     {any}
                 }}
             }}
         }}

        "
    )
}

fn known_by(by: &ToldBy) -> String {
    let member = by
        .member
        .as_ref()
        .map(|member| format!("the member {}", docs::code(member)));
    let original = by
        .original_type
        .as_ref()
        .map(|original| format!("the original type {}", docs::code(original)));
    let by: Vec<String> = original.into_iter().chain(member).collect();
    format!("Known by {}:", by.join(" or by "))
}

fn condition(by: &ToldBy) -> String {
    let member = by.member.as_ref().map(|member| format!("told.has({member:?})"));
    let original = by
        .original_type
        .as_ref()
        .map(|original| format!("told.is({original:?})"));
    let by: Vec<String> = original.into_iter().chain(member).collect();
    by.join(" || ")
}
