//! Which members a body may and must have. v3 refuses unknown ones.

use serde_json::Value;

use super::refusal::Refusal;

/// A member of a JSON object.
#[derive(Debug)]
pub(super) struct Member {
    name: &'static str,
    required: bool,
    kind: Kind,
}

/// What a member holds.
#[derive(Debug)]
pub(super) enum Kind {
    /// A text of at most so many characters.
    Text(usize),
    /// A text, one of these.
    OneOf(&'static [&'static str]),
    /// An integer, at least this.
    Integer(i64),
    Flag,
    Texts,
    Object(&'static [Member]),
    Objects(&'static [Member]),
}

pub(super) const fn required(name: &'static str, kind: Kind) -> Member {
    Member {
        name,
        required: true,
        kind,
    }
}

pub(super) const fn optional(name: &'static str, kind: Kind) -> Member {
    Member {
        name,
        required: false,
        kind,
    }
}

/// Holds a body against its members, the first problem first.
pub(super) fn check(body: &Value, members: &[Member]) -> Result<(), Refusal> {
    check_object("", body, members)
}

/// A member must be there that only some operations ask for.
pub(super) fn need(body: &Value, pointer: &str) -> Result<(), Refusal> {
    match body.pointer(pointer) {
        Some(Value::String(text)) if text.is_empty() => Err(missing(pointer)),
        Some(_) => Ok(()),
        None => Err(missing(pointer)),
    }
}

/// The text at a pointer; empty when it is missing.
pub(super) fn text<'a>(body: &'a Value, pointer: &str) -> &'a str {
    body.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The text at a pointer, if there is one that is not empty.
pub(super) fn given(body: &Value, pointer: &str) -> Option<String> {
    Some(text(body, pointer).to_owned()).filter(|text| !text.is_empty())
}

/// The integer at a pointer; 0 when it is missing.
pub(super) fn number(body: &Value, pointer: &str) -> i64 {
    body.pointer(pointer).and_then(Value::as_i64).unwrap_or_default()
}

fn missing(pointer: &str) -> Refusal {
    Refusal::param("body", pointer, Value::Null, "the parameter is missing")
}

fn check_object(pointer: &str, value: &Value, members: &[Member]) -> Result<(), Refusal> {
    let Some(found) = value.as_object() else {
        return Err(wrong(pointer, value, "an object is wanted"));
    };
    if let Some(name) = found
        .keys()
        .find(|name| !members.iter().any(|member| member.name == *name))
    {
        // The name is the client's, so what a pointer escapes may stand in it.
        let name = name.replace('~', "~0").replace('/', "~1");
        return Err(Refusal::unknown("body", &format!("{pointer}/{name}")));
    }
    for member in members {
        let pointer = format!("{pointer}/{}", member.name);
        match found.get(member.name) {
            None if member.required => return Err(missing(&pointer)),
            None => {}
            Some(Value::String(text)) if text.is_empty() && member.required => return Err(missing(&pointer)),
            Some(value) => check_kind(&pointer, value, &member.kind)?,
        }
    }
    Ok(())
}

fn check_kind(pointer: &str, value: &Value, kind: &Kind) -> Result<(), Refusal> {
    match kind {
        Kind::Text(longest) => {
            let Some(text) = value.as_str() else {
                return Err(wrong(pointer, value, "a text is wanted"));
            };
            if text.chars().count() > *longest {
                return Err(wrong(
                    pointer,
                    value,
                    &format!("longer than {longest} characters"),
                ));
            }
            // The rules pages allow characters of 1 to 3 bytes only.
            if text.chars().any(|c| c.len_utf8() > 3) {
                return Err(wrong(
                    pointer,
                    value,
                    "a character has more than 3 bytes in UTF-8",
                ));
            }
            Ok(())
        }
        Kind::OneOf(known) if value.as_str().is_some_and(|text| known.contains(&text)) => Ok(()),
        Kind::OneOf(known) => Err(wrong(
            pointer,
            value,
            &format!("one of {} is wanted", known.join(", ")),
        )),
        Kind::Integer(least) if value.as_i64().is_some_and(|number| number >= *least) => Ok(()),
        Kind::Integer(least) => Err(wrong(
            pointer,
            value,
            &format!("an integer from {least} on is wanted"),
        )),
        Kind::Flag if value.is_boolean() => Ok(()),
        Kind::Flag => Err(wrong(pointer, value, "true or false is wanted")),
        Kind::Texts => {
            let texts = value
                .as_array()
                .filter(|items| items.iter().all(Value::is_string));
            texts
                .map(|_| ())
                .ok_or_else(|| wrong(pointer, value, "a list of texts is wanted"))
        }
        Kind::Object(members) => check_object(pointer, value, members),
        Kind::Objects(members) => {
            let items = value
                .as_array()
                .ok_or_else(|| wrong(pointer, value, "a list is wanted"))?;
            let mut items = items.iter().enumerate();
            items.try_for_each(|(index, item)| check_object(&format!("{pointer}/{index}"), item, members))
        }
    }
}

fn wrong(pointer: &str, value: &Value, issue: &str) -> Refusal {
    Refusal::param("body", pointer, value.clone(), issue)
}
