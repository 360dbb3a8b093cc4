//! Renders a draft into a v3 request, once; the message is made from this rendering.

use std::borrow::Cow;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use http::uri::{Parts, PathAndQuery, Scheme as UriScheme};
use http::{Method, Uri};

use super::authorization;
use super::canonical::request_message;
use super::credentials::{Credentials, Scheme};
use crate::agent::AGENT;
use crate::crypto::{Algorithm, Signature};
use crate::draft::{Body, Draft};
use crate::error::BuildError;
use crate::multipart;
use crate::stamp::Stamp;

/// A v3 request, complete but for its signature.
#[derive(Debug)]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub struct Rendered {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
    /// The part of the body that is signed, where that is not all of it: an upload's `meta`.
    signed: Option<Bytes>,
    scheme: Scheme,
    authorization: authorization::Unsigned,
}

static WECHATPAY_SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");

/// How many headers a request has at most, but for those of its operation: room is made once.
const HEADERS: usize = 6;

pub(super) fn render(draft: Draft, credentials: &Credentials, stamp: &Stamp) -> Result<Rendered, BuildError> {
    let operation = draft.name;
    let uri = address(&draft)?;
    let mut headers = HeaderMap::with_capacity(HEADERS + draft.headers.len());
    headers.insert(ACCEPT, HeaderValue::from_static(draft.accept));
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    let key = draft.sealed_for.as_ref().or(credentials.answer_key.as_ref());
    match key {
        Some(key) => {
            let value = HeaderValue::try_from(key.as_str()).map_err(|_| BuildError::Header {
                operation,
                header: "Wechatpay-Serial".to_owned(),
                problem: "the key's id cannot stand in a header",
            })?;
            headers.insert(&WECHATPAY_SERIAL, value);
        }
        None if fetches_certificates(&draft.method, uri.path()) => {}
        None => {
            let missing = "a platform certificate or WeChat Pay public key to verify the answer with";
            return Err(BuildError::MissingCredential { operation, missing });
        }
    }
    let (content_type, body, signed) = match draft.body {
        Body::Empty => (None, Bytes::new(), None),
        Body::Bytes { content_type, bytes } => (Some(content_type), bytes, None),
        Body::Upload(upload) => {
            let (content_type, body) = multipart::write(&multipart::texts(&upload), &upload, &stamp.nonce)
                .map_err(|problem| BuildError::Body { operation, problem })?;
            (
                Some(Cow::Owned(content_type)),
                body,
                Some(Bytes::from(upload.meta)),
            )
        }
        Body::Fields(_) | Body::Form(..) => {
            let problem = "named fields are a v2 body".to_owned();
            return Err(BuildError::Body { operation, problem });
        }
    };
    if let Some(content_type) = content_type {
        let value = match content_type {
            Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
            Cow::Owned(text) => HeaderValue::from_maybe_shared(Bytes::from(text)),
        };
        let value = value.map_err(|_| BuildError::Header {
            operation,
            header: "Content-Type".to_owned(),
            problem: "the media type cannot stand in a header",
        })?;
        headers.insert(CONTENT_TYPE, value);
    }
    for (name, value) in draft.headers {
        headers.insert(name, value);
    }
    Ok(Rendered {
        method: draft.method,
        uri,
        headers,
        body,
        signed,
        scheme: credentials.scheme,
        authorization: authorization::Unsigned::new(
            credentials.scheme,
            credentials.account.as_str(),
            stamp,
            credentials.serial.as_str(),
        ),
    })
}

/// A client that has no key yet may ask for the certificates without naming one (protocol section 3.2).
fn fetches_certificates(method: &Method, path: &str) -> bool {
    let paths = [
        "/v3/certificates",
        "/hk/v3/certificates",
        "/v3/global/certificates",
    ];
    method == Method::GET && paths.contains(&path)
}

fn address(draft: &Draft) -> Result<Uri, BuildError> {
    let problem = |problem| BuildError::Target {
        operation: draft.name,
        target: draft.target.clone().into_owned(),
        problem,
    };
    if !draft.target.starts_with('/') {
        return Err(problem("it does not begin with a slash"));
    }
    if !draft.verbatim && draft.target.contains('{') {
        return Err(problem("a path parameter was not filled in"));
    }
    // Without a way out in the middle, many bytes are looked at in one step.
    let is_graphic = draft
        .target
        .bytes()
        .fold(true, |all, b| all & b.is_ascii_graphic());
    if !is_graphic {
        return Err(problem("it holds a character that must be percent-encoded"));
    }
    // A path without parameters is part of the program, and need not be copied.
    let target = match &draft.target {
        Cow::Borrowed(text) => PathAndQuery::from_maybe_shared(Bytes::from_static(text.as_bytes())),
        Cow::Owned(text) => text.parse(),
    };
    let target = target.map_err(|_| problem("it holds a character that must be percent-encoded"))?;
    if target.as_str() != draft.target {
        return Err(problem("it has a fragment or another part that is not sent"));
    }
    let mut parts = Parts::default();
    parts.scheme = Some(UriScheme::HTTPS);
    parts.authority = Some(draft.host.authority());
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(|_| problem("it makes no address"))
}

impl Rendered {
    pub(super) fn algorithm(&self) -> Algorithm {
        self.scheme.algorithm()
    }

    pub(super) fn message(&self) -> Vec<u8> {
        // The target is read back from the address that is sent, so the two cannot differ.
        let target = self.uri.path_and_query().map_or("/", PathAndQuery::as_str);
        request_message(
            self.method.as_str(),
            target,
            self.authorization.timestamp(),
            self.authorization.nonce(),
            self.signed.as_ref().unwrap_or(&self.body),
        )
    }

    pub(super) fn attach(self, signature: &Signature) -> Result<http::Request<Bytes>, BuildError> {
        let header = self.authorization.signed(signature);
        // Invariant: every part is made of letters, digits and the base64 alphabet.
        let value = HeaderValue::from_maybe_shared(Bytes::from(header));
        let mut value = value.map_err(|_| BuildError::Header {
            operation: "v3",
            header: "Authorization".to_owned(),
            problem: "it cannot stand in a header",
        })?;
        value.set_sensitive(true);
        let mut request = http::Request::new(self.body);
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        *request.headers_mut() = self.headers;
        request.headers_mut().insert(AUTHORIZATION, value);
        Ok(request)
    }
}
