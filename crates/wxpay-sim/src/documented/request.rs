//! A request as the catalogue sees it: parameters and members of the body side by side, each of its kind.

use http::HeaderMap;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use wxpay_types::schema::{Field, Kind, OperationInfo, Place};

use super::problem::{Location, Problem};

/// What a request gives, by the names of the operation's fields.
///
/// ```ignore
/// let mut request = Request::new(info);
/// request.path(&values);
/// request.query("mchid=1900007291")?;
/// request.body(json);
/// let opened = open(&request, facts, key)?;
/// check(&request, &opened, facts)?;
/// ```
#[derive(Debug)]
pub(crate) struct Request<'a> {
    pub(crate) info: &'a OperationInfo,
    /// As it arrived: what is sealed is sealed here.
    values: Map<String, Value>,
    /// What the operation does not know, and where it stands. A member of the body that is named as a parameter of the
    /// path is here too.
    strangers: Vec<(Location, String)>,
}

impl<'a> Request<'a> {
    pub(crate) fn new(info: &'a OperationInfo) -> Self {
        Self {
            info,
            values: Map::new(),
            strangers: Vec::new(),
        }
    }

    /// Takes the parameters of the path, decoded.
    pub(crate) fn path(&mut self, values: &[(&str, String)]) {
        for (name, text) in values {
            self.text(Place::Path, Location::Url, name, text);
        }
    }

    /// Takes the query as it arrived. Empty parameters count as missing, repeated ones are a list.
    pub(crate) fn query(&mut self, query: &str) -> Result<(), Problem> {
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, text) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = |text: &str| {
                let decoded = percent_decode_str(text).decode_utf8();
                let decoded = decoded.map(String::from);
                decoded.map_err(|_| Problem::wrong(Location::Query, name, text.into(), "not UTF-8"))
            };
            self.text(Place::Query, Location::Query, &decoded(name)?, &decoded(text)?);
        }
        Ok(())
    }

    /// Takes the headers that are parameters of the operation; all others are not its business.
    pub(crate) fn headers(&mut self, headers: &HeaderMap) {
        let info = self.info;
        for field in info.params().filter(|field| field.place == Place::Header) {
            let value = headers.get(&field.name).and_then(|value| value.to_str().ok());
            if let Some(text) = value {
                self.text(Place::Header, Location::Header, &field.name, text);
            }
        }
    }

    /// Takes a text that stands in a place: the path, the query, a header, a part of a form, or v2's body.
    pub(crate) fn text(&mut self, place: Place, location: Location, name: &str, text: &str) {
        let Some(field) = self.known(place, name) else {
            self.strangers.push((location, name.to_owned()));
            return;
        };
        if text.is_empty() {
            return;
        }
        let value = typed(&field.kind, text);
        match (self.values.get_mut(name), value) {
            (Some(Value::Array(elements)), Value::Array(more)) => elements.extend(more),
            // Of repeated parameters the first counts.
            (Some(_), _) => {}
            (None, value) => {
                self.values.insert(name.to_owned(), value);
            }
        }
    }

    /// Takes the members of a body.
    pub(crate) fn body(&mut self, members: Map<String, Value>) {
        for (name, value) in members {
            if self.known(Place::Body, &name).is_some() {
                self.values.insert(name, value);
            } else {
                self.strangers.push((Location::Body, name));
            }
        }
    }

    /// Takes a part of a form that is JSON, or stands for a file.
    pub(crate) fn part(&mut self, name: &str, value: Value) {
        if self.known(Place::Form, name).is_some() {
            self.values.insert(name.to_owned(), value);
        } else {
            self.strangers.push((Location::Body, name.to_owned()));
        }
    }

    /// Everything that was given, as it arrived.
    pub(crate) fn values(&self) -> &Map<String, Value> {
        &self.values
    }

    pub(super) fn strangers(&self) -> &[(Location, String)] {
        &self.strangers
    }

    fn known(&self, place: Place, name: &str) -> Option<&'a Field> {
        self.info.request.field(name).filter(|field| field.place == place)
    }
}

/// A text as what it stands for; as a text where it stands for nothing of the kind.
fn typed(kind: &Kind, text: &str) -> Value {
    let number = |text: &str| match kind {
        Kind::Int => text.parse::<i64>().ok().map(Value::from),
        _ => text.parse::<f64>().ok().map(Value::from),
    };
    match kind {
        Kind::Int | Kind::Float => number(text).unwrap_or_else(|| text.into()),
        Kind::Flag => text.parse::<bool>().map_or_else(|_| text.into(), Value::Bool),
        Kind::List(element) => Value::Array(vec![typed(element, text)]),
        _ => text.into(),
    }
}
