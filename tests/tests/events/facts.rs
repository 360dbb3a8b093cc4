//! The catalogue's events, and JSON composed from what it says.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use wxpay_catalogue::columns::{self, Member};
use wxpay_catalogue::events::{Event, Events, ToldBy};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Field, Protocol};
use wxpay_catalogue::read;

/// One form of one event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Form {
    pub(crate) kind: &'static str,
    pub(crate) event: &'static Event,
    pub(crate) resource: &'static str,
    pub(crate) told_by: Option<&'static ToldBy>,
}

fn files() -> &'static [Events] {
    static FILES: OnceLock<Vec<Events>> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/wxpay-types/catalogue");
        read::events::folder(&root).expect("the catalogue's events")
    })
}

pub(crate) fn events(protocol: Protocol) -> &'static Events {
    let found = files().iter().find(|events| events.types.protocol == protocol);
    found.expect("a file of events")
}

/// Every form of every event of v3 that has a type.
pub(crate) fn forms() -> Vec<Form> {
    let all = events(Protocol::V3).events.iter();
    all.flat_map(|(kind, event)| {
        event.all_resources().map(move |resource| Form {
            kind,
            event,
            resource,
            told_by: event.told_by.get(resource),
        })
    })
    .collect()
}

/// An object with every member that the catalogue lists, with its example where there is one.
pub(crate) fn object(events: &Events, name: &str) -> Map<String, Value> {
    let fields = &events.types.objects[name];
    let members = columns::grouped(fields, events.types.lists.get(name)).into_iter();
    members
        .map(|member| match member {
            Member::Plain(name, field) => (name.to_owned(), value(events, name, field)),
            Member::List(list) => {
                let columns = list.columns.iter();
                let row: Map<String, Value> = columns
                    .map(|(name, field)| ((*name).to_owned(), value(events, name, field)))
                    .collect();
                (list.name, json!([row]))
            }
        })
        .collect()
}

fn value(events: &Events, name: &str, field: &Field) -> Value {
    let kind = Kind::parse(&field.kind).expect("a type");
    of_kind(events, name, field, &kind)
}

fn of_kind(events: &Events, name: &str, field: &Field, kind: &Kind) -> Value {
    let example = field.example.as_ref().or_else(|| field.values.first());
    let text = || {
        example
            .and_then(toml::Value::as_str)
            .filter(|text| !text.is_empty())
            .unwrap_or(name)
            .to_owned()
    };
    match kind {
        Kind::Text | Kind::UrlEncoded(_) | Kind::File => text().into(),
        Kind::Int => example.and_then(toml::Value::as_integer).unwrap_or(8).into(),
        Kind::Float => 1.5.into(),
        Kind::Flag => true.into(),
        Kind::YesNo => "Y".into(),
        Kind::Any => json!({ "anything": [1, "2"] }),
        Kind::List(inner) => json!([of_kind(events, name, field, inner)]),
        Kind::Json(inner) => of_kind(events, name, field, inner).to_string().into(),
        Kind::Named(named) => match events.types.enums.get(named) {
            Some(found) => {
                let first = found.values.first().expect("a value");
                example.and_then(toml::Value::as_str).unwrap_or(first).into()
            }
            None => object(events, named).into(),
        },
    }
}
