//! Where the values of a call go: path, query, headers, body, as the table says.

use http::Method;
use serde_json::{Map, Value};
use wxpay_proto::{BuildError, Draft, Effect, Sensitive};
use wxpay_types::schema::{Kind, OperationInfo, Place, Protocol, Returns};

use super::sealing;
use crate::ended::NotSent;

/// A call of a documented operation, with its values in their places.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) info: &'static OperationInfo,
    path: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: Vec<(String, String)>,
    /// The members of the body; nothing when the request has none.
    pub(super) body: Option<Map<String, Value>>,
    /// The body's encrypted fields by JSON pointer; the body itself has nulls in their places.
    pub(super) sensitive: Vec<(String, Sensitive)>,
    echoes: Vec<(String, String)>,
}

impl Request {
    /// Puts the values in their places.
    pub(super) fn new(info: &'static OperationInfo, values: Map<String, Value>) -> Result<Self, NotSent> {
        let mut request = Self {
            info,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: info.body().next().map(|_| Map::new()),
            sensitive: Vec::new(),
            echoes: Vec::new(),
        };
        request.refuse_what_has_no_form()?;
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

    fn refuse_what_has_no_form(&self) -> Result<(), NotSent> {
        let meta = self.info;
        if meta.returns == Returns::Page {
            return Err(NotSent::new(format!(
                "{}: it is an address for a browser, not a call: the typed operation makes it",
                meta.name
            )));
        }
        let file = self
            .info
            .request
            .fields
            .iter()
            .find(|field| matches!(field.kind, Kind::File));
        match file {
            Some(field) => Err(NotSent::new(format!(
                "{}: it uploads a file (`{}`), which this command cannot do yet: use the typed operation",
                meta.name, field.name
            ))),
            None => Ok(()),
        }
    }

    /// v2 seals with a key that an operation of its own returns, and a few of v3's have another padding.
    fn refuse_other_seals(&self) -> Result<(), NotSent> {
        let meta = self.info;
        let ordinary = !self.is_v2() && !meta.pkcs1;
        match self.sensitive.first() {
            Some((pointer, _)) if !ordinary => Err(NotSent::new(format!(
                "{}: {pointer} is encrypted in a way of its own, which this command cannot do yet: use the typed \
                 operation",
                meta.name
            ))),
            _ => Ok(()),
        }
    }

    fn place(&mut self, name: String, value: Value) -> Result<(), NotSent> {
        let field = self.info.request.field(&name);
        let is_v2_get = self.is_v2() && self.info.method == "GET";
        let place = match field.map(|field| field.place) {
            // The query of a v2 GET is signed field by field, so it is written as the fields are.
            Some(Place::Query) if is_v2_get => Place::Body,
            Some(place) => place,
            None if self.info.method == "GET" && !is_v2_get => Place::Query,
            None => Place::Body,
        };
        if field.is_some_and(|field| field.sensitive && place != Place::Body) {
            return Err(NotSent::new(format!(
                "{}: `{name}` is encrypted and stands outside the body, which this command cannot do yet: use the \
                 typed operation",
                self.info.name
            )));
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

    /// Writes everything but the body.
    pub(super) fn write_head(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let meta = self.info;
        draft.route(method(meta), meta.host, meta.path.clone());
        draft.effect(meta.effect);
        for (name, value) in &self.path {
            draft.path(name, Some(value))?;
        }
        for (name, value) in &self.query {
            draft.query(name, Some(value));
        }
        for (name, value) in &self.headers {
            draft.header(name, Some(value))?;
        }
        for (name, value) in &self.echoes {
            draft.echo(name.clone(), Some(value));
        }
        Ok(())
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

/// A parameter's text; objects and lists stand as JSON.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
