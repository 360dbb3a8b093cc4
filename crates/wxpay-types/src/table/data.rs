//! The form of the embedded data: one object a family, with the types that its operations use by name.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use wxpay_proto::{Effect, Host, SignTypeRule};

use super::sure;
use super::types::{FieldData, Types};
use crate::schema::{EventForm, EventSchema, OperationInfo, Protocol, Returns, Schema, SettledBy, Signed};

#[derive(Deserialize)]
struct FamilyData {
    family: String,
    ops: Vec<OpData>,
    #[serde(default)]
    types: BTreeMap<String, Vec<FieldData>>,
    #[serde(default)]
    enums: HashMap<String, Vec<String>>,
}

/// The events of a protocol.
#[derive(Deserialize)]
struct EventsData {
    protocol: String,
    events: Vec<EventData>,
    #[serde(default)]
    types: BTreeMap<String, Vec<FieldData>>,
    #[serde(default)]
    enums: HashMap<String, Vec<String>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct EventData {
    #[serde(rename = "type")]
    kind: String,
    label: String,
    original_types: Vec<String>,
    forms: Vec<FormData>,
    message: Option<String>,
    encrypted: Option<String>,
}

#[derive(Deserialize)]
struct FormData {
    name: String,
    original_type: Option<String>,
    member: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct OpData {
    id: String,
    method: String,
    path: String,
    host: Option<String>,
    label: String,
    docs: Vec<String>,
    roles: Vec<String>,
    effect: Option<String>,
    signed: Option<String>,
    fields: Vec<FieldData>,
    multipart: bool,
    response: Option<String>,
    returns: Option<String>,
    plain: bool,
    produces: Vec<String>,
    status: Vec<u16>,
    echo: Vec<(String, String)>,
    cert: bool,
    sign_type: Option<String>,
    no_nonce: bool,
    pkcs1: bool,
    idempotent_by: Option<String>,
    settled_by: Option<SettledData>,
    errors: Vec<String>,
    sure: bool,
    sure_members: Vec<String>,
    deprecated: bool,
    closed: Option<String>,
}

#[derive(Deserialize)]
struct SettledData {
    op: String,
    params: Vec<(String, String)>,
    state: String,
    finals: Vec<String>,
    #[serde(default)]
    creates: bool,
}

/// Reads all families: their names, and their operations.
pub(super) fn read(text: &str) -> Result<Vec<(String, Vec<OperationInfo>)>, serde_json::Error> {
    let families: Vec<FamilyData> = serde_json::from_str(text)?;
    let families = families.into_iter();
    Ok(families
        .map(|family| (family.family.clone(), operations(family)))
        .collect())
}

/// Reads the operations of one family.
pub(super) fn family(text: &str) -> Result<Vec<OperationInfo>, serde_json::Error> {
    serde_json::from_str(text).map(operations)
}

/// Reads all events.
pub(super) fn events(text: &str) -> Result<Vec<EventSchema>, serde_json::Error> {
    let protocols: Vec<EventsData> = serde_json::from_str(text)?;
    Ok(protocols.into_iter().flat_map(events_of).collect())
}

fn events_of(data: EventsData) -> Vec<EventSchema> {
    let protocol = if data.protocol == "v2" {
        Protocol::V2
    } else {
        Protocol::V3
    };
    let mut types = Types::new(data.types, data.enums);
    let events = data.events.into_iter();
    events
        .map(|event| event_of(protocol, event, &mut types))
        .collect()
}

fn event_of(protocol: Protocol, event: EventData, types: &mut Types) -> EventSchema {
    let encrypted = event.encrypted.as_deref();
    let forms: Vec<EventForm> = match &event.message {
        Some(message) => {
            let inner = event.forms.first().map(|form| form.name.as_str());
            let document = types.opened(message, encrypted, inner);
            let form = document.map(|document| EventForm {
                name: message.clone(),
                document,
                original_type: None,
                member: None,
            });
            form.into_iter().collect()
        }
        None => {
            let form = |form: FormData| {
                Some(EventForm {
                    document: types.schema(&form.name)?,
                    name: form.name,
                    original_type: form.original_type,
                    member: form.member,
                })
            };
            event.forms.into_iter().filter_map(form).collect()
        }
    };
    EventSchema {
        protocol,
        event_type: event.kind,
        label: event.label,
        original_types: event.original_types,
        forms,
        encrypted: event.encrypted,
    }
}

fn operations(family: FamilyData) -> Vec<OperationInfo> {
    let FamilyData {
        family: name,
        ops,
        types,
        enums,
    } = family;
    let mut types = Types::new(types, enums);
    ops.into_iter()
        .map(|op| operation(&name, op, &mut types))
        .collect()
}

fn operation(family: &str, op: OpData, types: &mut Types) -> OperationInfo {
    let protocol = if family.starts_with("v2/") {
        Protocol::V2
    } else {
        Protocol::V3
    };
    let fields = op.fields.into_iter().map(|field| types.field(field)).collect();
    let mut request = Schema {
        name: op.id.clone(),
        fields,
    };
    for path in &op.sure_members {
        sure::required(&mut request, path);
    }
    let effect = match op.effect.as_deref() {
        Some("read") => Effect::Read,
        Some("write") => Effect::Write,
        None if op.method == "GET" => Effect::Read,
        _ => Effect::Money,
    };
    OperationInfo {
        name: format!("{}.{}", family.replace('/', "."), op.id),
        family: family.to_owned(),
        protocol,
        effect_is_known: op.effect.is_some() || op.method == "GET",
        effect,
        signed: match op.signed.as_deref() {
            Some("never") => Signed::Never,
            Some("if_present") => Signed::IfPresent,
            Some("digest") => Signed::Digest,
            _ => Signed::Always,
        },
        request: Arc::new(request),
        response: op.response.and_then(|name| types.schema(&name)),
        returns: match op.returns.as_deref() {
            Some("file") => Returns::File,
            Some("page") => Returns::Page,
            Some("json") => Returns::Json,
            Some("none") => Returns::Nothing,
            _ => Returns::Object,
        },
        // A host that this version does not know cannot be signed for; the default is what signs nothing foreign.
        host: op
            .host
            .and_then(|host| Host::find(&host).ok())
            .unwrap_or(Host::API),
        sign_type: match op.sign_type.as_deref() {
            Some("md5") => SignTypeRule::Md5Only,
            Some("hmac") => SignTypeRule::HmacOnly,
            _ => SignTypeRule::Choice,
        },
        nonce_str: !op.no_nonce,
        signs_request: !op.plain,
        status: if op.status.is_empty() {
            vec![200]
        } else {
            op.status
        },
        settled_by: op.settled_by.map(|settled| SettledBy {
            operation: settled.op,
            params: settled.params,
            state: settled.state,
            finals: settled.finals,
            creates: settled.creates,
        }),
        method: op.method,
        path: op.path,
        label: op.label,
        docs: op.docs,
        roles: op.roles,
        multipart: op.multipart,
        produces: op.produces,
        echo: op.echo,
        client_certificate: op.cert,
        pkcs1: op.pkcs1,
        idempotent_by: op.idempotent_by,
        errors: op.errors,
        sure: op.sure,
        deprecated: op.deprecated,
        closed: op.closed,
    }
}
