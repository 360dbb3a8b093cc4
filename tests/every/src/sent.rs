//! Reads a signed request as WeChat Pay would, and proves its signature.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use wxpay_catalogue::model::Protocol;
use wxpay_proto::crypto::{Algorithm, Backend, PublicKey, Signature, Verifier as _};
use wxpay_proto::v2::{verify_sign, xml};
use wxpay_tests::keys::{api_v2_key, public_key};

use crate::flat::Fields;

/// A request that was read.
#[derive(Debug)]
#[non_exhaustive]
pub struct Seen {
    /// The path's segments, decoded.
    pub segments: Vec<String>,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The body.
    pub body: Body,
}

/// A body.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "the forms that there are")]
pub enum Body {
    /// None.
    Empty,
    /// v3's JSON.
    Json(Value),
    /// v2's XML, or the query of a v2 GET.
    Fields(Fields),
    /// A multipart form.
    Parts(Vec<Part>),
}

/// A part of a multipart form.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Part {
    /// Its name.
    pub name: String,
    /// The file's name.
    pub file_name: Option<String>,
    /// What it holds.
    pub content: Vec<u8>,
}

/// Reads a request and verifies its signature; `is_signed` is false for addresses that have none.
///
/// # Errors
/// What is wrong with it.
pub fn read(protocol: Protocol, request: &http::Request<Bytes>, is_signed: bool) -> Result<Seen, String> {
    let target = request.uri().path_and_query().ok_or("no target")?.as_str();
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~%/?=&".contains(c);
    if let Some(c) = target.chars().find(|c| !allowed(*c)) {
        return Err(format!("target: {c:?} in {target}"));
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let segments = path.split('/').skip(1).map(decoded).collect::<Result<_, _>>()?;
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').ok_or_else(|| format!("query: {pair}"))?;
        Ok((decoded(name)?, decoded(value)?))
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut seen = Seen {
        segments,
        query: pairs.map(pair).collect::<Result<_, String>>()?,
        body: Body::Empty,
    };
    if protocol == Protocol::V2 {
        v2(request, &mut seen, is_signed)?;
    } else {
        v3(request, target, &mut seen)?;
    }
    Ok(seen)
}

fn decoded(text: &str) -> Result<String, String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(|text| text.into_owned())
        .map_err(|error| error.to_string())
}

/// A header as text.
#[must_use]
pub fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok()
}

fn v2(request: &http::Request<Bytes>, seen: &mut Seen, is_signed: bool) -> Result<(), String> {
    let boundary = boundary(request);
    let fields = if request.method() == http::Method::GET {
        // All of it is fields; the parameters of a page that is not signed stay a query.
        seen.query.iter().cloned().collect::<Fields>()
    } else if let Some(boundary) = boundary {
        let parts = parts(request.body(), boundary)?;
        let texts = parts.iter().filter(|part| part.file_name.is_none());
        let text = |part: &Part| Some((part.name.clone(), String::from_utf8(part.content.clone()).ok()?));
        let fields = texts.filter_map(text).collect();
        seen.body = Body::Parts(parts);
        fields
    } else {
        xml::read(request.body()).map_err(|error| format!("XML: {error}"))?
    };
    if is_signed {
        verify_sign(&fields, &api_v2_key()).map_err(|error| format!("signature: {error}"))?;
    }
    if matches!(seen.body, Body::Empty) {
        seen.body = Body::Fields(fields);
    }
    if request.method() == http::Method::GET {
        seen.query.clear();
    }
    Ok(())
}

fn v3(request: &http::Request<Bytes>, target: &str, seen: &mut Seen) -> Result<(), String> {
    let body = request.body();
    let signed: Vec<u8> = if let Some(boundary) = boundary(request) {
        let parts = parts(body, boundary)?;
        let meta = parts.iter().find(|part| part.name == "meta").ok_or("no meta")?;
        let signed = meta.content.clone();
        seen.body = Body::Parts(parts);
        signed
    } else {
        if !body.is_empty() {
            let json = serde_json::from_slice(body).map_err(|error| format!("JSON: {error}"))?;
            seen.body = Body::Json(json);
        }
        body.to_vec()
    };
    let authorization = header(request, "authorization").ok_or("not signed")?;
    let facts = authorization
        .strip_prefix("WECHATPAY2-SHA256-RSA2048 ")
        .ok_or_else(|| format!("the scheme of {authorization}"))?;
    let facts: BTreeMap<&str, &str> = facts
        .split(',')
        .filter_map(|fact| {
            let (name, value) = fact.split_once('=')?;
            Some((name.trim(), value.strip_prefix('"')?.strip_suffix('"')?))
        })
        .collect();
    let fact = |name: &str| {
        facts
            .get(name)
            .copied()
            .ok_or_else(|| format!("no {name} in {authorization}"))
    };
    let (time, nonce) = (fact("timestamp")?, fact("nonce_str")?);
    let mut message = format!("{}\n{target}\n{time}\n{nonce}\n", request.method()).into_bytes();
    message.extend_from_slice(&signed);
    message.push(b'\n');
    let signature = Signature::from_base64(fact("signature")?).map_err(|error| error.to_string())?;
    let verified = merchant_key().verify(Algorithm::RsaSha256, &message, &signature);
    verified.map_err(|error| format!("signature: {error}"))
}

fn merchant_key() -> &'static PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    KEY.get_or_init(|| public_key("merchant_rsa", Backend::AwsLc))
}

fn boundary(request: &http::Request<Bytes>) -> Option<&str> {
    header(request, "content-type")?.strip_prefix("multipart/form-data; boundary=")
}

fn parts(body: &[u8], boundary: &str) -> Result<Vec<Part>, String> {
    let delimiter = format!("\r\n--{boundary}");
    let body = [b"\r\n", body].concat();
    let mut parts = Vec::new();
    let mut rest = after(&body, delimiter.as_bytes()).ok_or("no first part")?;
    while let Some(start) = rest.strip_prefix(b"\r\n") {
        let end = find(start, delimiter.as_bytes()).ok_or("a part without an end")?;
        let (part, next) = (&start[..end], &start[end + delimiter.len()..]);
        let head = find(part, b"\r\n\r\n").ok_or("a part without content")?;
        let lines = String::from_utf8_lossy(&part[..head]).into_owned();
        let value = |name: &str| {
            let (_, rest) = lines.split_once(&format!("; {name}=\""))?;
            Some(rest.split_once('"')?.0.to_owned())
        };
        parts.push(Part {
            name: value("name").ok_or("a part without a name")?,
            file_name: value("filename"),
            content: part[head + 4..].to_vec(),
        });
        rest = next;
    }
    if rest.starts_with(b"--") {
        Ok(parts)
    } else {
        Err("no end".to_owned())
    }
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|window| window == wanted)
}

fn after<'a>(text: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    find(text, wanted).map(|at| &text[at + wanted.len()..])
}
