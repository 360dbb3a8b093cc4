//! Renders a draft into a v2 request: fills in `nonce_str` and `sign_type`, and leaves a place for `sign`.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Uri};
use percent_encoding::utf8_percent_encode;

use super::asked::Asked;
use super::canonical;
use super::credentials::Credentials;
use super::xml::{self, Fields};
use crate::agent::AGENT;
use crate::crypto::{Algorithm, Signature};
use crate::draft::{Body, Draft, ESCAPED, Upload};
use crate::error::BuildError;
use crate::host::Host;
use crate::meta::SignTypeRule;
use crate::multipart::{self, TextPart};
use crate::stamp::{Nonce, Stamp};

/// The fields that can hold the number of the merchant who signs, the most telling first (protocol section 7.4).
const SIGNER_FIELDS: [&str; 3] = ["combine_mch_id", "mch_id", "mchid"];

/// A v2 request, complete but for its signature.
#[derive(Debug)]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub struct Rendered {
    operation: &'static str,
    method: Method,
    host: Host,
    target: String,
    headers: Vec<(http::HeaderName, HeaderValue)>,
    fields: Fields,
    /// A file beside the fields, which makes the body a multipart form, and what its boundary is made from.
    file: Option<(Upload, Nonce)>,
    asked: Asked,
}

pub(super) fn render(draft: Draft, credentials: &Credentials, stamp: &Stamp) -> Result<Rendered, BuildError> {
    let operation = draft.name;
    let (mut fields, file) = match draft.body {
        Body::Fields(pairs) => (pairs.into_iter().collect(), None),
        Body::Form(pairs, file) => (pairs.into_iter().collect(), Some((file, stamp.nonce.clone()))),
        Body::Empty => (Fields::new(), None),
        Body::Bytes { .. } | Body::Upload(_) => {
            let problem = "a v2 body is made of named fields".to_owned();
            return Err(BuildError::Body { operation, problem });
        }
    };
    check_merchant(operation, &fields, credentials)?;
    let algorithm = choose(operation, draft.sign_type, &mut fields, credentials)?;
    fields.remove("sign");
    if draft.nonce_str && fields.get("nonce_str").is_none_or(String::is_empty) {
        fields.insert("nonce_str".to_owned(), stamp.nonce.to_string());
    }
    let hmac_only = draft.sign_type == SignTypeRule::HmacOnly;
    address(operation, draft.host, &draft.target)?;
    Ok(Rendered {
        operation,
        method: draft.method,
        host: draft.host,
        target: draft.target.into_owned(),
        headers: draft.headers,
        fields,
        file,
        asked: Asked { algorithm, hmac_only },
    })
}

/// The address of a request target.
pub(super) fn address(operation: &'static str, host: Host, target: &str) -> Result<Uri, BuildError> {
    let problem = || BuildError::Target {
        operation,
        target: target.to_owned(),
        problem: "it makes no address",
    };
    if target.contains(['{', '#']) || !target.starts_with('/') {
        return Err(problem());
    }
    let uri = Uri::builder()
        .scheme("https")
        .authority(host.as_str())
        .path_and_query(target);
    uri.build().map_err(|_| problem())
}

/// A number of somebody else's would be signed with the wrong key and come back as an unexplained signature error.
fn check_merchant(
    operation: &'static str,
    fields: &Fields,
    credentials: &Credentials,
) -> Result<(), BuildError> {
    let given = SIGNER_FIELDS
        .iter()
        .find_map(|name| Some((*name, fields.get(*name)?)));
    match given.filter(|(_, number)| *number != credentials.merchant.as_str()) {
        None => Ok(()),
        Some((field, found)) => Err(BuildError::WrongMerchant {
            operation,
            field,
            found: found.clone(),
            signer: credentials.merchant.to_string(),
        }),
    }
}

/// Chooses the algorithm and fills in `sign_type` where the operation has it.
fn choose(
    operation: &'static str,
    rule: SignTypeRule,
    fields: &mut Fields,
    credentials: &Credentials,
) -> Result<Algorithm, BuildError> {
    let given = fields
        .get("sign_type")
        .map(String::as_str)
        .filter(|given| !given.is_empty());
    let refuse = |problem: String| Err(BuildError::SignType { operation, problem });
    let algorithm = match (rule, given) {
        (SignTypeRule::Md5Only, None) => return Ok(Algorithm::Md5),
        (SignTypeRule::Md5Only, Some(_)) => {
            return refuse("this operation is signed with MD5 and knows no `sign_type`".to_owned());
        }
        (SignTypeRule::HmacOnly, None | Some("HMAC-SHA256")) => Algorithm::HmacSha256,
        (SignTypeRule::HmacOnly, Some(given)) => {
            return refuse(format!(
                "`sign_type` is {given}, and this operation accepts HMAC-SHA256 only"
            ));
        }
        (SignTypeRule::Choice, None) => credentials.sign_type.algorithm(),
        (SignTypeRule::Choice, Some("HMAC-SHA256")) => Algorithm::HmacSha256,
        (SignTypeRule::Choice, Some("MD5")) => Algorithm::Md5,
        (SignTypeRule::Choice, Some(given)) => {
            return refuse(format!("`sign_type` is {given}; it is MD5 or HMAC-SHA256"));
        }
    };
    fields.insert("sign_type".to_owned(), algorithm.as_str().to_owned());
    Ok(algorithm)
}

impl Rendered {
    pub(super) fn asked(&self) -> Asked {
        self.asked
    }

    pub(super) fn message(&self) -> Vec<u8> {
        let fields = self
            .fields
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        canonical::message(fields).into_bytes()
    }

    pub(super) fn attach(mut self, signature: &Signature) -> Result<http::Request<Bytes>, BuildError> {
        let operation = self.operation;
        self.fields.insert("sign".to_owned(), signature.to_hex());
        let (content_type, body) = self.body()?;
        if self.method == Method::GET {
            self.add_query();
        }
        let mut request = http::Request::new(body);
        *request.uri_mut() = address(operation, self.host, &self.target)?;
        *request.method_mut() = self.method;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.extend(content_type.map(|value| (CONTENT_TYPE, value)));
        headers.extend(self.headers);
        Ok(request)
    }

    /// A GET has none, a file makes it a form, and all else is XML.
    fn body(&self) -> Result<(Option<HeaderValue>, Bytes), BuildError> {
        let failed = |problem: String| BuildError::Body {
            operation: self.operation,
            problem,
        };
        if self.method == Method::GET {
            return Ok((None, Bytes::new()));
        }
        let Some((file, nonce)) = &self.file else {
            let xml = xml::write(&self.fields).map_err(|error| failed(error.to_string()))?;
            let content_type = HeaderValue::from_static("text/xml; charset=utf-8");
            return Ok((Some(content_type), Bytes::from(xml)));
        };
        let texts: Vec<_> = self
            .fields
            .iter()
            .map(|(name, text)| TextPart {
                name,
                media_type: None,
                text,
            })
            .collect();
        let (content_type, body) = multipart::write(&texts, file, nonce).map_err(failed)?;
        let content_type = HeaderValue::try_from(content_type).map_err(|error| failed(error.to_string()))?;
        Ok((Some(content_type), body))
    }

    /// Of a GET the fields stand in the query, signature and all. Empty ones are left out, as they are of the message.
    fn add_query(&mut self) {
        for (name, value) in self.fields.iter().filter(|(_, value)| !value.is_empty()) {
            self.target
                .push(if self.target.contains('?') { '&' } else { '?' });
            self.target.extend(utf8_percent_encode(name, ESCAPED));
            self.target.push('=');
            self.target.extend(utf8_percent_encode(value, ESCAPED));
        }
    }
}
