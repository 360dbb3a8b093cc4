//! A request while an operation writes itself into it.
//!
//! An operation says what goes where; the draft does the escaping and keeps the rules that hold for every request.
//! What comes out is rendered once, and that rendering is what is signed and sent.

mod carries;

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::error::BuildError;
use crate::file_part::FilePart;
use crate::host::Host;
use crate::id::KeyId;
use crate::members::Members;
use crate::meta::{Effect, Meta, SignTypeRule};

/// Everything but the unreserved characters of RFC 3986 is escaped, in path segments and in query values alike.
pub(crate) const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Few requests are longer, in bytes: theirs need not grow while they are written.
const USUAL_BODY: usize = 1024;

/// A request that an [`Operation`](crate::Operation) writes itself into.
#[derive(Debug)]
pub struct Draft {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) host: Host,
    pub(crate) effect: Effect,
    pub(crate) target: Cow<'static, str>,
    /// The target is the caller's own text, not a template with parameters to fill in.
    pub(crate) verbatim: bool,
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    pub(crate) body: Body,
    pub(crate) accept: &'static str,
    pub(crate) sealed_for: Option<KeyId>,
    pub(crate) echoes: Vec<(Cow<'static, str>, String)>,
    pub(crate) sign_type: SignTypeRule,
    pub(crate) nonce_str: bool,
    pub(crate) client_certificate: bool,
}

/// What the request carries.
#[derive(Debug)]
pub(crate) enum Body {
    /// Nothing.
    Empty,
    /// Bytes that are signed and sent as they are; v3's JSON.
    Bytes {
        content_type: Cow<'static, str>,
        bytes: Bytes,
    },
    /// Named texts; v2's XML is made of them.
    Fields(Vec<(String, String)>),
    /// A file with the text that describes it; only that text is signed.
    Upload(Upload),
    /// v2's multipart form: named texts, which are signed, and a file, which is not.
    Form(Vec<(String, String)>, Upload),
}

/// A multipart upload (protocol section 10): the text of the first part is what is signed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Upload {
    /// The name of the first part, `meta` everywhere.
    pub meta_name: Cow<'static, str>,
    /// The JSON text of the first part, byte for byte as it is signed.
    pub meta: String,
    /// Further parts between the two, plain texts by name; they are not signed.
    pub texts: Vec<(Cow<'static, str>, String)>,
    /// The name of the second part, `file` nearly everywhere.
    pub file_name_of_part: Cow<'static, str>,
    /// The file's name; quotes and line ends in it are escaped as browsers do.
    pub file_name: String,
    /// The media type of the file, `image/png` say.
    pub content_type: String,
    /// The file.
    pub content: Bytes,
}

impl Upload {
    /// An upload whose parts have the usual names `meta` and `file`.
    #[must_use]
    pub fn new(
        meta: impl Into<String>,
        file_name: impl Into<String>,
        content_type: impl Into<String>,
        content: Bytes,
    ) -> Self {
        Self {
            meta_name: Cow::Borrowed("meta"),
            meta: meta.into(),
            texts: Vec::new(),
            file_name_of_part: Cow::Borrowed("file"),
            file_name: file_name.into(),
            content_type: content_type.into(),
            content,
        }
    }
}

impl Draft {
    /// A draft with an operation's method, host and path; the path's `{parameters}` are still to be filled in.
    #[must_use]
    pub fn new(meta: &'static Meta) -> Self {
        Self {
            name: meta.name,
            method: meta.method.clone(),
            host: meta.host,
            effect: meta.effect,
            target: Cow::Borrowed(meta.path),
            verbatim: false,
            headers: Vec::new(),
            body: Body::Empty,
            accept: "application/json",
            sealed_for: None,
            echoes: Vec::new(),
            sign_type: meta.sign_type,
            nonce_str: meta.nonce_str,
            client_certificate: meta.client_certificate,
        }
    }

    /// Replaces what the operation's facts said: for calls whose method and address are values.
    ///
    /// The target is taken verbatim. GET makes the call a read; anything else is taken to move money.
    pub fn route(&mut self, method: Method, host: Host, target: impl Into<String>) {
        self.effect = if method == Method::GET {
            Effect::Read
        } else {
            Effect::Money
        };
        self.method = method;
        self.host = host;
        self.target = Cow::Owned(target.into());
        self.verbatim = true;
    }

    /// Says what the call does, for calls that are not described by an operation's facts.
    pub fn effect(&mut self, effect: Effect) {
        self.effect = effect;
    }

    /// v2: says how the request is signed, for calls that are not described by an operation's facts.
    pub fn sign_type(&mut self, rule: SignTypeRule) {
        self.sign_type = rule;
    }

    /// v2: says that the operation knows no `nonce_str`, for calls that are not described by an operation's facts.
    pub fn without_nonce_str(&mut self) {
        self.nonce_str = false;
    }

    /// v2: says that the client certificate is needed, for calls that are not described by an operation's facts.
    pub fn client_certificate(&mut self) {
        self.client_certificate = true;
    }

    /// Fills in the path parameter `name`, percent-encoded as UTF-8.
    ///
    /// # Errors
    /// [`BuildError::Path`] when the value is missing, empty, `.` or `..` (which addresses are shortened by), or when
    /// the path has no such parameter.
    pub fn path(&mut self, name: &'static str, value: Option<&str>) -> Result<(), BuildError> {
        let problem = |problem| BuildError::Path {
            operation: self.name,
            parameter: name,
            problem,
        };
        let value = value.ok_or_else(|| problem("it is not set"))?;
        match value {
            "" => return Err(problem("it is empty")),
            "." | ".." => return Err(problem("a segment \".\" or \"..\" would change the path")),
            _ => {}
        }
        // Only the template is searched: a value filled in earlier has its braces escaped.
        let (at, end) =
            placeholder(&self.target, name).ok_or_else(|| problem("the path has no such parameter"))?;
        let (before, after) = (&self.target[..at], &self.target[end..]);
        let escaped = utf8_percent_encode(value, ESCAPED);
        // Whatever needs no escape has its length; the rest of the path is usually short.
        let mut target = String::with_capacity(before.len() + value.len() + after.len());
        target.push_str(before);
        target.extend(escaped);
        target.push_str(after);
        self.target = Cow::Owned(target);
        Ok(())
    }

    /// Appends `name=value` to the query, percent-encoded as UTF-8; nothing when there is no value.
    pub fn query(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            let target = self.target.to_mut();
            target.push(if target.contains('?') { '&' } else { '?' });
            target.extend(utf8_percent_encode(name, ESCAPED));
            target.push('=');
            target.extend(utf8_percent_encode(value, ESCAPED));
        }
    }

    /// Sets a header; nothing when there is no value.
    ///
    /// # Errors
    /// [`BuildError::Header`] when the name is one that the protocol itself sets, or either cannot stand in a header.
    pub fn header(&mut self, name: &str, value: Option<&str>) -> Result<(), BuildError> {
        let Some(value) = value else { return Ok(()) };
        let problem = |problem| BuildError::Header {
            operation: self.name,
            header: name.to_owned(),
            problem,
        };
        let header = HeaderName::try_from(name).map_err(|_| problem("the name is no header name"))?;
        let reserved = [
            "authorization",
            "content-length",
            "content-type",
            "host",
            "wechatpay-serial",
        ];
        if reserved.contains(&header.as_str()) {
            return Err(problem("the protocol sets this header itself"));
        }
        let value =
            HeaderValue::try_from(value).map_err(|_| problem("the value cannot stand in a header"))?;
        self.headers.push((header, value));
        Ok(())
    }

    /// Says which media types the answer may have; `application/json` when nothing is said.
    pub fn accept(&mut self, media_types: &'static str) {
        self.accept = media_types;
    }

    /// Makes the body a JSON object of the members of `value`, leaving out those named in `skip` (they stand in the
    /// path, the query or a header).
    ///
    /// # Errors
    /// [`BuildError::Body`] when `value` does not serialise to an object; above all when a sensitive field has not
    /// been sealed.
    pub fn json<T: Serialize>(&mut self, value: &T, skip: &'static [&'static str]) -> Result<(), BuildError> {
        let mut bytes = Vec::with_capacity(USUAL_BODY);
        serde_json::to_writer(&mut bytes, &Members::new(value, skip)).map_err(|error| BuildError::Body {
            operation: self.name,
            problem: error.to_string(),
        })?;
        // As long as it is, it needs no count of who shares it until somebody does.
        self.bytes("application/json", bytes.into_boxed_slice());
        Ok(())
    }

    /// Makes the body these bytes, signed and sent as they are.
    pub fn bytes(&mut self, content_type: impl Into<Cow<'static, str>>, bytes: impl Into<Bytes>) {
        self.body = Body::Bytes {
            content_type: content_type.into(),
            bytes: bytes.into(),
        };
    }

    /// Makes the body the fields of `value`, a flat object: texts as they are, numbers in decimal, lists of objects
    /// as numbered fields (`coupon_id_$n` becomes `coupon_id_0`, `coupon_id_1` …).
    ///
    /// # Errors
    /// [`BuildError::Body`] when a value has no flat form.
    pub fn fields<T: Serialize>(&mut self, value: &T) -> Result<(), BuildError> {
        let fields = crate::fields::flatten(value);
        self.flat(fields)
    }

    /// As [`fields`](Self::fields), leaving out those named in `skip` (they stand in the query or a header).
    ///
    /// # Errors
    /// [`BuildError::Body`] when a value has no flat form.
    pub fn fields_without<T: Serialize>(
        &mut self,
        value: &T,
        skip: &'static [&'static str],
    ) -> Result<(), BuildError> {
        let fields = crate::fields::flatten(&Members::new(value, skip));
        self.flat(fields)
    }

    fn flat(&mut self, fields: Result<Vec<(String, String)>, String>) -> Result<(), BuildError> {
        let fields = fields.map_err(|problem| BuildError::Body {
            operation: self.name,
            problem,
        })?;
        self.body = Body::Fields(fields);
        Ok(())
    }

    /// v2: adds a file to the fields, which makes the body a multipart form; the signature covers the fields alone.
    ///
    /// # Errors
    /// [`BuildError::Body`] when there is no file.
    pub fn attach_file(&mut self, part: &'static str, file: Option<&FilePart>) -> Result<(), BuildError> {
        let file = self.the_file(part, file)?;
        let fields = match std::mem::replace(&mut self.body, Body::Empty) {
            Body::Fields(fields) => fields,
            _ => Vec::new(),
        };
        self.body = Body::Form(fields, file);
        Ok(())
    }

    /// v3: makes the body a multipart upload whose first part is `meta` as JSON, and whose last is the file. The
    /// signature covers the first part alone, which therefore holds a digest of the file.
    ///
    /// # Errors
    /// [`BuildError::Body`] when there is no file, or `meta` does not serialise.
    pub fn multipart<T: Serialize>(
        &mut self,
        meta: &T,
        texts: &[(&'static str, Option<String>)],
        part: &'static str,
        file: Option<&FilePart>,
    ) -> Result<(), BuildError> {
        let mut upload = self.the_file(part, file)?;
        upload.meta = serde_json::to_string(meta).map_err(|error| BuildError::Body {
            operation: self.name,
            problem: error.to_string(),
        })?;
        let given = texts
            .iter()
            .filter_map(|(name, text)| Some((Cow::Borrowed(*name), text.clone()?)));
        upload.texts = given.collect();
        self.upload(upload);
        Ok(())
    }

    fn the_file(&self, part: &'static str, file: Option<&FilePart>) -> Result<Upload, BuildError> {
        let file = file.ok_or_else(|| BuildError::Body {
            operation: self.name,
            problem: format!("the file `{part}` is not set"),
        })?;
        let mut upload = Upload::new("", file.name(), file.media_type(), file.content().clone());
        upload.file_name_of_part = Cow::Borrowed(part);
        Ok(upload)
    }

    /// Makes the body a multipart upload.
    pub fn upload(&mut self, upload: Upload) {
        self.body = Body::Upload(upload);
    }

    /// Says that the answer, when it has a member or field `name`, must have this value there: an answer's signature
    /// does not cover the question, so an answer to another question is told by this alone.
    pub fn echo(&mut self, name: impl Into<Cow<'static, str>>, value: Option<&str>) {
        if let Some(value) = value {
            self.echoes.push((name.into(), value.to_owned()));
        }
    }

    /// Says which key the sensitive fields in this request are sealed for; it becomes `Wechatpay-Serial`.
    ///
    /// # Errors
    /// [`BuildError::TwoSeals`] when another field was sealed for another key: the header can name one only.
    pub fn sealed_for(&mut self, key: &KeyId) -> Result<(), BuildError> {
        match &self.sealed_for {
            Some(first) if first != key => Err(BuildError::TwoSeals {
                operation: self.name,
                first: first.to_string(),
                second: key.to_string(),
            }),
            _ => {
                self.sealed_for = Some(key.clone());
                Ok(())
            }
        }
    }
}

/// Where `{name}` stands in a path.
fn placeholder(path: &str, name: &str) -> Option<(usize, usize)> {
    path.match_indices('{').find_map(|(at, _)| {
        let rest = path[at + 1..].strip_prefix(name)?;
        rest.starts_with('}').then_some((at, at + name.len() + 2))
    })
}
