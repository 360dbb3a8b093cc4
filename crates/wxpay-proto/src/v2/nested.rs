//! Elements inside fields, in answers that no signature covers.
//!
//! v2's messages have one level (protocol section 7.1), and [`xml`] refuses more, because whoever signs and whoever reads
//! must see the same fields. Two operations answer with records inside a field nevertheless, and sign nothing:
//! `gethbinfo` (`hblist`) and the merchants of a bank (`mchinfo`). Every text in them is read by [`xml`] and its rules.

use std::ops::Range;

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::{Map, Value};

use super::xml::{self, Fields, XmlError};

/// How deep elements may stand inside one another; documented are two levels.
const DEEPEST: u8 = 8;

/// An element, as ranges of the text that it was found in.
struct Element {
    name: String,
    outer: Range<usize>,
    inner: Range<usize>,
    /// Others stand inside it.
    is_parent: bool,
}

/// Reads a message: its plain fields, and those with elements inside as JSON; what occurs several times is a list.
///
/// # Errors
/// [`XmlError`], as for [`xml::read`] but for [`XmlError::Nested`].
pub(super) fn read(bytes: &[u8]) -> Result<(Fields, Map<String, Value>), XmlError> {
    let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is not UTF-8", 0))?;
    let roots = elements(text)?;
    let [root] = roots.as_slice() else {
        return Err(malformed("there is not exactly one root element", 0));
    };
    let inner = &text[root.inner.clone()];
    let mut flat = text[..root.inner.start].to_owned();
    let mut nested = Map::new();
    let mut at = 0;
    for element in elements(inner)?.into_iter().filter(|element| element.is_parent) {
        flat.push_str(&inner[at..element.outer.start]);
        at = element.outer.end;
        add(&mut nested, &element.name, object(&inner[element.inner], 1)?);
    }
    flat.push_str(&inner[at..]);
    flat.push_str(&text[root.inner.end..]);
    let fields = xml::read(flat.as_bytes())?;
    match nested.keys().find(|name| fields.contains_key(*name)) {
        Some(name) => Err(XmlError::Duplicate { name: name.clone() }),
        None => Ok((fields, nested)),
    }
}

fn object(text: &str, depth: u8) -> Result<Value, XmlError> {
    if depth > DEEPEST {
        return Err(malformed("its elements stand too deep inside one another", 0));
    }
    let mut members = Map::new();
    for element in elements(text)? {
        let value = if element.is_parent {
            object(&text[element.inner], depth + 1)?
        } else {
            let alone = format!("<xml>{}</xml>", &text[element.outer]);
            let mut fields = xml::read(alone.as_bytes())?;
            Value::String(fields.remove(&element.name).unwrap_or_default())
        };
        add(&mut members, &element.name, value);
    }
    Ok(Value::Object(members))
}

fn add(members: &mut Map<String, Value>, name: &str, value: Value) {
    match members.get_mut(name) {
        None => {
            members.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => {
            let values = vec![first.take(), value];
            *first = Value::Array(values);
        }
    }
}

/// The outermost elements of a text.
fn elements(text: &str) -> Result<Vec<Element>, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut found = Vec::new();
    let mut open: Option<Element> = None;
    let mut depth = 0_usize;
    loop {
        let before = position(&reader);
        let event = reader
            .read_event()
            .map_err(|error| malformed(&error.to_string(), before))?;
        let after = position(&reader);
        match (event, &mut open) {
            (Event::Start(start), None) => {
                open = Some(Element {
                    name: start.name().into_inner().to_owned(),
                    outer: before..after,
                    inner: after..after,
                    is_parent: false,
                });
                depth = 1;
            }
            (Event::Start(_), Some(parent)) => {
                parent.is_parent = true;
                depth += 1;
            }
            (Event::Empty(start), None) => found.push(Element {
                name: start.name().into_inner().to_owned(),
                outer: before..after,
                inner: after..after,
                is_parent: false,
            }),
            (Event::Empty(_), Some(parent)) => parent.is_parent = true,
            (Event::End(_), None) => return Err(malformed("an end without a start", before)),
            (Event::End(_), Some(element)) => {
                depth -= 1;
                if depth == 0 {
                    element.inner.end = before;
                    element.outer.end = after;
                    found.extend(open.take());
                }
            }
            (Event::Eof, None) => return Ok(found),
            (Event::Eof, Some(_)) => return Err(malformed("it ends too early", before)),
            _ => {}
        }
    }
}

fn position(reader: &Reader<&[u8]>) -> usize {
    // A position in a text fits a `usize`, as the text does.
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

fn malformed(problem: &str, position: usize) -> XmlError {
    XmlError::Malformed {
        problem: problem.to_owned(),
        position: u64::try_from(position).unwrap_or(u64::MAX),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn records_inside_a_field_become_json() {
        let xml = "<xml><return_code><![CDATA[SUCCESS]]></return_code>\n<hblist>\n<hbinfo><openid>a&amp;b</openid>\
                   <amount>1</amount></hbinfo><hbinfo><openid><![CDATA[<c>]]></openid><rcv_time/></hbinfo></hblist>\
                   <total_num>2</total_num></xml>";
        let (fields, nested) = read(xml.as_bytes()).unwrap();
        assert_eq!(fields.len(), 2);
        assert_eq!(fields["total_num"], "2");
        let wanted = json!({ "hblist": { "hbinfo": [
            { "openid": "a&b", "amount": "1" }, { "openid": "<c>", "rcv_time": "" },
        ] } });
        assert_eq!(Value::Object(nested), wanted);
    }

    #[test]
    fn a_field_that_occurs_several_times_is_a_list_only_with_elements_inside() {
        let xml = "<xml><mchinfo><mch_id>1</mch_id></mchinfo><mchinfo><mch_id>2</mch_id></mchinfo></xml>";
        let (_, nested) = read(xml.as_bytes()).unwrap();
        assert_eq!(nested["mchinfo"], json!([{ "mch_id": "1" }, { "mch_id": "2" }]));
        let duplicate = |xml: &str| matches!(read(xml.as_bytes()), Err(XmlError::Duplicate { .. }));
        assert!(duplicate("<xml><a>1</a><a>2</a><b><c/></b></xml>"));
        assert!(duplicate("<xml><a>1</a><a><c>2</c></a></xml>"));
    }

    #[test]
    fn the_rules_of_plain_fields_hold_inside_as_well() {
        let deep = format!("<xml>{}{}</xml>", "<a>".repeat(20), "</a>".repeat(20));
        for broken in [
            "<!DOCTYPE xml [<!ENTITY e 'x'>]><xml><a><b>&e;</b></a></xml>",
            "<xml><a><b>&e;</b></a></xml>",
            "<xml><a><b>\u{1}</b></a></xml>",
            "<xml><a><b>1</b></xml>",
            "<xml><a><b>1</a></b></xml>",
            "<xml><a><b>1</b></a>",
            "<xml><a><b/></a></xml><xml/>",
            "</xml>",
            "",
            deep.as_str(),
        ] {
            assert!(read(broken.as_bytes()).is_err(), "{broken}");
        }
        assert!(read(b"<xml><a><b>\xFF</b></a></xml>").is_err());
    }
}
