//! A call as an operation of its protocol, so that it takes the same journey as every typed one.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use http::Method;
use wxpay_proto::crypto::Padding;
use wxpay_proto::{AnswerBody, BuildError, Draft, Meta, Operation, ParseError, Response, Sensitive, v2, v3};
use wxpay_types::schema::Returns;

use super::name::NAME;
use super::request::Request;
use super::sealing;

/// An answer as it is, with the proof that the table asks for.
pub(super) struct Told<P> {
    pub(super) body: Bytes,
    /// Of v2, when the body is XML.
    pub(super) fields: Option<v2::Fields>,
    proof: PhantomData<fn() -> P>,
}

impl<P> Response for Told<P> {
    type Proof = P;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            body: body.bytes().clone(),
            // A body that is not made of fields has none.
            fields: body.fields(&[]).ok(),
            proof: PhantomData,
        })
    }
}

/// A call of v3, with the proof of its answer; the padding of its encrypted fields is a fact that stands in the type.
pub(super) struct V3Call<P, const PKCS1: bool = false>(Request, PhantomData<fn() -> P>);

/// A call of v2, with the proof of its answer.
pub(super) struct V2Call<P>(Request, PhantomData<fn() -> P>);

impl<P, const PKCS1: bool> V3Call<P, PKCS1> {
    pub(super) fn new(request: Request) -> Self {
        Self(request, PhantomData)
    }
}

impl<P> V2Call<P> {
    pub(super) fn new(request: Request) -> Self {
        Self(request, PhantomData)
    }
}

// Derived, they would ask the same of the proof, which is only named.
impl<P, const PKCS1: bool> Clone for V3Call<P, PKCS1> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<P> Clone for V2Call<P> {
    fn clone(&self) -> Self {
        Self::new(self.0.clone())
    }
}

impl<P, const PKCS1: bool> fmt::Debug for V3Call<P, PKCS1> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("V3Call").field(&self.0).finish()
    }
}

impl<P> fmt::Debug for V2Call<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("V2Call").field(&self.0).finish()
    }
}

impl<P, const PKCS1: bool> Operation for V3Call<P, PKCS1> {
    type Protocol = v3::V3;
    type Response = Told<P>;
    const META: Meta = Meta::new(NAME, Method::POST, "/").padding(if PKCS1 {
        Padding::Pkcs1v15
    } else {
        Padding::OaepSha1
    });

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let request = &self.0;
        if request.info.returns == Returns::File {
            draft.accept("*/*");
        }
        request.write_head(draft)?;
        if let Some(upload) = &request.upload {
            return upload.write_v3(draft);
        }
        if let Some(body) = &request.body {
            let body = sealing::put_back(body, &request.sensitive, draft)?;
            draft.bytes("application/json", body.to_string());
        }
        Ok(())
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        self.0.secrets(visit);
    }
}

impl<P> Operation for V2Call<P> {
    type Protocol = v2::V2;
    type Response = Told<P>;
    const META: Meta = META_V2;

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        write_v2(&self.0, draft)
    }
}

/// What stands in for an operation's facts, all of which the request says again.
pub(super) const META_V2: Meta = Meta::new(NAME, Method::POST, "/");

/// Writes a call of v2, or an address.
pub(super) fn write_v2(request: &Request, draft: &mut Draft) -> Result<(), BuildError> {
    request.write_head(draft)?;
    draft.sign_type(request.info.sign_type);
    if !request.info.nonce_str {
        draft.without_nonce_str();
    }
    if request.info.client_certificate {
        draft.client_certificate();
    }
    match &request.upload {
        Some(upload) => upload.write_v2(draft),
        None => draft.fields(&request.body.clone().unwrap_or_default()),
    }
}
