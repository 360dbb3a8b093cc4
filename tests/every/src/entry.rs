//! What the tests do with a generated type, behind function pointers, so that one line names it.

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use wxpay_proto::crypto::{FileDigest, Padding};
use wxpay_proto::{Meta, Operation, Pending, Response, Sensitive, Unsigned, proof, v2, v3};
use wxpay_tests::journey::{now, platform_id, stamp};
use wxpay_types::secrets::Secrets;

use crate::got::{Claimed, Got, Value};
use crate::side::{Side, own_key, platform_key, sealing_id};

/// An operation as it is stored, and what is to be done with it.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Its JSON.
    pub json: &'a [u8],
    /// The pointer of the sensitive field that is not sealed.
    pub unsealed: Option<&'a str>,
}

impl<'a> Ask<'a> {
    /// Asks with everything sealed.
    #[must_use]
    pub fn new(json: &'a str) -> Self {
        Self {
            json: json.as_bytes(),
            unsealed: None,
        }
    }
}

/// A signed request.
#[derive(Debug)]
pub struct Sent {
    /// What would go over the wire.
    pub request: http::Request<Bytes>,
    /// The sensitive fields that the operation showed: pointer and plaintext.
    pub secrets: Vec<(String, String)>,
}

/// Reads a type from JSON and writes it again.
pub type Again = fn(&[u8]) -> Result<Vec<u8>, String>;
/// Signs an operation, verifies this answer to it, and writes what was read.
pub type Answer = fn(&Ask<'_>, http::Response<Bytes>) -> Result<Got, String>;

/// An operation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Entry {
    /// Its name in the catalogue, `v3.pay-transactions.close`.
    pub name: &'static str,
    /// The facts that the core knows of it.
    pub meta: fn() -> &'static Meta,
    /// Reads it, seals what is sensitive, writes and signs it.
    pub ask: fn(&Ask<'_>) -> Result<Sent, String>,
    /// What becomes of an answer; nothing for what cannot be sent.
    pub answer: Option<Answer>,
    /// The answer's type alone; nothing when there is none with members.
    pub again: Option<Again>,
}

/// A type that stands inside a text.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Text {
    /// Its name, `v2.pay.SceneInfo`.
    pub name: &'static str,
    /// Reads and writes it.
    pub again: Again,
}

impl Text {
    /// A type.
    #[must_use]
    pub const fn plain<T: Serialize + DeserializeOwned>(name: &'static str) -> Self {
        Self {
            name,
            again: again::<T>,
        }
    }

    /// A type with sensitive fields.
    #[must_use]
    pub const fn secret<T: Serialize + DeserializeOwned + Secrets>(name: &'static str) -> Self {
        Self {
            name,
            again: secret_again::<T>,
        }
    }
}

/// What all operations have.
pub trait Asked: Operation<Protocol: Side> + Serialize + DeserializeOwned {}
impl<O: Operation<Protocol: Side> + Serialize + DeserializeOwned> Asked for O {}

/// A file.
pub trait Content {
    /// What it holds.
    fn content(&self) -> &Bytes;
}

macro_rules! content {
    ($($kind:ty)*) => {$(
        impl Content for $kind {
            fn content(&self) -> &Bytes {
                Self::content(self)
            }
        }
    )*};
}

content! { v2::File v3::File v3::UnprovenFile v3::Statement }

impl Entry {
    const fn new<O: Asked>(name: &'static str, answer: Answer, again: Option<Again>) -> Self {
        Self {
            name,
            meta: O::meta,
            ask: ask::<O>,
            answer: Some(answer),
            again,
        }
    }

    /// An operation whose answer has members.
    #[must_use]
    pub const fn plain<O: Asked>(name: &'static str) -> Self
    where
        O::Response: Serialize + DeserializeOwned + Claimed,
    {
        let answer: Answer = |ask, answer| {
            let value = answered::<O>(ask, answer)?;
            let json = serde_json::to_vec(&value.value).map_err(|error| error.to_string())?;
            Ok(value.got(json, Vec::new()))
        };
        Self::new::<O>(name, answer, Some(again::<O::Response>))
    }

    /// An operation whose answer has sensitive fields.
    #[must_use]
    pub const fn secret<O: Asked>(name: &'static str) -> Self
    where
        O::Response: Serialize + DeserializeOwned + Secrets + Claimed,
    {
        let answer: Answer = |ask, answer| {
            let mut value = answered::<O>(ask, answer)?;
            let mut unopened = Vec::new();
            value.value.secrets("", &mut |at, field| {
                if field.open_with(O::META.padding, own_key()).is_err() {
                    unopened.push(at.to_owned());
                    as_it_is(field);
                }
            });
            let json = serde_json::to_vec(&value.value).map_err(|error| error.to_string())?;
            Ok(value.got(json, unopened))
        };
        Self::new::<O>(name, answer, Some(secret_again::<O::Response>))
    }

    /// An operation that answers with nothing.
    #[must_use]
    pub const fn empty<O: Asked<Response: Claimed>>(name: &'static str) -> Self {
        let answer: Answer = |ask, answer| Ok(answered::<O>(ask, answer)?.got(b"{}".to_vec(), Vec::new()));
        Self::new::<O>(name, answer, None)
    }

    /// An operation that answers with fields of which none is documented.
    #[must_use]
    pub const fn raw<O: Asked<Response = v2::Raw>>(name: &'static str) -> Self {
        let answer: Answer = |ask, answer| {
            let value = answered::<O>(ask, answer)?;
            let json = json!(value.value.fields).to_string().into_bytes();
            Ok(value.got(json, Vec::new()))
        };
        Self::new::<O>(name, answer, None)
    }

    /// An operation that answers with a file.
    #[must_use]
    pub const fn content<O: Asked<Response: Claimed + Content>>(name: &'static str) -> Self {
        let answer: Answer = |ask, answer| {
            let value = answered::<O>(ask, answer)?;
            let content = value.value.content().to_vec();
            Ok(value.got(content, Vec::new()))
        };
        Self::new::<O>(name, answer, None)
    }

    /// An operation that answers with a file whose digest was told before; here it is the digest of
    /// [`answer::FILE`](crate::answer::FILE).
    #[must_use]
    pub const fn file<O: Asked<Response: Content + Response<Proof = proof::Digest>>>(
        name: &'static str,
    ) -> Self {
        let answer: Answer = |ask, answer| {
            let digest =
                FileDigest::new("SHA1", &crate::answer::file_sha1()).map_err(|error| error.to_string())?;
            let (_, pending) = signed::<O>(ask)?;
            let answer = pending.receive(answer).file(&digest, O::Protocol::keys(), now());
            let value = Value::from(answer.map_err(|error| format!("{error} ({error:?})"))?);
            let content = value.value.content().to_vec();
            Ok(value.got(content, Vec::new()))
        };
        Self::new::<O>(name, answer, None)
    }

    /// A page for a browser, with what makes its address.
    #[must_use]
    pub const fn page(
        name: &'static str,
        meta: fn() -> &'static Meta,
        ask: fn(&Ask<'_>) -> Result<Sent, String>,
    ) -> Self {
        Self {
            name,
            meta,
            ask,
            answer: None,
            again: None,
        }
    }
}

/// The address of a page as a request.
///
/// # Errors
/// What is wrong with the JSON or the address.
pub fn page<T: DeserializeOwned, E: ToString>(
    ask: &Ask<'_>,
    url: impl FnOnce(&T) -> Result<http::Uri, E>,
) -> Result<Sent, String> {
    let page: T = serde_json::from_slice(ask.json).map_err(|error| error.to_string())?;
    let mut request = http::Request::new(Bytes::new());
    *request.uri_mut() = url(&page).map_err(|error| error.to_string())?;
    Ok(Sent {
        request,
        secrets: Vec::new(),
    })
}

/// The signed address of a page as a request.
#[macro_export]
macro_rules! signed_page {
    ($kind:ty) => {
        |ask| {
            $crate::entry::page::<$kind, _>(ask, |page| {
                page.url(
                    &wxpay_tests::journey::v2_credentials(),
                    &wxpay_tests::keys::api_v2_key(),
                    &wxpay_tests::journey::stamp(),
                )
            })
        }
    };
}

fn ask<O: Asked>(ask: &Ask<'_>) -> Result<Sent, String> {
    signed::<O>(ask).map(|(sent, _)| sent)
}

fn signed<O: Asked>(ask: &Ask<'_>) -> Result<(Sent, Pending<O>), String> {
    let mut operation: O = serde_json::from_slice(ask.json).map_err(|error| format!("read: {error}"))?;
    let mut secrets = Vec::new();
    operation.sensitive(&mut |at, field| seal(at, field, O::META.padding, ask, &mut secrets));
    let unsigned = Unsigned::new(&operation, &O::Protocol::credentials(), &stamp());
    let unsigned = unsigned.map_err(|error| format!("write: {error}"))?;
    let signature = O::Protocol::sign(unsigned.algorithm(), unsigned.message()).ok_or("no signature")?;
    let signed = unsigned
        .attach(&signature)
        .map_err(|error| format!("write: {error}"))?;
    let (request, pending) = signed.into_parts();
    Ok((Sent { request, secrets }, pending))
}

fn seal(
    at: &str,
    field: &mut Sensitive,
    padding: Padding,
    ask: &Ask<'_>,
    secrets: &mut Vec<(String, String)>,
) {
    secrets.push((at.to_owned(), field.expose().unwrap_or_default().to_owned()));
    if ask.unsealed != Some(at) {
        // What fails stays unsealed, and is refused when it is written.
        let _ = field.seal_with(padding, platform_key(), &sealing_id(), &mut |_: &mut [u8]| {});
    }
}

fn answered<O: Asked<Response: Claimed>>(
    ask: &Ask<'_>,
    answer: http::Response<Bytes>,
) -> Result<Value<O::Response>, String> {
    let (_, pending) = signed::<O>(ask)?;
    let answer = pending.receive(answer).verify(O::Protocol::keys(), now());
    let answer = answer.map_err(|error| format!("{error} ({error:?})"))?;
    Ok(<O::Response as Claimed>::claimed(answer))
}

fn again<T: Serialize + DeserializeOwned>(json: &[u8]) -> Result<Vec<u8>, String> {
    let value: T = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    serde_json::to_vec(&value).map_err(|error| error.to_string())
}

fn secret_again<T: Serialize + DeserializeOwned + Secrets>(json: &[u8]) -> Result<Vec<u8>, String> {
    let mut value: T = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    value.secrets("", &mut |_, field| {
        as_it_is(field);
    });
    serde_json::to_vec(&value).map_err(|error| error.to_string())
}

/// Lets a text that is no ciphertext be written.
fn as_it_is(field: &mut Sensitive) {
    *field = Sensitive::sealed(field.expose().unwrap_or_default(), platform_id());
}
