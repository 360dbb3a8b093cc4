//! v2's XML: one level, UTF-8, values that are text (protocol section 7.1).
//!
//! What two parsers could read differently is refused: document types, entities beyond the five, nesting, and names
//! that occur twice, because whoever signs and whoever reads must see the same fields.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};

/// The fields of a v2 message, by name.
pub type Fields = BTreeMap<String, String>;

/// Why a text is not read as v2 XML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// A document type is declared: entities could be defined there, and files or addresses be read.
    #[error("the XML declares a document type (DOCTYPE), which v2 messages never do")]
    Doctype,
    /// A name occurs twice.
    #[error("the XML has the element <{name}> twice")]
    Duplicate {
        /// The name.
        name: String,
    },
    /// An element stands inside a field.
    #[error("the XML has <{name}> inside a field; v2 messages have one level")]
    Nested {
        /// The inner element.
        name: String,
    },
    /// The text is declared to be in another encoding than UTF-8.
    #[error("the XML is declared as {found}; v2 messages are UTF-8")]
    Encoding {
        /// The encoding.
        found: String,
    },
    /// Anything else.
    #[error("the XML cannot be read: {problem} (at byte {position})")]
    Malformed {
        /// What is wrong.
        problem: String,
        /// Where, in bytes from the start.
        position: u64,
    },
}

/// Reads a message. The root element may have any name; attributes are ignored; white space inside a field is kept.
///
/// # Errors
/// [`XmlError`], see there.
pub fn read(bytes: &[u8]) -> Result<Fields, XmlError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read_text(text.strip_prefix('\u{FEFF}').unwrap_or(text)),
        // A declaration tells more than the first odd byte, and it is ASCII in every encoding that occurs.
        Err(error) => match read_text(&String::from_utf8_lossy(bytes)) {
            Err(error @ XmlError::Encoding { .. }) => Err(error),
            _ => {
                let position = u64::try_from(error.valid_up_to()).unwrap_or(u64::MAX);
                Err(XmlError::Malformed {
                    problem: "it is not UTF-8".to_owned(),
                    position,
                })
            }
        },
    }
}

fn read_text(text: &str) -> Result<Fields, XmlError> {
    let mut reader = Reader::from_str(text);
    let mut fields = Fields::new();
    let mut field: Option<(String, String)> = None;
    let mut depth = 0_u8;
    let mut finished = false;
    loop {
        let position = reader.buffer_position();
        let malformed = |problem: String| XmlError::Malformed { problem, position };
        let event = reader
            .read_event()
            .map_err(|error| malformed(error.to_string()))?;
        match event {
            Event::Start(start) => {
                let name = name_of(&start, position)?;
                match depth {
                    0 if !finished => {}
                    0 => return Err(malformed("something follows the root element".to_owned())),
                    1 => field = Some((name, String::new())),
                    _ => return Err(XmlError::Nested { name }),
                }
                depth += 1;
            }
            Event::Empty(start) => {
                let name = name_of(&start, position)?;
                match depth {
                    0 if !finished => finished = true,
                    0 => return Err(malformed("something follows the root element".to_owned())),
                    1 => insert(&mut fields, name, String::new())?,
                    _ => return Err(XmlError::Nested { name }),
                }
            }
            Event::End(_) => {
                depth = depth
                    .checked_sub(1)
                    .ok_or_else(|| malformed("an end without a start".to_owned()))?;
                finished = depth == 0;
                if let Some((name, text)) = field.take() {
                    insert(&mut fields, name, text)?;
                }
            }
            Event::Text(text) => {
                append(&mut field, text.xml10_content(), position)?;
            }
            Event::CData(text) => {
                if field.is_none() {
                    return Err(malformed("text outside a field".to_owned()));
                }
                append(&mut field, text.xml10_content(), position)?;
            }
            Event::GeneralRef(reference) => {
                append(&mut field, resolve(&reference, position)?.into(), position)?
            }
            Event::Decl(declaration) => {
                let encoding = declaration
                    .encoding()
                    .transpose()
                    .map_err(|error| malformed(error.to_string()))?;
                if let Some(found) = encoding.filter(|found| !found.eq_ignore_ascii_case("utf-8")) {
                    return Err(XmlError::Encoding {
                        found: found.into_owned(),
                    });
                }
            }
            Event::DocType(_) => return Err(XmlError::Doctype),
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof if finished => return Ok(fields),
            Event::Eof => return Err(malformed("it ends too early".to_owned())),
        }
    }
}

fn name_of(start: &BytesStart<'_>, position: u64) -> Result<String, XmlError> {
    let malformed = |problem: String| XmlError::Malformed { problem, position };
    // Attributes carry nothing, but a broken one is a broken document. Most elements are their name alone.
    if start.name().into_inner().len() < start.len() {
        for attribute in start.attributes() {
            attribute.map_err(|error| malformed(error.to_string()))?;
        }
    }
    match start.name().into_inner() {
        "" => Err(malformed("an element has no name".to_owned())),
        name => Ok(name.to_owned()),
    }
}

fn insert(fields: &mut Fields, name: String, text: String) -> Result<(), XmlError> {
    match fields.entry(name) {
        Entry::Vacant(place) => {
            place.insert(text);
            Ok(())
        }
        Entry::Occupied(place) => Err(XmlError::Duplicate {
            name: place.key().clone(),
        }),
    }
}

fn append(field: &mut Option<(String, String)>, text: Cow<'_, str>, position: u64) -> Result<(), XmlError> {
    let malformed = |problem: &str| XmlError::Malformed {
        problem: problem.to_owned(),
        position,
    };
    // Most texts are ASCII, and bytes tell at once.
    let is_plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    if !is_plain && !text.chars().all(is_xml_char) {
        return Err(malformed("it holds a control character that XML does not allow"));
    }
    match field {
        // Nearly every field is one text, as long as it is.
        Some((_, content)) if content.is_empty() => *content = text.into_owned(),
        Some((_, content)) => content.push_str(&text),
        None if text.chars().all(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) => {}
        None => return Err(malformed("text outside a field")),
    }
    Ok(())
}

/// The five entities of XML and numeric references; any other would have to be declared.
fn resolve(reference: &BytesRef<'_>, position: u64) -> Result<String, XmlError> {
    let malformed = |problem: String| XmlError::Malformed { problem, position };
    if let Some(c) = reference
        .resolve_char_ref()
        .map_err(|error| malformed(error.to_string()))?
    {
        return Ok(c.to_string());
    }
    let text = quick_xml::escape::resolve_xml_entity(reference);
    text.map(str::to_owned).ok_or_else(|| {
        malformed(format!(
            "the entity &{}; is not one of the five",
            reference.as_ref()
        ))
    })
}

/// XML 1.0, section 2.2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// Writes a message under the root element `<xml>`, in the order of the names.
///
/// Values with markup go into CDATA sections, as WeChat Pay's own messages do; a carriage return is written as a
/// reference, because a reader would turn it into a line feed and the signature would no longer fit.
///
/// # Errors
/// [`XmlError::Malformed`] when a name cannot be an element's, or a value holds a character that XML does not allow.
pub fn write(fields: &Fields) -> Result<String, XmlError> {
    write_under("xml", fields)
}

/// As [`write()`], under another root element: refund notifications have `<root>` inside.
///
/// # Errors
/// As for [`write()`].
pub fn write_under(root: &str, fields: &Fields) -> Result<String, XmlError> {
    let malformed = |problem: String| XmlError::Malformed { problem, position: 0 };
    if !is_name(root) {
        return Err(malformed(format!("{root:?} cannot be the name of an element")));
    }
    let mut xml = format!("<{root}>");
    for (name, value) in fields {
        if !is_name(name) {
            return Err(malformed(format!("{name:?} cannot be the name of an element")));
        }
        if let Some(c) = value.chars().find(|c| !is_xml_char(*c)) {
            return Err(malformed(format!(
                "`{name}` holds the character {c:?}, which XML does not allow"
            )));
        }
        xml.push_str(&format!("<{name}>"));
        if value.contains('\r') {
            xml.push_str(&quick_xml::escape::escape(value));
        } else if value.contains(['&', '<', '>', '"', '\'']) {
            xml.push_str("<![CDATA[");
            xml.push_str(&value.replace("]]>", "]]]]><![CDATA[>"));
            xml.push_str("]]>");
        } else {
            xml.push_str(value);
        }
        xml.push_str(&format!("</{name}>"));
    }
    xml.push_str(&format!("</{root}>"));
    Ok(xml)
}

/// The names that v2 uses: ASCII letters, digits, `_`, `-` and `.`, not beginning with a digit, `-` or `.`.
fn is_name(name: &str) -> bool {
    let first = name
        .bytes()
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    first
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}
