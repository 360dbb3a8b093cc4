//! What a notification says that nothing has happened for: the documentation's examples.

use serde_json::{Map, Value};
use wxpay_types::schema::{EventForm, EventSchema, Field, Kind, Schema};
use wxpay_types::table;

use crate::documented::{self, Asker};
use crate::profile::Merchant;

/// v2 documents the parts of a combined order with the query alone, whose answer has them in the same form.
const PARTS: (&str, &str) = ("sub_order_list", "v2.combine.query_combined_order");

/// What is in no draft: made when it is sealed.
const SEALED: [&str; 5] = [
    "sign",
    "algorithm",
    "event_algorithm",
    "event_nonce",
    "event_associated_data",
];

pub(super) fn original_type(event: &EventSchema, form: Option<&EventForm>) -> String {
    let own = form.and_then(|form| form.original_type.clone());
    own.or_else(|| event.original_types.first().cloned())
        .unwrap_or_default()
}

pub(super) fn document(asker: &Asker<'_>, event: &EventSchema, form: Option<&EventForm>) -> Value {
    let Some(form) = form else {
        return Value::Object(Map::new());
    };
    let mut document = documented::unasked(&event.name(), &form.document, asker);
    if let Some(members) = document.as_object_mut() {
        SEALED.iter().for_each(|name| drop(members.remove(*name)));
        own_number(form, asker.merchant, members);
        parts(&form.document, asker, members);
        states(&form.document, &event.event_type, members);
        if let Some(field) = event
            .encrypted
            .as_deref()
            .and_then(|name| form.document.field(name))
        {
            states_within(field, &event.event_type, members);
        }
    }
    document
}

/// A merchant that acts for nobody is not told of sub-merchants, unless the form is known by them.
fn own_number(form: &EventForm, merchant: &Merchant, members: &mut Map<String, Value>) {
    if merchant.sub_merchants().is_empty() && form.document.field("sp_mchid").is_none() {
        let told_by = |name: &str| form.member.as_deref() == Some(name);
        members.retain(|name, _| !name.starts_with("sub_") || name == "sub_orders" || told_by(name));
    }
}

fn parts(schema: &Schema, asker: &Asker<'_>, members: &mut Map<String, Value>) {
    let (name, query) = PARTS;
    let unknown = |field: &Field| matches!(&field.kind, Kind::Json(inner) if matches!(**inner, Kind::Any));
    if !schema.field(name).is_some_and(unknown) {
        return;
    }
    let answer = table::named(query).and_then(|info| info.response.as_deref());
    if let Some(answer) = answer {
        let mut answered = documented::unasked(query, answer, asker);
        members.insert(name.to_owned(), answered[name].take());
    }
}

/// A state that the event's own type tells is that one: `REFUND.CLOSED` is about a refund that is `CLOSED`.
fn states(schema: &Schema, event_type: &str, members: &mut Map<String, Value>) {
    let told = event_type.rsplit('.').next().unwrap_or(event_type);
    for field in &schema.fields {
        let is_state = field.name.ends_with("state") || field.name.ends_with("status");
        let known = match &field.kind {
            Kind::Enum(known) => known.iter().any(|value| value == told),
            _ => field.values.iter().any(|value| value == told),
        };
        if let Some(state) = members.get_mut(&field.name).filter(|_| is_state && known) {
            *state = told.into();
        }
    }
}

fn states_within(field: &Field, event_type: &str, members: &mut Map<String, Value>) {
    let inner = members.get_mut(&field.name).and_then(Value::as_object_mut);
    if let (Kind::Object(schema), Some(inner)) = (&field.kind, inner) {
        states(schema, event_type, inner);
    }
}
