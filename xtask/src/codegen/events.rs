//! The modules of events: what notifications are about.

use std::path::Path;

use wxpay_catalogue::Problem;
use wxpay_catalogue::events::Events;
use wxpay_catalogue::model::{Family, Protocol};
use wxpay_catalogue::{check, read};

use super::{emit_events, emit_messages, events_page, events_plan, events_table, names, table};

/// The generated files, as paths below the crate and texts: modules, and the page that lists every event.
pub(super) struct Generated {
    pub(super) modules: Vec<(String, String)>,
    pub(super) page: (String, String),
    /// The same as data.
    pub(super) table: (String, String),
    pub(super) names: Vec<String>,
}

/// Reads the events below `catalogue` and makes their modules.
pub(super) fn generate(catalogue: &Path, families: &[Family]) -> Result<Generated, Vec<Problem>> {
    let files = read::events::folder(catalogue)?;
    let problems = check::events::problems(&files, families);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut generated = Generated {
        modules: Vec::new(),
        page: (events_page::PATH.to_owned(), events_page::page(&files)),
        table: (events_table::PATH.to_owned(), String::new()),
        names: Vec::new(),
    };
    let mut lines = Vec::new();
    for events in &files {
        let module = events_plan::module(events)?;
        lines.push(events_table::of(events, &module));
        let protocol = events.types.protocol.as_str();
        let text = match events.types.protocol {
            Protocol::V2 => emit_messages::module(events, &module),
            _ => emit_events::module(events, &module),
        };
        generated
            .modules
            .push((format!("src/events/{protocol}.rs"), text));
        let from = format!("{protocol}::events::");
        let to = format!("events::{protocol}::");
        let types = names::of(&module);
        generated
            .names
            .extend(types.iter().map(|line| line.replacen(&from, &to, 1)));
        if events.types.protocol == Protocol::V3 {
            generated.names.extend(names_of_enums(events, &to));
        }
    }
    generated.table.1 = table::list(&lines);
    Ok(generated)
}

fn names_of_enums(events: &Events, place: &str) -> Vec<String> {
    let variants: Vec<String> = events
        .events
        .iter()
        .map(|(kind, event)| events_plan::variant(kind, event))
        .collect();
    let forms = events_plan::unions(events).into_iter().map(|(name, _, event)| {
        let variants: Vec<&str> = event
            .resources
            .iter()
            .map(|form| events_plan::variant_of_form(form))
            .collect();
        format!("{place}{name}: {}", variants.join(" "))
    });
    forms
        .chain([format!("{place}Event: {}", variants.join(" "))])
        .collect()
}
