//! Values made from the facts of the catalogue: every member of an object is given.

use std::cell::{Cell, RefCell};
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use wxpay_catalogue::columns::{self, List, Member};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field};

use crate::catalogue::kind;

/// Objects within objects end here; one object of the catalogue holds itself.
const DEPTH: usize = 10;

/// Makes values of one family.
pub struct Composer<'a> {
    family: &'a Family,
    /// The text of the sensitive field with this number.
    secret: &'a dyn Fn(usize) -> String,
    count: Cell<usize>,
    depth: Cell<usize>,
    secrets: RefCell<Vec<(String, String)>>,
}

impl fmt::Debug for Composer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Composer")
            .field("family", &self.family.file)
            .finish_non_exhaustive()
    }
}

impl<'a> Composer<'a> {
    /// Makes values of a family; `secret` makes what is given for sensitive fields.
    #[must_use]
    pub fn new(family: &'a Family, secret: &'a dyn Fn(usize) -> String) -> Self {
        Self {
            family,
            secret,
            count: Cell::new(0),
            depth: Cell::new(0),
            secrets: RefCell::default(),
        }
    }

    /// The sensitive fields that were made: pointer and text.
    #[must_use]
    pub fn secrets(self) -> Vec<(String, String)> {
        self.secrets.into_inner()
    }

    /// An object with all its members, `$n` columns as lists; `at` is where it stands.
    pub fn object(&self, name: &str, at: &str) -> Value {
        let Some(fields) = self.family.objects.get(name) else {
            return json!({});
        };
        self.depth.set(self.depth.get() + 1);
        let mut members = Map::new();
        for member in columns::grouped(fields, self.family.lists.get(name)) {
            match member {
                Member::Plain(name, field) => self.member(&mut members, name, field, at),
                Member::List(list) => {
                    let rows = self.rows(&list, &format!("{at}/{}", list.name));
                    members.insert(list.name.clone(), rows);
                }
            }
        }
        self.depth.set(self.depth.get() - 1);
        Value::Object(members)
    }

    fn member(&self, members: &mut Map<String, Value>, name: &str, field: &Field, at: &str) {
        let kind = kind(field);
        let is_object = kind
            .name()
            .is_some_and(|name| self.family.objects.contains_key(name));
        if !is_object || self.depth.get() < DEPTH {
            members.insert(
                name.to_owned(),
                self.value(name, field, &kind, &format!("{at}/{name}")),
            );
        }
    }

    /// Two elements of a list made of numbered fields.
    fn rows(&self, list: &List<'_>, at: &str) -> Value {
        let row = |number: usize| {
            let at = format!("{at}/{number}");
            let mut row = Map::new();
            for (name, field) in &list.columns {
                self.member(&mut row, name, field, &at);
            }
            if let Some(inner) = &list.inner {
                row.insert(
                    inner.name.clone(),
                    self.rows(inner, &format!("{at}/{}", inner.name)),
                );
            }
            Value::Object(row)
        };
        Value::Array(vec![row(0), row(1)])
    }

    /// A value of a field.
    pub fn value(&self, name: &str, field: &Field, kind: &Kind, at: &str) -> Value {
        match kind {
            Kind::Text if field.sensitive => self.sensitive(at),
            Kind::Text => Value::String(self.text(name, field)),
            Kind::Int => json!(self.int(field)),
            Kind::Float => json!(
                field
                    .example
                    .as_ref()
                    .and_then(toml::Value::as_float)
                    .unwrap_or(0.25)
            ),
            Kind::Flag => json!(self.next().is_multiple_of(2)),
            Kind::YesNo => json!(["Y", "N"][self.next() % 2]),
            Kind::Any => json!({ "anything": ["一", 1, true] }),
            Kind::File => {
                json!({ "name": "a.png", "media_type": "image/png", "content": STANDARD.encode(PNG) })
            }
            Kind::Named(name) => match self.family.enums.get(name) {
                Some(known) if known.values.is_empty() => json!("NEW"),
                Some(known) => json!(known.values[self.next() % known.values.len()]),
                None => self.object(name, at),
            },
            Kind::List(inner) => {
                let count = if field.max_items == Some(1) { 1 } else { 2 };
                let element = |number| {
                    let value = self.value(name, field, inner, &format!("{at}/{number}"));
                    told_apart(value, number)
                };
                (0..count).map(element).collect()
            }
            Kind::Json(inner) => json!(self.plain().value(name, field, inner, "").to_string()),
            Kind::UrlEncoded(inner) => json!(query(&self.plain().value(name, field, inner, ""))),
        }
    }

    /// Makes what stands inside a text, where nothing is sealed.
    fn plain(&self) -> Self {
        Self::new(self.family, &|number| format!("文{number}"))
    }

    fn next(&self) -> usize {
        self.count.set(self.count.get() + 1);
        self.count.get()
    }

    fn sensitive(&self, at: &str) -> Value {
        let text = (self.secret)(self.next());
        self.secrets.borrow_mut().push((at.to_owned(), text.clone()));
        Value::String(text)
    }

    fn text(&self, name: &str, field: &Field) -> String {
        let said = field.example.iter().chain(&field.values).find_map(plain_text);
        if let Some(text) = said.filter(|text| !text.is_empty()) {
            return text;
        }
        match field.format.as_deref() {
            Some("rfc3339") => "2018-06-08T10:34:56+08:00".to_owned(),
            Some("datetime") => "2018-06-08 10:34:56".to_owned(),
            Some("yyyymmddhhmmss") => "20180608103456".to_owned(),
            _ => {
                let text = format!("{}&<\"微'>{name}", self.next());
                let length = field.max_len.map_or(usize::MAX, |length| length.max(1) as usize);
                text.chars().take(length).collect()
            }
        }
    }

    fn int(&self, field: &Field) -> i64 {
        let said = field.example.iter().chain(&field.values);
        said.filter_map(|value| value.as_integer().or_else(|| value.as_str()?.parse().ok()))
            .next()
            .or(field.min)
            .or(field.max)
            .unwrap_or_else(|| self.next() as i64)
    }
}

/// A small file.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n--\r\n\0";

/// The second element of a list of texts or numbers differs from the first.
fn told_apart(value: Value, number: usize) -> Value {
    match value {
        Value::Number(found) if number > 0 => found
            .as_i64()
            .map_or(Value::Number(found), |found| json!(found ^ 1)),
        other => other,
    }
}

/// A scalar of the catalogue as text.
#[must_use]
pub fn plain_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// The text of a scalar, as it stands in a query.
#[must_use]
pub fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn query(value: &Value) -> String {
    let pair = |(name, value): (&String, &Value)| {
        let value = text_of(value);
        format!("{name}={}", utf8_percent_encode(&value, NON_ALPHANUMERIC))
    };
    let members = value.as_object().into_iter().flatten();
    members.map(pair).collect::<Vec<_>>().join("&")
}
