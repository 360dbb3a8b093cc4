//! Whether a request certainly has nothing against it that is certain, told by looking at it as it is.
//!
//! The whole check writes the request down as JSON and has words for everything. Most requests are fine, and this tells
//! them at a tenth of the cost; where it is not sure, it says so, and the whole check decides.

use serde_json::Value;

use crate::record::{Record, Seen};
use crate::schema::{Field, Kind, OperationInfo, Protocol, Schema, Sure};

pub(super) fn nothing_certain(info: &OperationInfo, request: &dyn Record) -> bool {
    let look = Look {
        sure: info.sure,
        narrow: matches!(info.protocol, Protocol::V3),
    };
    look.object(&info.request, request)
}

/// As in the whole check.
#[derive(Clone, Copy)]
struct Look {
    sure: bool,
    narrow: bool,
}

impl Look {
    fn object(self, schema: &Schema, record: &dyn Record) -> bool {
        let (mut is_fine, mut next, mut known) = (true, 0, 0);
        record.each(&mut |name, field| {
            if !is_fine {
                return;
            }
            // Both are in the documentation's order.
            let mut places = (next..schema.fields.len()).chain(0..next);
            let place = places.find(|place| schema.fields[*place].name == name);
            is_fine = match place.and_then(|place| schema.fields.get(place)) {
                Some(documented) => self.field(documented, &field.see()),
                None => !self.sure,
            };
            if let Some(place) = place {
                (next, known) = (place + 1, known + 1);
            }
        });
        is_fine && known == schema.fields.len()
    }

    fn field(self, field: &Field, seen: &Seen<'_>) -> bool {
        let everything = self.sure || field.sure == Sure::Everything;
        if everything && field.one_of.is_some() {
            return false;
        }
        match is_given(seen) {
            None => false,
            Some(false) => {
                let is_required = field.required || !field.required_for.is_empty();
                !(is_required && (everything || field.sure == Sure::Required))
            }
            Some(true) => self.value(field, &field.kind, seen, everything),
        }
    }

    /// Whether nothing is certain against a value that is given; `everything` that is documented of it is certain.
    fn value(self, field: &Field, kind: &Kind, seen: &Seen<'_>, everything: bool) -> bool {
        match (kind, seen) {
            (Kind::Any | Kind::File, _) => true,
            (Kind::Object(schema), Seen::Object(record)) => self.object(schema, *record),
            (Kind::List(kind), Seen::List(elements)) => {
                let count = elements.count();
                let fits = !everything || within(count, field.min_items, field.max_items);
                fits && (0..count).all(|number| self.value(field, kind, &elements.at(number), everything))
            }
            (Kind::Object(_) | Kind::List(_) | Kind::Json(_), _) => false,
            _ if !everything => true,
            (_, Seen::Sensitive(value)) => value.is_writable(),
            (Kind::Float, Seen::Float(_) | Seen::Int(_)) | (Kind::Flag, Seen::Flag(_)) => true,
            (Kind::Int, Seen::Int(number)) => {
                let fits = field.min.is_none_or(|least| *number >= least)
                    && field.max.is_none_or(|most| *number <= most);
                fits && field.values.is_empty()
            }
            (Kind::Enum(known), Seen::Text(text)) => {
                known.iter().any(|known| known == text) && is_known(field, text)
            }
            (Kind::Text | Kind::Time, Seen::Text(text)) => self.text(field, text),
            _ => false,
        }
    }

    fn text(self, field: &Field, text: &str) -> bool {
        // Four bytes in UTF-8 begin with this one or a higher one.
        let is_wide = || text.bytes().any(|byte| byte >= 0xF0);
        if !field.pattern.is_empty() || (self.narrow && is_wide()) {
            return false;
        }
        let length = if field.sensitive || text.is_ascii() {
            text.len()
        } else {
            text.chars().count()
        };
        is_known(field, text) && within(length, field.min_len, field.max_len)
    }
}

fn is_known(field: &Field, text: &str) -> bool {
    field.values.is_empty() || field.values.iter().any(|value| value == text)
}

fn within(count: usize, least: Option<u32>, most: Option<u32>) -> bool {
    // What does not fit into 32 bits is longer than any limit.
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    least.is_none_or(|least| count >= least) && most.is_none_or(|most| count <= most)
}

/// Whether a value counts as given; none when that is not seen from here.
fn is_given(seen: &Seen<'_>) -> Option<bool> {
    match seen {
        Seen::Nothing => Some(false),
        Seen::Text(text) => Some(!text.is_empty()),
        // Of a plaintext the whole check measures the bytes.
        Seen::Sensitive(value) => value.is_writable().then_some(true),
        Seen::Any(value) => match value {
            Value::Null => Some(false),
            Value::String(text) => Some(!text.is_empty()),
            Value::Array(elements) => Some(!elements.is_empty()),
            _ => Some(true),
        },
        Seen::List(elements) => Some(elements.count() > 0),
        _ => Some(true),
    }
}
