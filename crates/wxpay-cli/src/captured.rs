//! A message of HTTP as somebody saved it: `curl -i`, a proxy's dump, or the body alone.

mod head;
mod length;
mod start;

use std::path::PathBuf;

use bytes::Bytes;
use http::HeaderMap;

pub(crate) use start::Start;

use crate::ended::NotSent;
use crate::input;

/// A saved message.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    pub(crate) start: Start,
    pub(crate) headers: HeaderMap,
    /// The body, byte for byte.
    pub(crate) body: Bytes,
    /// What was noticed while it was read.
    pub(crate) notes: Vec<String>,
}

/// Where a message comes from.
#[derive(Debug, clap::Args)]
pub(crate) struct CapturedArgs {
    /// The saved message: start line, headers, an empty line, body (`curl -i`); or the body alone, when that is v2's XML
    /// or nothing but JSON. `-`, and nothing at all, read standard input.
    #[arg(value_name = "MESSAGE")]
    pub(crate) message: Option<PathBuf>,
    /// A header of the message, `Wechatpay-Nonce: …`; may be given more than once.
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// The headers of the message, a line each or as one JSON object.
    #[arg(long, value_name = "FILE")]
    headers: Option<PathBuf>,
    /// The body of the message, byte for byte.
    #[arg(long, value_name = "FILE")]
    body: Option<PathBuf>,
}

impl CapturedArgs {
    /// The inputs that are read, for whoever reads others as well.
    pub(crate) fn inputs(&self) -> Vec<PathBuf> {
        let stdin = || Some(PathBuf::from("-"));
        let message = match (&self.message, &self.body) {
            (None, None) => stdin(),
            (message, _) => message.clone(),
        };
        [message, self.headers.clone(), self.body.clone()]
            .into_iter()
            .flatten()
            .collect()
    }

    pub(crate) fn read(&self) -> Result<Captured, NotSent> {
        let mut captured = match (&self.message, &self.body) {
            (Some(path), _) => parse(&input::read(path)?)?,
            (None, None) => parse(&input::read("-".as_ref())?)?,
            (None, Some(_)) => Captured {
                start: Start::Unknown,
                headers: HeaderMap::new(),
                body: Bytes::new(),
                notes: Vec::new(),
            },
        };
        if let Some(path) = &self.headers {
            let (start, headers) = head::read(&input::read(path)?)?;
            if start != Start::Unknown {
                captured.start = start;
            }
            captured.headers.extend(headers);
        }
        for text in &self.header {
            let (name, value) = head::pair(text)?;
            captured.headers.insert(name, value);
        }
        if let Some(path) = &self.body {
            captured.body = input::read(path)?.into();
            captured.notes.clear();
        }
        Ok(captured)
    }
}

/// Reads a message, or a body alone.
pub(crate) fn parse(bytes: &[u8]) -> Result<Captured, NotSent> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if matches!(text.trim_ascii_start().first(), None | Some(b'<' | b'{' | b'[')) {
        return Ok(Captured {
            start: Start::Unknown,
            headers: HeaderMap::new(),
            body: Bytes::copy_from_slice(bytes),
            notes: Vec::new(),
        });
    }
    let mut rest = text;
    loop {
        let (start, headers, body) = head::split(rest)?;
        // An interim answer, or that of a proxy to CONNECT, stands before the answer itself.
        if matches!(start, Start::Answer { .. }) && body.starts_with(b"HTTP/") {
            rest = body;
            continue;
        }
        let mut notes = Vec::new();
        let body = length::body(&headers, body, &mut notes);
        return Ok(Captured {
            start,
            headers,
            body,
            notes,
        });
    }
}

impl Captured {
    /// A header as text; an empty one counts as missing.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let text = self.headers.get(name)?.to_str().ok()?;
        (!text.is_empty()).then_some(text)
    }

    /// Whether the body looks like v2's XML.
    pub(crate) fn is_xml(&self) -> bool {
        let body = self.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&self.body);
        body.trim_ascii_start().starts_with(b"<")
    }
}

#[cfg(test)]
mod tests {
    use super::{Start, parse};

    #[test]
    fn a_message_of_curl_is_read_as_it_stands() {
        let text = "HTTP/1.1 200 Connection established\r\n\r\nHTTP/2 200 \r\nwechatpay-nonce: n\r\nempty:\r\n\r\n{\"a\":1}\n";
        let captured = parse(text.as_bytes()).unwrap();
        assert_eq!(captured.start, Start::Answer { status: 200 });
        assert_eq!(captured.header("Wechatpay-Nonce"), Some("n"));
        assert_eq!(captured.header("empty"), None);
        assert_eq!(&captured.body[..], b"{\"a\":1}\n");
        assert!(captured.notes.is_empty());
    }

    #[test]
    fn a_request_has_a_method_and_a_target() {
        let captured = parse(b"POST /notify?a=%E4 HTTP/1.1\nContent-Length: 2\n\n{}\n").unwrap();
        let (method, target) = ("POST".to_owned(), "/notify?a=%E4".to_owned());
        assert_eq!(captured.start, Start::Request { method, target });
        // What an editor put behind it is not the body's.
        assert_eq!(&captured.body[..], b"{}");
        assert!(
            captured.notes[0].contains("Content-Length"),
            "{:?}",
            captured.notes
        );
    }

    #[test]
    fn headers_alone_and_a_body_alone_are_messages() {
        let captured = parse(b"Wechatpay-Serial: X\r\n\r\nbody").unwrap();
        assert_eq!(
            (captured.header("wechatpay-serial"), &captured.body[..]),
            (Some("X"), &b"body"[..])
        );
        for body in [&b"\xEF\xBB\xBF<xml></xml>\n"[..], b" {\"a\": 1}", b""] {
            let captured = parse(body).unwrap();
            assert_eq!((&captured.body[..], captured.start), (body, Start::Unknown));
        }
    }

    #[test]
    fn chunks_are_put_together_unless_they_are_already() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (body, wanted) in [
            ("3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n", "abcde"),
            ("{\"a\":1}", "{\"a\":1}"),
            ("3\r\nab", "3\r\nab"),
        ] {
            let captured = parse(format!("{head}{body}").as_bytes()).unwrap();
            assert_eq!(&captured.body[..], wanted.as_bytes());
        }
    }

    #[test]
    fn a_body_that_is_cut_off_is_told() {
        let captured = parse(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345").unwrap();
        assert!(
            captured.notes[0].contains("5 of 10 bytes"),
            "{:?}",
            captured.notes
        );
    }

    #[test]
    fn what_is_no_message_is_an_error() {
        for text in ["just words", "HTTP/1.1 abc\r\n\r\n", "A B: c\n\n"] {
            let error = parse(text.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("HTTP"), "{error}");
        }
    }
}
