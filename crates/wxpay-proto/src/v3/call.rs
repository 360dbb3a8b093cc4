//! Calls that no type describes: interfaces that are newer than this crate, and files behind a `download_url`.

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;

use super::V3;
use crate::draft::Draft;
use crate::error::{BuildError, ParseError};
use crate::host::{ForeignHost, Host};
use crate::meta::{Effect, Meta};
use crate::operation::{AnswerBody, Operation, Response};
use crate::proof::{Digest, Signed, SignedDigest, Unsigned};

/// Any v3 call, spelled out. It is signed and verified like every other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// The host.
    pub host: Host,
    /// Path and query, verbatim: percent-encode values yourself.
    pub target: String,
    /// Further headers, name and value.
    pub headers: Vec<(String, String)>,
    /// The body, sent and signed byte for byte; JSON when there is one.
    pub body: Option<Bytes>,
    /// What the call does; without it GET reads, and all else is taken to move money.
    pub effect: Option<Effect>,
}

impl Call {
    /// A call without a body to the default host.
    #[must_use]
    pub fn new(method: Method, target: impl Into<String>) -> Self {
        Self {
            method,
            host: Host::API,
            target: target.into(),
            headers: Vec::new(),
            body: None,
            effect: None,
        }
    }

    /// Sets the host.
    #[must_use]
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Says what the call does.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }
}

impl Operation for Call {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("v3.call", Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(self.method.clone(), self.host, self.target.clone());
        if let Some(effect) = self.effect {
            draft.effect(effect);
        }
        for (name, value) in &self.headers {
            draft.header(name, Some(value))?;
        }
        if let Some(body) = &self.body {
            draft.bytes("application/json", body.clone());
        }
        Ok(())
    }
}

/// The answer of a [`Call`], as it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Raw {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers; the signature does not cover them.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Raw {
    /// Reads the body as JSON.
    ///
    /// # Errors
    /// What `serde_json` says.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl Response for Raw {
    type Proof = Signed;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            status: body.status(),
            headers: body.headers().clone(),
            body: body.bytes().clone(),
        })
    }
}

/// Fetches the file behind a `download_url` of a signed answer; its answer is proven by the digest told there.
#[derive(Clone, Debug)]
pub struct Download {
    host: Host,
    target: String,
}

impl Download {
    /// Takes the address verbatim: its token must not be encoded again.
    ///
    /// # Errors
    /// [`ForeignHost`] when the address is not on one of WeChat Pay's hosts.
    pub fn new(url: &str) -> Result<Self, ForeignHost> {
        let (host, target) = Host::split(url)?;
        Ok(Self {
            host,
            target: target.to_owned(),
        })
    }
}

impl Operation for Download {
    type Protocol = V3;
    type Response = File;
    const META: Meta = Meta::new("v3.download", Method::GET, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(Method::GET, self.host, self.target.clone());
        draft.accept("*/*");
        Ok(())
    }
}

/// A file. There is no way to have one but by its digest.
#[derive(Clone, Debug)]
pub struct File(Bytes);

impl File {
    /// The content, unpacked when it came as gzip, and decrypted when it came encrypted.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.0
    }
}

impl Response for File {
    type Proof = Digest;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self(body.bytes().clone()))
    }
}

/// A file that is neither signed nor has a digest that was told before: an image that users sent with a complaint.
#[derive(Clone, Debug)]
pub struct UnprovenFile(Bytes);

impl UnprovenFile {
    /// The content, as claimed.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.0
    }
}

impl Response for UnprovenFile {
    type Proof = Unsigned;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self(body.bytes().clone()))
    }
}

/// A statement of settlement (global, protocol section 2.4): its SHA-1 stands in a header, and that is what is signed.
#[derive(Clone, Debug)]
pub struct Statement(Bytes);

impl Statement {
    /// The content.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.0
    }
}

impl Response for Statement {
    type Proof = SignedDigest;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self(body.bytes().clone()))
    }
}
