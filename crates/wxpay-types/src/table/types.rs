//! The types that operations and events name: objects and enumerations of the embedded data.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;

use crate::schema::{Field, Fill, Kind, Place, Schema, Sure};

/// A field as it is embedded.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct FieldData {
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

/// A family's types, made when they are first needed.
pub(super) struct Types {
    /// Those that are not made yet; one that is being made is gone, so that a circle ends.
    raw: BTreeMap<String, Vec<FieldData>>,
    enums: HashMap<String, Arc<[String]>>,
    made: HashMap<String, Arc<Schema>>,
}

impl Types {
    pub(super) fn new(raw: BTreeMap<String, Vec<FieldData>>, enums: HashMap<String, Vec<String>>) -> Self {
        let enums = enums.into_iter();
        Self {
            raw,
            enums: enums.map(|(name, values)| (name, values.into())).collect(),
            made: HashMap::new(),
        }
    }

    pub(super) fn schema(&mut self, name: &str) -> Option<Arc<Schema>> {
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

    pub(super) fn field(&mut self, raw: FieldData) -> Field {
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
    pub(super) fn opened(
        &mut self,
        message: &str,
        encrypted: Option<&str>,
        inner: Option<&str>,
    ) -> Option<Arc<Schema>> {
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
