//! The events as data: `src/table/events.json`, one protocol a line.

use serde_json::{Map, Value, json};
use wxpay_catalogue::events::{Event, Events};

use super::plan::Module;
use super::table::{put, types_of};

/// Where the table is, below the crate.
pub(super) const PATH: &str = "src/table/events.json";

/// The events of a protocol as a line.
pub(super) fn of(found: &Events, module: &Module<'_>) -> String {
    let events: Vec<Value> = found
        .events
        .iter()
        .map(|(kind, event)| line(kind, event))
        .collect();
    let mut out = types_of(module);
    put(&mut out, "protocol", json!(found.types.protocol.as_str()));
    put(&mut out, "events", json!(events));
    Value::Object(out).to_string()
}

fn line(kind: &str, event: &Event) -> Value {
    let forms: Vec<Value> = event
        .all_resources()
        .map(|name| {
            let told_by = event.told_by.get(name);
            let mut form = Map::new();
            put(&mut form, "name", json!(name));
            put(
                &mut form,
                "original_type",
                json!(told_by.and_then(|by| by.original_type.as_ref())),
            );
            put(
                &mut form,
                "member",
                json!(told_by.and_then(|by| by.member.as_ref())),
            );
            Value::Object(form)
        })
        .collect();
    let mut out = Map::new();
    put(&mut out, "type", json!(kind));
    put(&mut out, "label", json!(event.label));
    put(&mut out, "original_types", json!(event.original_types));
    put(&mut out, "forms", json!(forms));
    put(&mut out, "message", json!(event.message));
    put(&mut out, "encrypted", json!(event.encrypted));
    Value::Object(out)
}
