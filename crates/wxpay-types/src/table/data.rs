//! The form of the embedded data: one object a family, with the types that its operations use by name.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use wxpay_proto::{Effect, Host, SignTypeRule};

use crate::schema::{
    EventForm, EventSchema, Field, Fill, Kind, OperationInfo, Place, Protocol, Returns, Schema, SettledBy,
    Signed, Sure,
};

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

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct FieldData {
    n: String,
    t: String,
    l: String,
    p: Option<String>,
    required: bool,
    required_for: Vec<String>,
    one_of: Option<String>,
    sensitive: bool,
    fill: Option<String>,
    sure: Option<String>,
    deprecated: bool,
    max_len: Option<u32>,
    min_len: Option<u32>,
    max: Option<i64>,
    min: Option<i64>,
    max_items: Option<u32>,
    min_items: Option<u32>,
    values: Vec<String>,
    format: String,
    pattern: String,
    default: Option<String>,
    x: Option<String>,
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
    let request = Schema {
        name: op.id.clone(),
        fields,
    };
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

/// A family's types, made when they are first needed.
struct Types {
    /// Those that are not made yet; one that is being made is gone, so that a circle ends.
    raw: BTreeMap<String, Vec<FieldData>>,
    enums: HashMap<String, Arc<[String]>>,
    made: HashMap<String, Arc<Schema>>,
}

impl Types {
    fn new(raw: BTreeMap<String, Vec<FieldData>>, enums: HashMap<String, Vec<String>>) -> Self {
        let enums = enums.into_iter();
        Self {
            raw,
            enums: enums.map(|(name, values)| (name, values.into())).collect(),
            made: HashMap::new(),
        }
    }

    fn schema(&mut self, name: &str) -> Option<Arc<Schema>> {
        if let Some(made) = self.made.get(name) {
            return Some(made.clone());
        }
        let raw = self.raw.remove(name)?;
        let fields = raw.into_iter().map(|field| self.field(field)).collect();
        let schema = Arc::new(Schema {
            name: name.to_owned(),
            fields,
        });
        self.made.insert(name.to_owned(), schema.clone());
        Some(schema)
    }

    fn field(&mut self, raw: FieldData) -> Field {
        Field {
            kind: self.kind(&raw.t, &raw.format),
            name: raw.n,
            label: raw.l,
            place: match raw.p.as_deref() {
                Some("path") => Place::Path,
                Some("query") => Place::Query,
                Some("header") => Place::Header,
                Some("form") => Place::Form,
                _ => Place::Body,
            },
            required: raw.required,
            required_for: raw.required_for,
            one_of: raw.one_of,
            sensitive: raw.sensitive,
            fill: match raw.fill.as_deref() {
                Some("name") => Some(Fill::Name),
                Some("sha256") => Some(Fill::Sha256),
                Some("md5") => Some(Fill::Md5),
                _ => None,
            },
            sure: match raw.sure.as_deref() {
                Some("required") => Sure::Required,
                Some("everything") => Sure::Everything,
                _ => Sure::Nothing,
            },
            deprecated: raw.deprecated,
            max_len: raw.max_len,
            min_len: raw.min_len,
            max: raw.max,
            min: raw.min,
            max_items: raw.max_items,
            min_items: raw.min_items,
            values: raw.values,
            format: raw.format,
            pattern: raw.pattern,
            default: raw.default,
            example: raw.x,
        }
    }

    /// A message of v2: of its fields the encrypted one is the object that is in it.
    fn opened(&mut self, message: &str, encrypted: Option<&str>, inner: Option<&str>) -> Option<Arc<Schema>> {
        let message = self.schema(message)?;
        let (Some(encrypted), Some(inner)) = (encrypted, inner.and_then(|name| self.schema(name))) else {
            return Some(message);
        };
        let mut fields = message.fields.clone();
        for field in fields.iter_mut().filter(|field| field.name == encrypted) {
            field.kind = Kind::Object(inner.clone());
            field.example = None;
        }
        Some(Arc::new(Schema {
            name: message.name.clone(),
            fields,
        }))
    }

    /// The catalogue's words for a type.
    fn kind(&mut self, text: &str, format: &str) -> Kind {
        if let Some(inner) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            return Kind::List(Box::new(self.kind(inner, format)));
        }
        if let Some(inner) = text.strip_prefix("json:") {
            return Kind::Json(Box::new(self.kind(inner, "")));
        }
        match text {
            "string" if matches!(format, "rfc3339" | "datetime" | "yyyymmddhhmmss") => Kind::Time,
            "string" => Kind::Text,
            "int" => Kind::Int,
            "float" => Kind::Float,
            "bool" => Kind::Flag,
            "yn" => Kind::Enum(crate::YesNo::KNOWN.iter().map(|&word| word.to_owned()).collect()),
            "file" => Kind::File,
            _ if text.starts_with("urlencoded:") => Kind::Text,
            name => match self.enums.get(name) {
                Some(values) => Kind::Enum(values.clone()),
                None => self.schema(name).map_or(Kind::Any, Kind::Object),
            },
        }
    }
}
