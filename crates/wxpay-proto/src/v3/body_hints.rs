//! What can be seen on a body whose signature does not fit: traces of a framework that decoded it and encoded it anew.
//!
//! Nothing here proves anything. It names what to look for, from the body alone.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

/// A trace in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BodyHint {
    /// Nothing arrived.
    Empty,
    /// The bytes are not UTF-8.
    NotUtf8,
    /// It is no JSON.
    NotJson,
    /// It is a JSON string that holds JSON.
    Quoted,
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// White space stands around it.
    Surrounded,
    /// White space stands between its members.
    Spaced,
    /// Slashes are escaped.
    EscapedSlashes,
    /// Characters of base64 or markup are escaped.
    EscapedAscii,
    /// Characters beyond ASCII are escaped.
    EscapedUnicode,
    /// Members stand in the order of the alphabet.
    Sorted,
    /// Texts were decoded with another encoding than UTF-8.
    Garbled,
}

impl BodyHint {
    fn text(self) -> &'static str {
        match self {
            Self::Empty => "it is empty: something read the request's body before you did",
            Self::NotUtf8 => "it is not UTF-8: was it compressed, or converted to another encoding?",
            Self::NotJson => "it is not JSON: was it cut off, or parsed as a form?",
            Self::Quoted => "it is JSON inside a JSON string: it was serialised twice",
            Self::ByteOrderMark => {
                "it begins with a byte order mark, which an editor or a converter puts there"
            }
            Self::Surrounded => {
                "white space or a line feed stands around it: it went through a text function or an encoder that adds one"
            }
            Self::Spaced => {
                "white space stands between its members: it was parsed and printed again (json.dumps, JSON.stringify with \
                 an indent)"
            }
            Self::EscapedSlashes => {
                "its slashes are escaped (\\/): it was parsed and printed again, by PHP's json_encode say"
            }
            Self::EscapedAscii => {
                "plain characters are escaped (\\u003d): it was parsed and printed again, by Gson or Go's encoding/json say"
            }
            Self::EscapedUnicode => {
                "Chinese text is escaped (\\u652f): it may have been parsed and printed again, by Python's json.dumps say"
            }
            Self::Sorted => {
                "its members stand in alphabetical order: it was parsed into a map and printed again"
            }
            Self::Garbled => "its texts are garbled: it was decoded with another encoding than UTF-8",
        }
    }
}

impl fmt::Display for BodyHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// The traces in a body; none when it looks as WeChat Pay writes them, so that key, headers and clock are to be
/// suspected first.
#[must_use]
pub fn body_hints(body: &[u8]) -> Vec<BodyHint> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return vec![BodyHint::Empty];
    }
    let Ok(text) = std::str::from_utf8(body) else {
        return vec![BodyHint::NotUtf8];
    };
    let mut hints = BTreeSet::new();
    let text = match text.strip_prefix('\u{FEFF}') {
        None => text,
        Some(rest) => {
            hints.insert(BodyHint::ByteOrderMark);
            rest
        }
    };
    if text.trim() != text {
        hints.insert(BodyHint::Surrounded);
    }
    match serde_json::from_str::<Value>(text) {
        Err(_) => {
            hints.insert(BodyHint::NotJson);
        }
        Ok(Value::String(inner)) if inner.trim_start().starts_with('{') => {
            hints.insert(BodyHint::Quoted);
        }
        Ok(_) => {
            hints.extend(spelling(text.trim()));
            if has_sorted_members(text) {
                hints.insert(BodyHint::Sorted);
            }
        }
    }
    if is_garbled(text) {
        hints.insert(BodyHint::Garbled);
    }
    hints.into_iter().collect()
}

/// What the spelling of a JSON text tells: a parser and a printer would give the same values in other words.
fn spelling(text: &str) -> BTreeSet<BodyHint> {
    let mut hints = BTreeSet::new();
    let mut note = |hint| {
        hints.insert(hint);
    };
    let mut rest = text.chars();
    let mut in_string = false;
    while let Some(c) = rest.next() {
        match c {
            '"' => in_string = !in_string,
            '\\' if in_string => match rest.next() {
                Some('/') => note(BodyHint::EscapedSlashes),
                Some('u') => {
                    let digits: String = rest.by_ref().take(4).collect();
                    match u32::from_str_radix(&digits, 16) {
                        Ok(0x20..=0x7e) => note(BodyHint::EscapedAscii),
                        Ok(0x80..) => note(BodyHint::EscapedUnicode),
                        _ => {}
                    }
                }
                _ => {}
            },
            _ if in_string => {}
            ' ' | '\t' | '\r' | '\n' => note(BodyHint::Spaced),
            _ => {}
        }
    }
    hints
}

/// Whether the outermost members are sorted; WeChat Pay writes `id` before `create_time`.
fn has_sorted_members(text: &str) -> bool {
    let Ok(Members(names)) = serde_json::from_str(text) else {
        return false;
    };
    names.len() > 3 && names.is_sorted()
}

/// The names of an object's members in the order of the text.
struct Members(Vec<String>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut names = Vec::new();
                while let Some(name) = map.next_key()? {
                    names.push(name);
                    map.next_value::<serde::de::IgnoredAny>()?;
                }
                Ok(Members(names))
            }
        }
        deserializer.deserialize_map(Visitor)
    }
}

/// Whether UTF-8 was read as Latin-1 (æ”¯ä»˜), or what could not be read was replaced (�).
fn is_garbled(text: &str) -> bool {
    if text.contains('\u{FFFD}') {
        return true;
    }
    // Three bytes of a Chinese character, each read as a character of its own.
    let chars: Vec<u32> = text.chars().map(u32::from).collect();
    chars
        .windows(3)
        .any(|three| matches!(three, [0xe4..=0xe9, 0x80..=0xbf, 0x80..=0xbf]))
}
