//! Makes answers: the catalogue's types and examples, about the order that was asked for, at the time that it is.

use serde_json::{Map, Value, json};
use wxpay_proto::UnixTime;
use wxpay_types::schema::{Field, Kind, OperationInfo, Schema};

use super::asker::Asker;
use super::likeness::Likeness;
use super::{files, plausible, times};

/// More elements than this are not made of one list in a request.
const LONGEST_LIST: usize = 50;

/// The answer's object, encrypted fields in plaintext; nothing for an operation that answers none.
///
/// The same settings and the same business number give the same answer, whenever it is asked; only times move on. What
/// is in no request comes from the documentation: nothing is stored.
pub(crate) fn answer(info: &OperationInfo, request: &Value, asker: &Asker<'_>) -> Option<Value> {
    let schema = info.response.as_ref()?;
    let maker = Maker {
        info: Some(info),
        request,
        asker,
        likeness: Likeness::new(info, request, asker.seed),
    };
    Some(Value::Object(maker.object(schema, Some(request), true)))
}

/// An object that no request asked for: what a notification with this name is about. One seed gives one object.
pub(crate) fn unasked(name: &str, schema: &Schema, asker: &Asker<'_>) -> Value {
    let maker = Maker {
        info: None,
        request: &Value::Null,
        asker,
        likeness: Likeness::of("events", name, asker.seed),
    };
    Value::Object(maker.object(schema, None, true))
}

struct Maker<'a> {
    /// The operation that is answered, if it is one.
    info: Option<&'a OperationInfo>,
    request: &'a Value,
    asker: &'a Asker<'a>,
    likeness: Likeness,
}

impl Maker<'_> {
    /// `beside` is what the request has in the same place.
    fn object(&self, schema: &Schema, beside: Option<&Value>, top: bool) -> Map<String, Value> {
        let mut members = Map::new();
        let mut groups: Vec<&str> = Vec::new();
        for field in &schema.fields {
            if let Some(group) = field.one_of.as_deref() {
                if groups.contains(&group) {
                    continue;
                }
                groups.push(group);
            }
            // Examples of notifications often lack the receiver's number, by which receivers tell accounts apart.
            let own = self.info.is_none() && self.asker.number(&field.name).is_some();
            if !is_told(field) && !own {
                continue;
            }
            let given = beside.and_then(|beside| beside.get(&field.name));
            let echoed = if top { self.echoed(field) } else { None };
            members.insert(field.name.clone(), self.field(field, echoed.or(given)));
        }
        plausible::count(&mut members);
        files::link(&mut members, self.request, &self.likeness);
        members
    }

    /// What the documentation says that the answer repeats.
    fn echoed(&self, field: &Field) -> Option<&Value> {
        let (asked, _) = self.info?.echo.iter().find(|(_, told)| *told == field.name)?;
        self.request.get(asked)
    }

    fn field(&self, field: &Field, given: Option<&Value>) -> Value {
        self.value(field, &field.kind, given)
    }

    fn value(&self, field: &Field, kind: &Kind, given: Option<&Value>) -> Value {
        match (kind, given) {
            (Kind::Object(schema), given) => Value::Object(self.object(schema, given, false)),
            (Kind::List(kind), Some(Value::Array(given))) if !given.is_empty() => given
                .iter()
                .take(LONGEST_LIST)
                .map(|given| self.value(field, kind, Some(given)))
                .collect(),
            (Kind::List(kind), given) => {
                let count = field.min_items.unwrap_or(1).max(1);
                (0..count).map(|_| self.value(field, kind, given)).collect()
            }
            (Kind::Json(_), Some(Value::String(text))) => text.as_str().into(),
            (Kind::Json(kind), _) => self.value(field, kind, None).to_string().into(),
            (Kind::Int, Some(given @ Value::Number(_))) | (Kind::Float, Some(given @ Value::Number(_))) => {
                given.clone()
            }
            (Kind::Int, _) => plausible::number(field).into(),
            (Kind::Float, _) => {
                let example = field
                    .example
                    .as_deref()
                    .and_then(|example| example.parse::<f64>().ok());
                json!(example.unwrap_or(1.0))
            }
            (Kind::Flag, Some(given @ Value::Bool(_))) => given.clone(),
            (Kind::Flag, _) => (field.example.as_deref() == Some("true")).into(),
            (Kind::Any | Kind::File, _) => json!({}),
            (Kind::Text | Kind::Time | Kind::Enum(_), Some(Value::String(given))) if !given.is_empty() => {
                given.as_str().into()
            }
            _ => self.text(field, kind).into(),
        }
    }

    fn text(&self, field: &Field, kind: &Kind) -> String {
        if let Some(known) = plausible::outcome(&field.name) {
            return known.to_owned();
        }
        if field.sensitive {
            return plausible::personal(field);
        }
        if let Kind::Enum(known) = kind {
            let example = field.example.clone();
            let example = example.or_else(|| field.values.first().cloned());
            return example.or_else(|| known.first().cloned()).unwrap_or_default();
        }
        let now: UnixTime = self.asker.now;
        if let Some(time) = times::text(field, now, self.info.map(|info| info.protocol)) {
            return time;
        }
        // A number that the request names anywhere on top is the same number wherever the answer has it.
        let asked = self.request.get(&field.name).and_then(Value::as_str);
        if let Some(asked) = asked.filter(|_| plausible::names_something(&field.name)) {
            return asked.to_owned();
        }
        if let Some(own) = self.asker.number(&field.name) {
            return own.to_owned();
        }
        let text = match (&field.example, field.values.first()) {
            (Some(example), _) if plausible::is_given_out(&field.name) => {
                let shown = self.info.and_then(|info| Likeness::shown(info, &field.name));
                self.likeness.vary(&field.name, shown.unwrap_or(example))
            }
            (Some(example), _) => example.clone(),
            (None, Some(value)) => value.clone(),
            (None, None) => self.likeness.invent(field),
        };
        plausible::fit(&text, field)
    }
}

/// What is not required and of which the documentation shows nothing is left out; so is what tells of a failure, since
/// these answers tell of none.
fn is_told(field: &Field) -> bool {
    if plausible::tells_of_failure(field) && !field.required {
        return false;
    }
    let shown = field.example.is_some() || !field.values.is_empty() || !field.format.is_empty();
    match &field.kind {
        Kind::Any | Kind::File => field.required,
        Kind::Text => field.required || shown || field.sensitive,
        _ => true,
    }
}
