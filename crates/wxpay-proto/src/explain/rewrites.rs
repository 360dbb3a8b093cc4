//! What happens to bodies on their way, undone: candidates for the body that was signed.

use super::CauseKind;

/// Bodies that may have been the original, each with what must have happened to it.
pub(super) fn candidates(body: &[u8]) -> Vec<(CauseKind, Vec<u8>)> {
    let mut found = Vec::new();
    let mut add = |kind, candidate: Vec<u8>| {
        if candidate != body && !found.iter().any(|(_, known)| *known == candidate) {
            found.push((kind, candidate));
        }
    };
    for end in [&b"\n"[..], b"\r\n", b" "] {
        add(CauseKind::LineEndLost, [body, end].concat());
    }
    add(CauseKind::LineEndLost, body.trim_ascii_end().to_vec());
    add(CauseKind::LineEndLost, body.trim_ascii().to_vec());
    add(CauseKind::ByteOrderMark, [&b"\xEF\xBB\xBF"[..], body].concat());
    if let Some(rest) = body.strip_prefix(b"\xEF\xBB\xBF") {
        add(CauseKind::ByteOrderMark, rest.to_vec());
    }
    if let Ok(text) = std::str::from_utf8(body) {
        let lines = text.replace("\r\n", "\n");
        add(
            CauseKind::LineEndsChanged,
            lines.replace('\n', "\r\n").into_bytes(),
        );
        add(CauseKind::LineEndsChanged, lines.into_bytes());
        if let Some(bytes) = from_latin1(text) {
            add(CauseKind::CharacterSet, bytes);
        }
        for candidate in json_forms(text) {
            add(CauseKind::BodyReserialised, candidate.into_bytes());
        }
    }
    found
}

/// Undoes reading UTF-8 bytes as Latin-1 and writing them as UTF-8 again.
fn from_latin1(text: &str) -> Option<Vec<u8>> {
    text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect()
}

/// How a JSON writer separates.
const SPACINGS: [(&str, &str); 3] = [(",", ":"), (", ", ": "), (",", ": ")];

/// The same JSON as other writers write it: tokens keep their order, only white space and escapes differ.
fn json_forms(text: &str) -> Vec<String> {
    if serde_json::from_str::<serde::de::IgnoredAny>(text).is_err() {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut forms = Vec::new();
    for escape in [Escape::AsIs, Escape::Raw, Escape::Lower, Escape::Upper] {
        for slashes in [false, true] {
            let words: Vec<String> = tokens
                .iter()
                .map(|token| rewrite(token, escape, slashes))
                .collect();
            for (comma, colon) in SPACINGS {
                let spaced = words.iter().map(|word| match word.as_str() {
                    "," => comma,
                    ":" => colon,
                    other => other,
                });
                forms.push(spaced.collect());
            }
        }
    }
    forms
}

/// How characters beyond ASCII are written in strings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Escape {
    AsIs,
    Raw,
    Lower,
    Upper,
}

/// Splits valid JSON into strings, punctuation and other words; white space between them is dropped.
fn tokens(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(&first) = bytes.get(start) {
        let length = match first {
            b'"' => string_length(&bytes[start..]),
            b' ' | b'\t' | b'\r' | b'\n' => {
                start += 1;
                continue;
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' => 1,
            _ => bytes[start..]
                .iter()
                .position(|b| b"{}[],: \t\r\n\"".contains(b))
                .unwrap_or(bytes.len() - start),
        };
        // Strings and words of valid JSON end at ASCII bytes, so this never cuts a character.
        let Some(token) = text.get(start..start + length.max(1)) else {
            break;
        };
        tokens.push(token);
        start += token.len();
    }
    tokens
}

fn string_length(bytes: &[u8]) -> usize {
    let mut escaped = false;
    for (index, byte) in bytes.iter().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return index + 1,
            _ => {}
        }
    }
    bytes.len()
}

fn rewrite(token: &str, escape: Escape, slashes: bool) -> String {
    if !token.starts_with('"') {
        return token.to_owned();
    }
    let content = match escape {
        Escape::AsIs => Some(token.to_owned()),
        _ => serde_json::from_str::<String>(token)
            .ok()
            .map(|text| quote(&text, escape)),
    };
    let content = content.unwrap_or_else(|| token.to_owned());
    with_slashes(&content, slashes)
}

/// The same JSON string with each slash escaped, or none. An escaped backslash before a slash escapes nothing.
fn with_slashes(quoted: &str, escaped: bool) -> String {
    let mut out = String::with_capacity(quoted.len());
    let mut rest = quoted.chars();
    while let Some(c) = rest.next() {
        let next = if c == '\\' { rest.next() } else { Some(c) };
        match next {
            Some('/') if escaped => out.push_str("\\/"),
            Some('/') => out.push('/'),
            _ if c == '\\' => out.extend([Some(c), next].into_iter().flatten()),
            _ => out.push(c),
        }
    }
    out
}

fn quote(text: &str, escape: Escape) -> String {
    // Invariant: a text always has a JSON form; the fallback is never taken.
    let quoted = serde_json::to_string(text).unwrap_or_else(|_| text.to_owned());
    if escape == Escape::Raw {
        return quoted;
    }
    let mut out = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            out.push_str(&if escape == Escape::Upper {
                format!("\\u{unit:04X}")
            } else {
                format!("\\u{unit:04x}")
            });
        }
    }
    out
}
