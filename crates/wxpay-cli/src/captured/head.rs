//! Start line and headers.

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

use super::start::Start;
use crate::ended::NotSent;

/// More headers than any message of WeChat Pay's has, proxies included.
const HEADERS: usize = 256;

/// Takes a message apart: start line, headers, and what follows the empty line.
pub(super) fn split(message: &[u8]) -> Result<(Start, HeaderMap, &[u8]), NotSent> {
    let end = message.iter().position(|b| *b == b'\n');
    let (first, behind) = message.split_at(end.map_or(message.len(), |end| end + 1));
    let first = String::from_utf8_lossy(first);
    let (start, lines) = match start_line(first.trim_end())? {
        Start::Unknown => (Start::Unknown, message),
        start => (start, behind),
    };
    // A head that was saved alone has no empty line behind it.
    let complete;
    let (lines, alone) = if find_end(lines).is_some() {
        (lines, false)
    } else {
        complete = [lines.trim_ascii_end(), b"\r\n\r\n"].concat();
        (complete.as_slice(), true)
    };
    let mut parsed = [httparse::EMPTY_HEADER; HEADERS];
    let (length, parsed) = match httparse::parse_headers(lines, &mut parsed) {
        Ok(httparse::Status::Complete(complete)) => complete,
        Ok(httparse::Status::Partial) => return Err(no_message("its headers do not end")),
        Err(error) => return Err(no_message(&error.to_string())),
    };
    let mut headers = HeaderMap::new();
    for header in parsed {
        let name = HeaderName::try_from(header.name).map_err(|error| no_message(&error.to_string()))?;
        let value = HeaderValue::from_bytes(header.value).map_err(|error| no_message(&error.to_string()))?;
        headers.append(name, value);
    }
    let body = if alone {
        &[][..]
    } else {
        let at = message.len() - lines.len() + length;
        message.get(at..).unwrap_or_default()
    };
    Ok((start, headers, body))
}

/// Headers alone: lines, or a JSON object as a log writes it.
pub(super) fn read(bytes: &[u8]) -> Result<(Start, HeaderMap), NotSent> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        return split(bytes).map(|(start, headers, _)| (start, headers));
    }
    let object: serde_json::Map<String, Value> =
        serde_json::from_slice(bytes).map_err(|error| NotSent::new(format!("--headers: {error}")))?;
    let mut headers = HeaderMap::new();
    for (name, value) in &object {
        let texts = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in texts {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let (name, value) = pair(&format!("{name}: {text}"))?;
            headers.append(name, value);
        }
    }
    Ok((Start::Unknown, headers))
}

/// One header, `Name: value`.
pub(super) fn pair(text: &str) -> Result<(HeaderName, HeaderValue), NotSent> {
    let wrong = |problem: &str| NotSent::new(format!("--header: {problem}; wanted is `Name: value`"));
    let (name, value) = text.split_once(':').ok_or_else(|| wrong("there is no colon"))?;
    let name = HeaderName::try_from(name.trim()).map_err(|error| wrong(&error.to_string()))?;
    let value = HeaderValue::try_from(value.trim()).map_err(|error| wrong(&error.to_string()))?;
    Ok((name, value))
}

/// What the first line is; a line that is a header already is none.
fn start_line(line: &str) -> Result<Start, NotSent> {
    let mut words = line.split_ascii_whitespace();
    let (first, second, third) = (words.next(), words.next(), words.next());
    match (first, second, third) {
        (Some(version), Some(status), _) if version.starts_with("HTTP/") => {
            let status = status
                .parse()
                .map_err(|_| no_message("its status is no number"))?;
            Ok(Start::Answer { status })
        }
        (Some(method), Some(target), Some(version)) if version.starts_with("HTTP/") => Ok(Start::Request {
            method: method.to_owned(),
            target: target.to_owned(),
        }),
        (Some(name), _, _) if name.contains(':') => Ok(Start::Unknown),
        _ => Err(no_message("its first line is neither a start line nor a header")),
    }
}

/// Whether there is an empty line.
fn find_end(lines: &[u8]) -> Option<()> {
    let empty = lines.starts_with(b"\n") || lines.starts_with(b"\r\n");
    let between = |end: &[u8]| lines.windows(end.len()).any(|window| window == end);
    (empty || between(b"\n\n") || between(b"\n\r\n")).then_some(())
}

fn no_message(problem: &str) -> NotSent {
    NotSent::new(format!(
        "this is no saved HTTP message: {problem}; wanted are a start line, headers, an empty line and the body, as \
         `curl -i` writes them, or v2's XML or a JSON body alone"
    ))
}
