//! What proves that an answer is WeChat Pay's, and what a caller gets for it.
//!
//! The proof is a fact of each operation (protocol sections 2.3, 2.4 and 7.6) and stands in its response type. It
//! decides the type that comes out, so nobody can take an unproven answer for a proven one.

use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::crypto::Algorithm;
use crate::id::KeyId;

/// The answer is always signed: a [`Verified`] comes out, or an error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Signed;

/// Some answers are signed: a signature that is there must verify; without one, the answer is
/// [`Checked::Unauthenticated`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignedIfPresent;

/// The answer is never signed: an [`Unauthenticated`] comes out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Unsigned;

/// The answer is a file, and what is signed is its digest in a header: a [`Verified`] comes out, or an error.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct SignedDigest;

/// The answer is a file whose digest was told beforehand, in a signed answer. There is no way to read it but through
/// [`Unverified::file`](crate::Unverified::file), which asks for that digest.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Digest;

/// A proof that can be checked with what the answer itself carries.
///
/// [`Digest`] does not implement it: a file without its digest proves nothing.
pub trait Proof: sealed::Sealed {
    /// What a caller gets.
    type Answer<T>;

    #[doc(hidden)]
    const RULE: SignatureRule;

    /// What came is given back when the proof that must be there is not.
    #[doc(hidden)]
    fn answer<T>(
        value: T,
        by: Option<VerifiedBy>,
        received: Received,
    ) -> Result<Self::Answer<T>, Box<Received>>;
}

/// Whether a signature must be there.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureRule {
    /// It must.
    Always,
    /// It may, and must verify when it is.
    IfPresent,
    /// It is not looked for.
    Never,
    /// It must, and covers the digest that a header tells.
    Digest,
}

mod sealed {
    #[expect(unnameable_types, reason = "this is what seals `Proof`")]
    pub trait Sealed {}
}

impl sealed::Sealed for Signed {}
impl sealed::Sealed for SignedIfPresent {}
impl sealed::Sealed for Unsigned {}
impl sealed::Sealed for SignedDigest {}

impl Proof for Signed {
    type Answer<T> = Verified<T>;
    const RULE: SignatureRule = SignatureRule::Always;

    fn answer<T>(value: T, by: Option<VerifiedBy>, received: Received) -> Result<Verified<T>, Box<Received>> {
        match by {
            Some(by) => Ok(Verified { value, by, received }),
            None => Err(Box::new(received)),
        }
    }
}

impl Proof for SignedDigest {
    type Answer<T> = Verified<T>;
    const RULE: SignatureRule = SignatureRule::Digest;

    fn answer<T>(value: T, by: Option<VerifiedBy>, received: Received) -> Result<Verified<T>, Box<Received>> {
        Signed::answer(value, by, received)
    }
}

impl Proof for SignedIfPresent {
    type Answer<T> = Checked<T>;
    const RULE: SignatureRule = SignatureRule::IfPresent;

    fn answer<T>(value: T, by: Option<VerifiedBy>, received: Received) -> Result<Checked<T>, Box<Received>> {
        Ok(match by {
            Some(by) => Checked::Verified(Verified { value, by, received }),
            None => Checked::Unauthenticated(Unauthenticated { value, received }),
        })
    }
}

impl Proof for Unsigned {
    type Answer<T> = Unauthenticated<T>;
    const RULE: SignatureRule = SignatureRule::Never;

    fn answer<T>(
        value: T,
        _: Option<VerifiedBy>,
        received: Received,
    ) -> Result<Unauthenticated<T>, Box<Received>> {
        Ok(Unauthenticated { value, received })
    }
}

/// What verified an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifiedBy {
    /// v3: a platform certificate or public key of WeChat Pay.
    PlatformKey(KeyId),
    /// v2: the merchant's APIv2 key.
    ApiV2Key {
        /// The algorithm of the answer's signature, told by its length.
        algorithm: Algorithm,
        /// The algorithm of the request; seen to differ from the answer's now and then.
        asked: Algorithm,
    },
    /// A file's digest, told beforehand in a signed answer.
    FileDigest,
    /// An encrypted file's tag, made with a key that a signed answer told.
    FileKey,
}

/// What came over the wire beside the value.
#[doc(hidden)]
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn request_id(&self) -> Option<&str> {
        crate::header_text(&self.headers, &crate::REQUEST_ID)
    }
}

/// An answer that was proven to be WeChat Pay's. It cannot be made outside this crate.
///
/// It reads like the value itself; the raw body stays beside it, with whatever members this version does not know.
#[derive(Clone, Debug)]
pub struct Verified<T> {
    value: T,
    by: VerifiedBy,
    received: Received,
}

impl<T> Verified<T> {
    pub(crate) fn new(value: T, by: VerifiedBy, received: Received) -> Self {
        Self { value, by, received }
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The body as it was received and verified, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers of the answer. No signature covers them: what money depends on stands in the body.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// WeChat Pay's `Request-ID`, for support cases.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received.request_id()
    }

    /// What verified the answer.
    #[must_use]
    pub fn verified_by(&self) -> &VerifiedBy {
        &self.by
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// An answer that nothing but TLS vouches for, of an operation whose answers are not signed.
///
/// It is no [`Verified`]: before money depends on it, ask an operation whose answer is signed.
#[derive(Clone, Debug)]
pub struct Unauthenticated<T> {
    value: T,
    received: Received,
}

impl<T> Unauthenticated<T> {
    /// The value, as claimed.
    #[must_use]
    pub fn claimed(&self) -> &T {
        &self.value
    }

    /// The value alone, as claimed.
    pub fn into_claimed(self) -> T {
        self.value
    }

    /// The body as it was received.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.received.body
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.received.status
    }

    /// The headers of the answer. No signature covers them: what money depends on stands in the body.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.received.headers
    }

    /// WeChat Pay's `Request-ID`, for support cases.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.received.request_id()
    }
}

/// The answer of an operation that signs some of its answers.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "an answer has a proof or has none")]
pub enum Checked<T> {
    /// A signature was there and verified.
    Verified(Verified<T>),
    /// No signature was there.
    Unauthenticated(Unauthenticated<T>),
}

impl<T> Checked<T> {
    /// The proven answer, if it is one.
    pub fn verified(self) -> Option<Verified<T>> {
        match self {
            Self::Verified(verified) => Some(verified),
            Self::Unauthenticated(_) => None,
        }
    }

    /// The value, proven or not.
    pub fn claimed(&self) -> &T {
        match self {
            Self::Verified(verified) => verified,
            Self::Unauthenticated(unauthenticated) => unauthenticated.claimed(),
        }
    }
}
