//! Walking over a request beside its schema.

use std::collections::HashMap;

use regex_lite::Regex;
use serde_json::{Map, Value};

use super::finding::{Finding, Trouble};
use super::mode::Mode;
use crate::schema::{Field, Kind, OperationInfo, Protocol, Schema, Sure};

/// What is measured of a plaintext, so that the text itself need not be kept.
#[derive(Clone, Copy)]
pub(super) struct Plain {
    bytes: usize,
    wide: Option<char>,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        Self {
            bytes: text.len(),
            wide: wide(text),
        }
    }
}

/// The first character beyond the basic plane.
fn wide(text: &str) -> Option<char> {
    text.chars().find(|c| c.len_utf8() > 3)
}

/// `plain` has the sensitive fields by pointer, without a measure for those that are sealed.
pub(super) fn findings(
    info: &OperationInfo,
    request: &Value,
    plain: HashMap<String, Option<Plain>>,
) -> Vec<Finding> {
    let mut walk = Walk {
        mode: Mode::of(info, request),
        sure: info.sure,
        narrow: matches!(info.protocol, Protocol::V3),
        plain,
        findings: Vec::new(),
    };
    walk.object("", &info.request, request);
    walk.findings
}

struct Walk {
    mode: Mode,
    /// An official page or SDK vouches for the whole operation.
    sure: bool,
    /// v3 takes characters of at most three bytes (protocol section 1.6); of v2 nothing is said.
    narrow: bool,
    plain: HashMap<String, Option<Plain>>,
    findings: Vec<Finding>,
}

impl Walk {
    fn report(&mut self, at: &str, field: Option<&Field>, trouble: Trouble) {
        let sure = match field.map(|field| field.sure) {
            Some(Sure::Everything) => true,
            Some(Sure::Required) => trouble == Trouble::Missing,
            Some(Sure::Nothing) | None => false,
        };
        self.push(at, field, trouble, sure);
    }

    fn push(&mut self, at: &str, field: Option<&Field>, trouble: Trouble, sure: bool) {
        let label = field.map(|field| field.label.clone()).unwrap_or_default();
        self.findings.push(Finding {
            pointer: at.to_owned(),
            label,
            trouble,
            sure: self.sure || sure,
        });
    }

    fn object(&mut self, at: &str, schema: &Schema, value: &Value) {
        let Value::Object(members) = value else {
            return self.report(at, None, Trouble::WrongKind { wanted: "an object" });
        };
        for field in &schema.fields {
            let at = format!("{at}/{}", field.name);
            match members.get(&field.name).filter(|value| self.is_given(&at, value)) {
                Some(value) => self.field(&at, field, value),
                None if self.is_required(field) => self.report(&at, Some(field), Trouble::Missing),
                None => {}
            }
        }
        for name in members.keys().filter(|name| schema.field(name).is_none()) {
            // Documented names need no escapes in a pointer; this one is the caller's.
            let name = name.replace('~', "~0").replace('/', "~1");
            self.report(&format!("{at}/{name}"), None, Trouble::Unknown);
        }
        self.groups(at, schema, members);
    }

    /// Empty counts as not given, as it does for WeChat Pay.
    fn is_given(&self, at: &str, value: &Value) -> bool {
        match value {
            Value::Null => false,
            Value::String(text) => {
                !text.is_empty() && !matches!(self.plain.get(at), Some(Some(Plain { bytes: 0, .. })))
            }
            Value::Array(elements) => !elements.is_empty(),
            _ => true,
        }
    }

    fn is_required(&self, field: &Field) -> bool {
        field.required || field.required_for.iter().any(|role| self.mode.includes(role))
    }

    fn groups(&mut self, at: &str, schema: &Schema, members: &Map<String, Value>) {
        let named = schema.fields.iter().filter_map(|field| field.one_of.as_deref());
        let mut groups: Vec<&str> = named.collect();
        groups.sort_unstable();
        groups.dedup();
        for group in groups {
            let in_group: Vec<&Field> = schema
                .fields
                .iter()
                .filter(|field| field.one_of.as_deref() == Some(group))
                .collect();
            let given = in_group.iter().filter(|field| {
                let at = format!("{at}/{}", field.name);
                let value = members.get(&field.name);
                value.is_some_and(|value| self.is_given(&at, value))
            });
            if given.count() != 1 {
                let fields = in_group.iter().map(|field| field.name.clone()).collect();
                let sure = in_group.iter().all(|field| field.sure == Sure::Everything);
                self.push(at, None, Trouble::NotExactlyOne { fields }, sure);
            }
        }
    }

    fn field(&mut self, at: &str, field: &Field, value: &Value) {
        if let (Kind::List(_), Value::Array(elements)) = (&field.kind, value) {
            self.length(
                at,
                field,
                elements.len(),
                "elements",
                (field.min_items, field.max_items),
            );
        }
        self.value(at, field, &field.kind, value);
    }

    fn value(&mut self, at: &str, field: &Field, kind: &Kind, value: &Value) {
        let wrong = |wanted| Trouble::WrongKind { wanted };
        match (kind, value) {
            (Kind::Any | Kind::File, _) => {}
            (Kind::Object(schema), value) => self.object(at, schema, value),
            (Kind::List(kind), Value::Array(elements)) => {
                for (number, element) in elements.iter().enumerate() {
                    self.value(&format!("{at}/{number}"), field, kind, element);
                }
            }
            (Kind::List(_), _) => self.report(at, Some(field), wrong("a list")),
            (Kind::Int, Value::Number(number)) => match number.as_i64() {
                Some(number) => self.number(at, field, number),
                None => self.report(at, Some(field), wrong("a whole number")),
            },
            (Kind::Int, _) => self.report(at, Some(field), wrong("a whole number")),
            (Kind::Float, value) if !value.is_number() => self.report(at, Some(field), wrong("a number")),
            (Kind::Flag, value) if !value.is_boolean() => self.report(at, Some(field), wrong("a boolean")),
            (Kind::Float | Kind::Flag, _) => {}
            (Kind::Json(kind), Value::String(text)) => {
                self.text(at, field, text);
                match serde_json::from_str(text) {
                    Ok(inner) => self.value(at, field, kind, &inner),
                    Err(error) => {
                        self.report(
                            at,
                            Some(field),
                            Trouble::NotJson {
                                problem: error.to_string(),
                            },
                        );
                    }
                }
            }
            (Kind::Enum(known), Value::String(text)) => {
                // A value that is documented is not too long: where the two disagree, the limit is wrong.
                if known.contains(text) {
                    self.known(at, field, text);
                } else {
                    self.report(
                        at,
                        Some(field),
                        Trouble::NotOneOf {
                            value: text.clone(),
                            known: known.to_vec(),
                        },
                    );
                }
            }
            (Kind::Text | Kind::Time, Value::String(text)) => self.text(at, field, text),
            (Kind::Text | Kind::Time | Kind::Enum(_) | Kind::Json(_), _) => {
                self.report(at, Some(field), wrong("a text"));
            }
        }
    }

    fn number(&mut self, at: &str, field: &Field, value: i64) {
        if let Some(limit) = field.max.filter(|limit| value > *limit) {
            self.report(at, Some(field), Trouble::TooLarge { value, limit });
        }
        if let Some(limit) = field.min.filter(|limit| value < *limit) {
            self.report(at, Some(field), Trouble::TooSmall { value, limit });
        }
        self.known(at, field, &value.to_string());
    }

    fn known(&mut self, at: &str, field: &Field, text: &str) {
        if !field.values.is_empty() && !field.values.iter().any(|value| value == text) {
            let trouble = Trouble::NotOneOf {
                value: text.to_owned(),
                known: field.values.clone(),
            };
            self.report(at, Some(field), trouble);
        }
    }

    fn text(&mut self, at: &str, field: &Field, text: &str) {
        let (length, unit, wide) = match self.plain.get(at) {
            Some(None) => return,
            Some(Some(plain)) => (plain.bytes, "bytes", plain.wide),
            None if field.sensitive => (text.len(), "bytes", wide(text)),
            None => (text.chars().count(), "characters", wide(text)),
        };
        if !field.values.iter().any(|value| value == text) {
            self.length(at, field, length, unit, (field.min_len, field.max_len));
        }
        if let Some(character) = wide.filter(|_| self.narrow) {
            self.report(at, Some(field), Trouble::FourByteCharacter { character });
        }
        if !field.sensitive && !matches!(field.kind, Kind::Json(_)) {
            self.known(at, field, text);
            self.pattern(at, field, text);
        }
    }

    fn pattern(&mut self, at: &str, field: &Field, text: &str) {
        if field.pattern.is_empty() {
            return;
        }
        // An expression that cannot be read objects to nothing.
        let fits = Regex::new(&format!("^(?:{})$", field.pattern)).map_or(true, |found| found.is_match(text));
        if !fits {
            let pattern = field.pattern.clone();
            self.report(at, Some(field), Trouble::WrongPattern { pattern });
        }
    }

    fn length(
        &mut self,
        at: &str,
        field: &Field,
        length: usize,
        unit: &'static str,
        (least, most): (Option<u32>, Option<u32>),
    ) {
        // What does not fit into 32 bits is longer than any limit.
        let counted = u32::try_from(length).unwrap_or(u32::MAX);
        if let Some(limit) = most.filter(|limit| counted > *limit) {
            self.report(at, Some(field), Trouble::TooLong { length, limit, unit });
        }
        if let Some(limit) = least.filter(|limit| counted < *limit) {
            self.report(at, Some(field), Trouble::TooShort { length, limit, unit });
        }
    }
}
