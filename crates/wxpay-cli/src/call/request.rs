//! Where the values of a call go: path, query, headers, body, as the table says.

use http::Method;
use serde_json::{Map, Value};
use wxpay_proto::{BuildError, Draft, Effect, FilePart, Sensitive};
use wxpay_types::schema::{Kind, OperationInfo, Place, Protocol};

use super::sealing::{self, SealedParameter};
use super::upload::Upload;
use super::values::text;
use crate::ended::NotSent;

/// A call of a documented operation, with its values in their places.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) info: &'static OperationInfo,
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// Encrypted parameters outside the body.
    sealed: Vec<SealedParameter>,
    /// The members of the body; nothing when the request has none.
    pub(super) body: Option<Map<String, Value>>,
    /// The parts of a multipart body.
    pub(super) upload: Option<Upload>,
    /// The body's encrypted fields by JSON pointer; the body itself has nulls in their places.
    pub(super) sensitive: Vec<(String, Sensitive)>,
    echoes: Vec<(String, String)>,
}

impl Request {
    /// Puts the values in their places.
    pub(super) fn new(
        info: &'static OperationInfo,
        values: Map<String, Value>,
        file: Option<FilePart>,
    ) -> Result<Self, NotSent> {
        let mut request = Self {
            info,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            sealed: Vec::new(),
            upload: file.map(|file| Upload::new(info, file)),
            body: info.body().next().map(|_| Map::new()),
            sensitive: Vec::new(),
            echoes: Vec::new(),
        };
        for field in info.params().filter(|field| field.place == Place::Path) {
            let value = values
                .get(&field.name)
                .and_then(text)
                .filter(|text| !text.is_empty());
            let value = value.ok_or_else(|| {
                NotSent::new(format!(
                    "{}: the path parameter `{}`{} is missing: --set {}=…",
                    info.name,
                    field.name,
                    labelled(&field.label),
                    field.name
                ))
            })?;
            if answers_with(info, &field.name) {
                request.echoes.push((field.name.clone(), value.clone()));
            }
            request.path.push((&field.name, value));
        }
        let others = values.into_iter().filter(|(_, value)| !value.is_null());
        for (name, value) in others {
            request.place(name, value)?;
        }
        if let Some(body) = &mut request.body {
            request.sensitive = sealing::take(&info.request, body);
        }
        request.refuse_other_seals()?;
        Ok(request)
    }

    /// v2 seals with a key that an operation of its own returns.
    fn refuse_other_seals(&self) -> Result<(), NotSent> {
        let fields = self.sensitive.iter().map(|(pointer, _)| pointer.as_str());
        let first = fields.chain(self.sealed.iter().map(|field| field.name)).next();
        match first {
            Some(field) if self.is_v2() => Err(NotSent::new(format!(
                "{}: {field} is encrypted with a key that v2.risk.get_public_key returns, which this command does not \
                 do: use the typed operation",
                self.info.name
            ))),
            _ => Ok(()),
        }
    }

    fn place(&mut self, name: String, value: Value) -> Result<(), NotSent> {
        let field = self.info.request.field(&name);
        // The query of a v2 GET is signed field by field, so it is written as the fields are.
        let is_get = self.info.method == "GET";
        let is_signed_query = self.is_v2() && is_get && self.info.signs_request;
        let place = match field.map(|field| field.place) {
            Some(Place::Query) if is_signed_query => Place::Body,
            Some(place) => place,
            None if is_get && !is_signed_query => Place::Query,
            None => Place::Body,
        };
        match (field, place) {
            (Some(field), Place::Query | Place::Header) if field.sensitive => {
                self.sealed.extend(text(&value).map(|text| SealedParameter {
                    place,
                    name: &field.name,
                    value: Sensitive::new(text),
                }));
                return Ok(());
            }
            (Some(field), Place::Path) if field.sensitive => {
                return Err(NotSent::new(format!(
                    "{}: `{name}` is encrypted and stands in the path, which this command cannot do yet: use the typed \
                     operation",
                    self.info.name
                )));
            }
            (Some(field), Place::Form) => {
                if let Some(upload) = &mut self.upload {
                    upload.place(field, value);
                }
                return Ok(());
            }
            (None, Place::Body) if self.upload.is_some() => {
                return Err(NotSent::new(format!(
                    "{}: the form has no part `{name}`",
                    self.info.name
                )));
            }
            _ => {}
        }
        match place {
            Place::Path => {}
            Place::Query => {
                let values = match value {
                    Value::Array(elements) => elements,
                    value => vec![value],
                };
                let texts = values.iter().filter_map(text);
                self.query.extend(texts.map(|text| (name.clone(), text)));
            }
            Place::Header => self.headers.extend(text(&value).map(|text| (name, text))),
            _ => {
                self.body.get_or_insert_default().insert(name, value);
            }
        }
        Ok(())
    }

    /// Whether the operation is one of v2.
    pub(super) fn is_v2(&self) -> bool {
        matches!(self.info.protocol, Protocol::V2)
    }

    pub(super) fn effect(&self) -> Effect {
        self.info.effect
    }

    /// Shows every encrypted field.
    pub(super) fn secrets(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        for (pointer, field) in &mut self.sensitive {
            visit(pointer, field);
        }
        for field in &mut self.sealed {
            visit(&format!("/{}", field.name), &mut field.value);
        }
    }

    /// Writes everything but the body.
    pub(super) fn write_head(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let meta = self.info;
        draft.route(method(meta), meta.host, meta.path.clone());
        draft.effect(meta.effect);
        for (name, value) in &self.path {
            draft.path(name, Some(value))?;
        }
        self.write_query(draft);
        for (name, value) in &self.headers {
            draft.header(name, Some(value))?;
        }
        for field in &self.sealed {
            field.write(draft)?;
        }
        for (name, value) in &self.echoes {
            draft.echo(name.clone(), Some(value));
        }
        Ok(())
    }

    fn write_query(&self, draft: &mut Draft) {
        for (name, value) in &self.query {
            draft.query(name, Some(value));
        }
    }
}

/// The table's methods are those of the catalogue, which checks them; anything else would be sent as POST.
fn method(info: &OperationInfo) -> Method {
    info.method.parse().unwrap_or(Method::POST)
}

/// A path parameter that the answer has as a text of the same name must be the same there.
fn answers_with(info: &OperationInfo, name: &str) -> bool {
    let answered = info.response.as_ref().and_then(|schema| schema.field(name));
    answered.is_some_and(|field| matches!(field.kind, Kind::Text) && !field.sensitive)
}

fn labelled(label: &str) -> String {
    if label.is_empty() {
        String::new()
    } else {
        format!(" ({label})")
    }
}
