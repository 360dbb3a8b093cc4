//! What came out of an answer, whatever proves it.

use bytes::Bytes;
use wxpay_proto::Response;
use wxpay_proto::proof::{Checked, Proof, Unauthenticated, Verified};

/// An answer that was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Got {
    /// What was read, written again.
    pub json: Vec<u8>,
    /// The body as it arrived.
    pub body: Bytes,
    /// The status.
    pub status: u16,
    /// Whether it is proven.
    pub is_proven: bool,
    /// Sensitive fields that could not be opened.
    pub unopened: Vec<String>,
}

/// A value with what came beside it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Value<R> {
    /// The value.
    pub value: R,
    body: Bytes,
    status: u16,
    is_proven: bool,
}

impl<R> Value<R> {
    /// All of it, with the value written as `json`.
    #[must_use]
    pub fn got(self, json: Vec<u8>, unopened: Vec<String>) -> Got {
        Got {
            json,
            body: self.body,
            status: self.status,
            is_proven: self.is_proven,
            unopened,
        }
    }
}

/// An answer whose proof it carries itself.
pub trait Claimed: Response<Proof: Proof> {
    /// The value.
    fn claimed(answer: <Self::Proof as Proof>::Answer<Self>) -> Value<Self>;
}

impl<R: Response<Proof: Proof<Answer<R>: Into<Value<R>>>>> Claimed for R {
    fn claimed(answer: <R::Proof as Proof>::Answer<R>) -> Value<R> {
        answer.into()
    }
}

impl<R> From<Verified<R>> for Value<R> {
    fn from(answer: Verified<R>) -> Self {
        Self {
            body: answer.body().clone(),
            status: answer.status().as_u16(),
            is_proven: true,
            value: answer.into_inner(),
        }
    }
}

impl<R> From<Unauthenticated<R>> for Value<R> {
    fn from(answer: Unauthenticated<R>) -> Self {
        Self {
            body: answer.body().clone(),
            status: answer.status().as_u16(),
            is_proven: false,
            value: answer.into_claimed(),
        }
    }
}

impl<R> From<Checked<R>> for Value<R> {
    fn from(answer: Checked<R>) -> Self {
        match answer {
            Checked::Verified(answer) => answer.into(),
            Checked::Unauthenticated(answer) => answer.into(),
        }
    }
}
