//! Checks of objects, enumerations and fields.

use std::collections::HashMap;

use super::Checker;
use crate::columns::{self, Member};
use crate::kind::Kind;
use crate::model::{Enum, Field, Fields, Place, Protocol};
use crate::name;

pub(super) const ROLES: [&str; 6] = [
    "merchant",
    "partner",
    "ecommerce",
    "institution",
    "channel",
    "platform",
];
const FORMATS: [&str; 12] = [
    "rfc3339",
    "date",
    "datetime",
    "yyyymmddhhmmss",
    "url",
    "media_id",
    "media_url",
    "data_url",
    "digits",
    "uint64",
    "mm/yy",
    "yyyymmdd",
];

impl Checker<'_> {
    pub(super) fn object(&mut self, name: &str, fields: &Fields) {
        let place = format!("object.{name}");
        for (name, field) in fields {
            let place = format!("{place}.{name}");
            if field.place.is_some() {
                self.problem(&place, "`in` is for parameters");
            }
            if name.contains('$') && self.family.protocol != Protocol::V2 {
                self.problem(&place, "numbered fields exist in v2 only");
            }
            self.field(&place, field);
        }
        self.lists(name, fields);
        self.groups(&place, fields);
        self.field_names(
            &place,
            fields
                .keys()
                .map(String::as_str)
                .filter(|name| !name.contains('$')),
        );
    }

    /// Checks what a field says, and gives its type.
    pub(super) fn field(&mut self, place: &str, field: &Field) -> Option<Kind> {
        let kind = self.kind(place, field)?;
        let element = if let Kind::List(inner) = &kind {
            inner
        } else {
            &kind
        };
        if field.sensitive && *element != Kind::Text {
            self.problem(
                place,
                format!("only texts are encrypted, and this is `{}`", field.kind),
            );
        }
        // The JSON of a form's part is written at the end, when everything in it has been sealed.
        if field.place != Some(Place::Form)
            && let (Kind::Json(_) | Kind::UrlEncoded(_), Some(name)) = (&kind, kind.name())
            && self.has_sensitive(name, &mut Vec::new())
        {
            self.problem(place, "an encrypted field cannot be sealed inside a text");
        }
        if let Some(format) = field.format.as_deref()
            && !FORMATS.contains(&format)
        {
            self.problem(place, format!("there is no format `{format}`"));
        }
        for role in field
            .required_for
            .iter()
            .filter(|role| !ROLES.contains(&role.as_str()))
        {
            self.problem(place, format!("there is no role `{role}`"));
        }
        self.certainty(place, field);
        if field.min_len > field.max_len && field.max_len.is_some() {
            self.problem(place, "`min_len` is larger than `max_len`");
        }
        if field.min_items > field.max_items && field.max_items.is_some() {
            self.problem(place, "`min_items` is larger than `max_items`");
        }
        if field.min > field.max && field.max.is_some() {
            self.problem(place, "`min` is larger than `max`");
        }
        if field.fill.is_some() && kind != Kind::Text {
            self.problem(place, "only a text is taken from a file");
        }
        if field
            .values
            .iter()
            .any(|value| !(value.is_str() || value.is_integer()))
        {
            self.problem(place, "`values` are texts or whole numbers");
        }
        for value in field.labels.keys() {
            let known = field.values.iter().any(|found| match found {
                toml::Value::String(text) => text == value,
                other => other.to_string() == *value,
            });
            if !known {
                self.problem(place, format!("`labels`: `{value}` is none of the `values`"));
            }
        }
        if let Some(pattern) = &field.pattern
            && regex_lite::Regex::new(pattern).is_err()
        {
            self.problem(place, format!("the pattern `{pattern}` cannot be read"));
        }
        Some(kind)
    }

    /// A group of which exactly one field is to be given has at least two.
    pub(super) fn groups(&mut self, place: &str, fields: &Fields) {
        let named = fields
            .iter()
            .filter_map(|(name, field)| Some((name, field.one_of.as_ref()?)));
        for (name, group) in named {
            let others = fields
                .iter()
                .filter(|(other, field)| *other != name && field.one_of.as_ref() == Some(group));
            if others.count() == 0 {
                self.problem(
                    &format!("{place}.{name}"),
                    format!("it is the only field of the group `{group}`"),
                );
            }
        }
    }

    /// Every name that is given to a list of numbered fields replaces one.
    fn lists(&mut self, object: &str, fields: &Fields) {
        let given = self.family.lists.get(object);
        let grouped = columns::grouped(fields, given).into_iter();
        for list in grouped.filter_map(|member| match member {
            Member::List(list) => Some(list),
            Member::Plain(..) => None,
        }) {
            let inner = list.inner.as_deref();
            if [Some(&list), inner]
                .into_iter()
                .flatten()
                .any(|list| list.name == "rows")
            {
                self.problem(
                    &format!("object.{object}"),
                    "numbered fields without a word in common: name their list, `list = { rows = … }`",
                );
            }
        }
        let Some(names) = given else { return };
        let mut found = Vec::new();
        for member in columns::grouped(fields, None) {
            if let Member::List(list) = member {
                found.extend(list.inner.map(|inner| inner.name));
                found.push(list.name);
            }
        }
        for (from, to) in names {
            let place = format!("object.{object}.list.{from}");
            if !found.contains(from) {
                self.problem(&place, "no list of numbered fields would have this name");
            }
            if name::field_of(to) != *to || fields.contains_key(to) {
                self.problem(&place, format!("`{to}` is no name, or that of a member"));
            }
        }
    }

    fn has_sensitive<'n>(&'n self, name: &'n str, seen: &mut Vec<&'n str>) -> bool {
        if seen.contains(&name) {
            return false;
        }
        seen.push(name);
        let fields = self.family.objects.get(name).into_iter().flat_map(Fields::values);
        fields.into_iter().any(|field| {
            let below = field.kind.trim_start_matches("json:").trim_matches(['[', ']']);
            field.sensitive || self.has_sensitive(below, seen)
        })
    }

    pub(super) fn enumeration(&mut self, name: &str, enumeration: &Enum) {
        let place = format!("enum.{name}");
        if enumeration.values.is_empty() {
            self.problem(&place, "an enumeration without values");
        }
        for value in enumeration.labels.keys().chain(enumeration.names.keys()) {
            if !enumeration.values.contains(value) {
                self.problem(&place, format!("`{value}` is none of the values"));
            }
        }
        let mut owners: HashMap<String, &str> = HashMap::new();
        for value in &enumeration.values {
            let named = enumeration.names.get(value).cloned();
            let Some(variant) = named.or_else(|| name::variant_of(value)) else {
                self.problem(
                    &place,
                    format!("`{value}` makes no Rust name: give one in `names`"),
                );
                continue;
            };
            if let Some(other) = owners.insert(variant.clone(), value) {
                let message = format!(
                    "`{other}` and `{value}` both become `{variant}`: give one another name in `names`"
                );
                self.problem(&place, message);
            }
        }
    }
}
