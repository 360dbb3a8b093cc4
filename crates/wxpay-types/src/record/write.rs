//! The writer of all records.

use serde::ser::{Serialize, SerializeSeq as _, SerializeStruct as _, Serializer};

use super::{Record, Seen};

/// Writes a record: the members that hold something.
///
/// # Errors
/// What the format says; an error as well when something sensitive is not sealed.
pub fn write<S: Serializer>(record: &dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
    // How many there can be. Counting those that hold something would be a second walk, for a number that no format needs.
    let mut members = serializer.serialize_struct("Record", record.names().len())?;
    let mut outcome = Ok(());
    record.each(&mut |name, field| match field.see() {
        Seen::Nothing => {}
        value if outcome.is_ok() => outcome = members.serialize_field(name, &value),
        _ => {}
    });
    outcome?;
    members.end()
}

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Seen::Nothing => serializer.serialize_none(),
            Seen::Text(text) => serializer.serialize_str(text),
            Seen::Int(number) => serializer.serialize_i64(*number),
            Seen::Float(number) => serializer.serialize_f64(*number),
            Seen::Flag(flag) => serializer.serialize_bool(*flag),
            Seen::Sensitive(value) => value.serialize(serializer),
            Seen::File(file) => file.serialize(serializer),
            Seen::Any(value) => value.serialize(serializer),
            Seen::Fields(fields) => fields.serialize(serializer),
            Seen::Object(record) => write(*record, serializer),
            Seen::List(elements) => {
                let count = elements.count();
                let mut list = serializer.serialize_seq(Some(count))?;
                for number in 0..count {
                    list.serialize_element(&elements.at(number))?;
                }
                list.end()
            }
        }
    }
}
