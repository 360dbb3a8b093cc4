//! Renders a draft into a v2 request: fills in `nonce_str` and `sign_type`, and leaves a place for `sign`.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue, USER_AGENT};
use http::{Method, Uri};

use super::asked::Asked;
use super::canonical;
use super::credentials::Credentials;
use super::xml::{self, Fields};
use crate::crypto::{Algorithm, Signature};
use crate::draft::{Body, Draft};
use crate::error::BuildError;
use crate::meta::SignTypeRule;
use crate::stamp::Stamp;

const AGENT: &str = concat!("wxpay/", env!("CARGO_PKG_VERSION"), " (Rust)");

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
    uri: Uri,
    headers: Vec<(http::HeaderName, HeaderValue)>,
    fields: Fields,
    asked: Asked,
}

pub(super) fn render(draft: Draft, credentials: &Credentials, stamp: &Stamp) -> Result<Rendered, BuildError> {
    let operation = draft.name;
    let mut fields = match draft.body {
        Body::Fields(pairs) => pairs.into_iter().collect(),
        Body::Empty => Fields::new(),
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
    let target = || BuildError::Target {
        operation,
        target: draft.target.clone(),
        problem: "it makes no address",
    };
    let uri = Uri::builder()
        .scheme("https")
        .authority(draft.host.as_str())
        .path_and_query(&draft.target);
    let uri = uri.build().map_err(|_| target())?;
    if draft.target.contains(['{', '#']) || !draft.target.starts_with('/') {
        return Err(target());
    }
    Ok(Rendered {
        operation,
        method: draft.method,
        uri,
        headers: draft.headers,
        fields,
        asked: Asked { algorithm, hmac_only },
    })
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
        let xml = xml::write(&self.fields).map_err(|error| BuildError::Body {
            operation,
            problem: error.to_string(),
        })?;
        let mut request = http::Request::new(Bytes::from(xml));
        *request.method_mut() = self.method;
        *request.uri_mut() = self.uri;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/xml; charset=utf-8"));
        headers.extend(self.headers);
        Ok(request)
    }
}
