//! From a draft to what the outbox keeps.

use serde_json::{Map, Value, json};
use wxpay_proto::crypto::Algorithm;
use wxpay_types::schema::{EventSchema, Protocol};

use super::draft::{Envelope, EventDraft, TriggerError};
use crate::store::Form;
use crate::v2::flat;
use crate::world::World;

/// The field of a refund's notification that is encrypted with the APIv2 key; every other one is with the APIv3 key.
const REFUND: &str = "req_info";

pub(super) fn envelope(event: &EventSchema) -> Envelope {
    match event.protocol {
        Protocol::V2 => Envelope::V2(event.encrypted.clone()),
        _ => Envelope::V3,
    }
}

/// The form that it goes over the wire in, and what it says in the way that this form keeps it.
pub(super) fn resource(world: &mut World<'_>, draft: &EventDraft) -> Result<(Form, Value), TriggerError> {
    let Envelope::V2(encrypted) = &draft.envelope else {
        return Ok((Form::V3, draft.document.clone()));
    };
    let mut document = draft.document.clone();
    let members = document.as_object_mut();
    let inner = encrypted
        .as_ref()
        .zip(members)
        .map(|(field, members)| (field, members.remove(field)));
    if let Some(members) = document
        .as_object_mut()
        .filter(|members| members.contains_key("nonce_str"))
    {
        members.insert("nonce_str".to_owned(), world.sequence.hex().into());
    }
    let outer = texts(document);
    Ok(match inner {
        None => (signed(&outer), outer),
        Some((field, Some(inner @ Value::Object(_)))) if field == REFUND => {
            (Form::V2Refund, json!({ "outer": outer, REFUND: texts(inner) }))
        }
        Some((_, Some(inner @ Value::Object(_)))) => {
            (Form::V2Event, json!({ "outer": outer, "event": texts(inner) }))
        }
        Some((field, _)) => return Err(TriggerError::Encrypted { field: field.clone() }),
    })
}

/// The algorithm that the message itself names; MD5 when it names none.
fn signed(outer: &Value) -> Form {
    if outer["sign_type"] == Algorithm::HmacSha256.as_str() {
        Form::V2Hmac
    } else {
        Form::V2Md5
    }
}

/// One level, of texts.
fn texts(document: Value) -> Value {
    let fields = flat::fields(document).into_iter();
    Value::Object(
        fields
            .map(|(name, text)| (name, text.into()))
            .collect::<Map<_, _>>(),
    )
}
