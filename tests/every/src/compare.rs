//! Whether what was read and written again still says what was given.

use serde_json::{Map, Value, json};
use wxpay_catalogue::columns::{self, List, Member};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Field};

use crate::catalogue::{is_word, kind};

/// What differs, each with its pointer, and how many values were compared.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Compared {
    /// What differs.
    pub problems: Vec<String>,
    /// The values that are the same.
    pub same: usize,
    /// The values that are of a kind which no field of that type can hold; the raw body keeps them.
    pub foreign: usize,
}

/// Compares an object that was given with what was written back.
#[must_use]
pub fn object(family: &Family, name: &str, given: &Value, got: &Value) -> Compared {
    let mut comparer = Comparer {
        family,
        compared: Compared::default(),
    };
    comparer.object(name, given, got, "");
    comparer.compared
}

struct Comparer<'a> {
    family: &'a Family,
    compared: Compared,
}

impl Comparer<'_> {
    fn problem(&mut self, at: &str, given: &Value, got: &Value) {
        self.compared.problems.push(format!("{at}: {given} became {got}"));
    }

    fn object(&mut self, name: &str, given: &Value, got: &Value, at: &str) {
        let family = self.family;
        let (Some(given), Some(fields)) = (given.as_object(), family.objects.get(name)) else {
            self.compared.foreign += 1;
            return;
        };
        let Some(got) = got.as_object() else {
            let missing = got.is_null() && given.is_empty();
            if !missing {
                self.problem(at, &Value::Object(given.clone()), got);
            }
            return;
        };
        let mut known = Vec::new();
        for member in columns::grouped(fields, family.lists.get(name)) {
            match member {
                Member::Plain(name, field) => {
                    known.push(name.to_owned());
                    self.member(name, field, given, got, at);
                }
                Member::List(list) => {
                    known.push(list.name.clone());
                    self.rows(
                        &list,
                        given.get(&list.name).unwrap_or(&Value::Null),
                        got.get(&list.name),
                        &format!("{at}/{}", list.name),
                    );
                }
            }
        }
        for name in got.keys().filter(|name| !known.contains(name)) {
            self.compared
                .problems
                .push(format!("{at}/{name}: nobody documents it"));
        }
    }

    fn member(
        &mut self,
        name: &str,
        field: &Field,
        given: &Map<String, Value>,
        got: &Map<String, Value>,
        at: &str,
    ) {
        let at = format!("{at}/{name}");
        let (given, got) = (
            given.get(name).unwrap_or(&Value::Null),
            got.get(name).unwrap_or(&Value::Null),
        );
        self.value(field, &kind(field), given, got, &at);
    }

    /// The elements of a list made of numbered fields; those of which nothing documented is given do not count.
    fn rows(&mut self, list: &List<'_>, given: &Value, got: Option<&Value>, at: &str) {
        let rows = given.as_array().into_iter().flatten();
        let given: Vec<&Value> = rows.filter(|row| says_something(list, row)).collect();
        let got = got.and_then(Value::as_array).cloned().unwrap_or_default();
        if given.len() != got.len() {
            self.problem(at, &json!(given), &json!(got));
            return;
        }
        for (number, (given, got)) in given.into_iter().zip(&got).enumerate() {
            let at = format!("{at}/{number}");
            let (Some(given), Some(got)) = (given.as_object(), got.as_object()) else {
                self.problem(&at, given, got);
                continue;
            };
            for (name, field) in &list.columns {
                self.member(name, field, given, got, &at);
            }
            if let Some(inner) = &list.inner {
                let missing = Value::Null;
                let given = given.get(&inner.name).unwrap_or(&missing);
                self.rows(
                    inner,
                    given,
                    got.get(&inner.name),
                    &format!("{at}/{}", inner.name),
                );
            }
        }
    }

    fn value(&mut self, field: &Field, kind: &Kind, given: &Value, got: &Value, at: &str) {
        let given_text = given.as_str();
        match kind {
            _ if given.is_null() => {
                if !got.is_null() {
                    self.problem(at, given, got);
                }
            }
            Kind::Named(name) if self.family.objects.contains_key(name) => self.object(name, given, got, at),
            Kind::List(inner) => self.list(field, inner, given, got, at),
            Kind::Any | Kind::File => self.equal(given, got, at),
            Kind::Json(_) if given_text.is_none() => {
                let text = got.as_str().and_then(|text| serde_json::from_str(text).ok());
                self.equal(given, &text.unwrap_or_default(), at);
            }
            _ if given.is_object() || given.is_array() => self.compared.foreign += 1,
            // Empty is missing.
            _ if given_text == Some("") && is_word(self.family, field, kind) => {
                self.equal(&Value::Null, got, at)
            }
            _ => match wanted(kind, given) {
                Some(wanted) => self.equal(&wanted, got, at),
                None => self.compared.foreign += 1,
            },
        }
    }

    fn equal(&mut self, given: &Value, got: &Value, at: &str) {
        // A fraction has several spellings, also as a text.
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
        let same = number(given)
            .zip(number(got))
            .is_some_and(|(a, b): (f64, f64)| a == b);
        if given == got || (same && (given.is_f64() || got.is_f64())) {
            self.compared.same += 1;
        } else {
            self.problem(at, given, got);
        }
    }

    /// One value alone is a list of one, and elements that no field of that type can hold are left out.
    fn list(&mut self, field: &Field, inner: &Kind, given: &Value, got: &Value, at: &str) {
        let given = match given {
            Value::Array(elements) => elements.clone(),
            Value::String(text) if text.is_empty() => Vec::new(),
            alone => vec![alone.clone()],
        };
        let is_object = matches!(inner, Kind::Named(name) if self.family.objects.contains_key(name));
        let fits = |element: &Value| match inner {
            Kind::Any => true,
            _ if is_object => element.is_object(),
            _ => !element.is_object() && !element.is_array() && wanted(inner, element).is_some(),
        };
        let (given, foreign): (Vec<Value>, Vec<Value>) = given.into_iter().partition(fits);
        self.compared.foreign += foreign.len();
        let none = Vec::new();
        let got = got.as_array().unwrap_or(&none);
        if given.len() != got.len() {
            self.problem(at, &json!(given), &json!(got));
            return;
        }
        for (number, (given, got)) in given.iter().zip(got).enumerate() {
            let at = format!("{at}/{number}");
            if is_object {
                self.value(field, inner, given, got, &at);
            } else {
                self.equal(&wanted(inner, given).unwrap_or_default(), got, &at);
            }
        }
    }
}

/// Whether an element has a value in one of the list's columns. A member that is none of them has no number when it is
/// flat, so that it belongs to no element.
fn says_something(list: &List<'_>, row: &Value) -> bool {
    let given = |name: &str| row.get(name).is_some_and(|value| !value.is_null());
    let inner = || {
        let inner = list.inner.as_ref()?;
        let rows = row.get(&inner.name)?.as_array()?;
        Some(rows.iter().any(|row| says_something(inner, row)))
    };
    list.columns.iter().any(|(name, _)| given(name)) || inner().unwrap_or(false)
}

/// What a scalar is written as; nothing when a field of that type cannot hold it.
fn wanted(kind: &Kind, given: &Value) -> Option<Value> {
    let text = match given {
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    };
    match kind {
        Kind::Int => match given {
            Value::String(text) => text.trim().parse::<i64>().ok().map(|number| json!(number)),
            Value::Number(number) => number.as_i64().map(|number| json!(number)),
            _ => None,
        },
        Kind::Float => match given {
            Value::String(text) => text
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|n| n.is_finite())
                .map(|n| json!(n)),
            Value::Number(_) => Some(given.clone()),
            _ => None,
        },
        Kind::Flag => match text?.trim() {
            "true" | "1" | "Y" => Some(json!(true)),
            "false" | "0" | "N" => Some(json!(false)),
            _ => None,
        },
        Kind::Any => Some(given.clone()),
        // A fraction has several spellings.
        _ if given.is_f64() => Some(given.clone()),
        // Enumerations, and all else that is a text.
        _ => text.map(Value::String),
    }
}
