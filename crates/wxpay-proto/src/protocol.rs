//! What differs between v3 and v2, behind one trait, so that the journey is written once.

use std::collections::BTreeMap;
use std::fmt::Debug;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::crypto::{Algorithm, Signature};
use crate::draft::Draft;
use crate::error::{BuildError, VerifyError};
use crate::proof::{SignatureRule, VerifiedBy};
use crate::refusal::ApiError;
use crate::stamp::{Stamp, UnixTime};

/// A protocol of WeChat Pay: [`V3`](crate::v3::V3) or [`V2`](crate::v2::V2). Sealed.
pub trait Protocol: sealed::Sealed + Copy + Debug + 'static {
    /// Who signs, without any secret: the key that signs is a [`Signer`](crate::crypto::Signer) of its own.
    type Credentials: Debug;
    /// What answers are verified with.
    type Keys: ?Sized;

    #[doc(hidden)]
    type Rendered: Debug;
    /// What verification must know of the question.
    #[doc(hidden)]
    type Asked: Debug + Clone;

    #[doc(hidden)]
    fn render(
        draft: Draft,
        credentials: &Self::Credentials,
        stamp: &Stamp,
    ) -> Result<Self::Rendered, BuildError>;

    /// The bytes to be signed, made from the rendered request and nothing else.
    #[doc(hidden)]
    fn message(rendered: &Self::Rendered) -> Vec<u8>;

    #[doc(hidden)]
    fn algorithm(rendered: &Self::Rendered) -> Algorithm;

    #[doc(hidden)]
    fn asked(rendered: &Self::Rendered) -> Self::Asked;

    #[doc(hidden)]
    fn attach(rendered: Self::Rendered, signature: &Signature) -> Result<http::Request<Bytes>, BuildError>;

    /// Checks the proof of an answer and tells success from refusal.
    #[doc(hidden)]
    fn open(
        answer: &RawAnswer,
        asked: &Self::Asked,
        keys: &Self::Keys,
        now: UnixTime,
        rule: SignatureRule,
        question: Question,
    ) -> Result<Opened, Failure>;

    /// The text of the answer's top-level member `name`, to be held against the question.
    #[doc(hidden)]
    fn members(answer: &RawAnswer, opened: &Opened, names: &[&str]) -> Vec<Option<String>>;
}

pub(crate) mod sealed {
    #[expect(unnameable_types, reason = "this is what seals `Protocol`")]
    pub trait Sealed {}
}

/// An answer as it came from the wire.
#[doc(hidden)]
#[derive(Debug)]
#[non_exhaustive]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub struct RawAnswer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl RawAnswer {
    /// A header as text; an empty one counts as missing.
    pub(crate) fn header(&self, name: impl http::header::AsHeaderName) -> Option<&str> {
        crate::header_text(&self.headers, name)
    }

    /// WeChat Pay's `Request-ID`.
    pub(crate) fn request_id(&self) -> Option<&str> {
        self.header(&crate::REQUEST_ID)
    }
}

/// What a refusal says of the question.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub struct Question {
    pub(crate) operation: &'static str,
    pub(crate) effect: crate::meta::Effect,
}

/// A successful answer whose proof was checked.
#[doc(hidden)]
#[derive(Debug, Default)]
#[non_exhaustive]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub struct Opened {
    pub(crate) by: Option<VerifiedBy>,
    /// v2: the fields.
    pub(crate) fields: Option<BTreeMap<String, String>>,
    /// v2: fields with elements inside, which no signature covers.
    pub(crate) nested: serde_json::Map<String, serde_json::Value>,
}

/// An answer that is no success, or none that is proven.
#[doc(hidden)]
#[derive(Debug)]
#[non_exhaustive]
#[expect(
    unnameable_types,
    reason = "it passes through the sealed `Protocol` trait only"
)]
pub enum Failure {
    /// WeChat Pay refused.
    Refused(Box<ApiError>),
    /// The proof failed; what the answer claims to be, if it claims to be a refusal.
    Unverified(VerifyError, Option<Box<ApiError>>),
    /// The answer is not in the protocol's form.
    Unreadable(String),
}
