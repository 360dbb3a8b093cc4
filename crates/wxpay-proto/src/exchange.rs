//! The journey of one request, as types: each step can be taken only from the one before.
//!
//! ```text
//! operation ──▶ Unsigned ──▶ Signed ──▶ (http::Request, Pending) ──▶ your I/O
//!                message()     sign()                                    │
//!                           or attach(signature)                         ▼
//! Verified<Response> ◀── Unverified ◀── Pending::receive(http::Response<Bytes>)
//!                   verify(keys, now)
//! ```

mod file;

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;

use crate::crypto::{Algorithm, Signature, Signer};
use crate::draft::Draft;
use crate::error::{BuildError, Error, VerifyError};
use crate::host::BaseUrl;
use crate::operation::{AnswerBody, Operation, Response};
use crate::proof::{Proof, Received, SignatureRule, VerifiedBy};
use crate::protocol::{Failure, Opened, Protocol, Question, RawAnswer};
use crate::stamp::{Stamp, UnixTime};

type Rendered<O> = <<O as Operation>::Protocol as Protocol>::Rendered;
type Asked<O> = <<O as Operation>::Protocol as Protocol>::Asked;
type Keys<O> = <<O as Operation>::Protocol as Protocol>::Keys;
type Answer<R> = <<R as Response>::Proof as Proof>::Answer<R>;

/// A request that is complete but for its signature.
pub struct Unsigned<O: Operation> {
    rendered: Rendered<O>,
    message: Vec<u8>,
    pending: Pending<O>,
}

impl<O: Operation> Unsigned<O> {
    /// Renders the operation once: what is signed is made from this rendering, and this rendering is what is sent.
    ///
    /// # Errors
    /// [`BuildError`] when the values cannot make a request, or not with these credentials.
    pub fn new(
        operation: &O,
        credentials: &<O::Protocol as Protocol>::Credentials,
        stamp: &Stamp,
    ) -> Result<Self, BuildError> {
        let mut draft = Draft::new(O::meta());
        operation.write(&mut draft)?;
        Self::render(draft, credentials, stamp)
    }

    /// Renders what an operation has written.
    pub(crate) fn render(
        mut draft: Draft,
        credentials: &<O::Protocol as Protocol>::Credentials,
        stamp: &Stamp,
    ) -> Result<Self, BuildError> {
        let question = Question {
            operation: draft.name,
            effect: draft.effect,
        };
        let echoes = std::mem::take(&mut draft.echoes);
        let rendered = O::Protocol::render(draft, credentials, stamp)?;
        let message = O::Protocol::message(&rendered);
        let asked = O::Protocol::asked(&rendered);
        Ok(Self {
            rendered,
            message,
            pending: Pending {
                question,
                asked,
                echoes,
                operation: PhantomData,
            },
        })
    }

    /// The bytes to be signed (待签名串).
    ///
    /// They hold no secret: v2's message does not end in `&key=…`, which the signer adds.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The algorithm to sign with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        O::Protocol::algorithm(&self.rendered)
    }

    /// Takes a signature that was made elsewhere, by a KMS or an HSM say.
    ///
    /// # Errors
    /// [`BuildError`] when the signed request cannot be put together; the signature itself is not checked.
    pub fn attach(self, signature: &Signature) -> Result<Signed<O>, BuildError> {
        let request = O::Protocol::attach(self.rendered, signature)?;
        Ok(Signed {
            request,
            pending: self.pending,
        })
    }

    /// Signs with a key at hand.
    ///
    /// # Errors
    /// [`Error::Sign`] when the signer cannot, [`Error::Build`] as for [`attach`](Self::attach).
    pub fn sign(self, signer: &(impl Signer + ?Sized)) -> Result<Signed<O>, Error> {
        let operation = self.pending.question.operation;
        let signature = signer
            .sign(self.algorithm(), &self.message)
            .map_err(|source| Error::Sign { operation, source })?;
        Ok(self.attach(&signature)?)
    }
}

impl<O: Operation> fmt::Debug for Unsigned<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unsigned")
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

/// A signed request, to be sent within 300 s of its stamp.
pub struct Signed<O: Operation> {
    request: http::Request<Bytes>,
    pending: Pending<O>,
}

impl<O: Operation> Signed<O> {
    /// Sends the request to a test server instead of WeChat Pay's host. The signature stays valid: it does not cover
    /// the host.
    #[must_use]
    pub fn at(mut self, base: &BaseUrl) -> Self {
        if let Some(target) = self.request.uri().path_and_query() {
            *self.request.uri_mut() = base.uri(target);
        }
        self
    }

    /// The request as it is to be sent.
    #[must_use]
    pub fn request(&self) -> &http::Request<Bytes> {
        &self.request
    }

    /// Splits into the request for your I/O, and what will receive its answer.
    ///
    /// Send target and body byte for byte, and follow no redirect.
    #[must_use]
    pub fn into_parts(self) -> (http::Request<Bytes>, Pending<O>) {
        (self.request, self.pending)
    }
}

impl<O: Operation> fmt::Debug for Signed<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("pending", &self.pending)
            .finish_non_exhaustive()
    }
}

/// A question that was sent and waits for its answer.
pub struct Pending<O: Operation> {
    question: Question,
    asked: Asked<O>,
    echoes: Vec<(Cow<'static, str>, String)>,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> Pending<O> {
    /// Takes the answer. HTTP content encodings must be undone before; the text must not be touched otherwise.
    #[must_use]
    pub fn receive(self, response: http::Response<Bytes>) -> Unverified<O> {
        let (parts, body) = response.into_parts();
        Unverified {
            pending: self,
            answer: RawAnswer {
                status: parts.status,
                headers: parts.headers,
                body,
            },
        }
    }
}

impl<O: Operation> fmt::Debug for Pending<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pending")
            .field("operation", &self.question.operation)
            .finish_non_exhaustive()
    }
}

/// An answer that nothing proves yet. Its body cannot be read.
pub struct Unverified<O: Operation> {
    pending: Pending<O>,
    answer: RawAnswer,
}

impl<O: Operation> Unverified<O> {
    /// The HTTP status, unproven.
    #[must_use]
    pub fn status(&self) -> http::StatusCode {
        self.answer.status
    }

    /// WeChat Pay's `Request-ID`, unproven.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.answer.request_id()
    }

    /// `Wechatpay-Serial`, unproven: which key to look for before [`verify`](Self::verify).
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        self.answer.header("wechatpay-serial")
    }

    /// `Date`, unproven: the server's clock, in the form of RFC 9110, section 5.6.7.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        self.answer.header("date")
    }

    /// Checks the proof and reads the answer.
    ///
    /// The type that comes out tells what was proven: [`Verified`](crate::Verified), [`Checked`](crate::proof::Checked) or
    /// [`Unauthenticated`](crate::proof::Unauthenticated), by the operation. A file is not accepted here.
    ///
    /// # Errors
    /// [`Error::Refused`] when WeChat Pay answered with an error; [`Error::Unverified`] when the proof fails;
    /// [`Error::WrongAnswer`] when the answer is about something else than was asked; [`Error::Unreadable`] when an
    /// authentic body is not in the documented form.
    pub fn verify(self, keys: &Keys<O>, now: UnixTime) -> Result<Answer<O::Response>, Error>
    where
        <O::Response as Response>::Proof: Proof,
    {
        let rule = <<O::Response as Response>::Proof as Proof>::RULE;
        let operation = self.pending.question.operation;
        let (value, by, received) = self.open(keys, now, rule, |body| Ok(body.clone()))?;
        <<O::Response as Response>::Proof as Proof>::answer(value, by, received).map_err(|received| {
            let source = VerifyError::MissingHeader {
                name: "Wechatpay-Signature",
            };
            Error::Unverified {
                operation,
                source,
                claimed: None,
                status: received.status.as_u16(),
                request_id: received.request_id().map(str::to_owned),
            }
        })
    }

    /// Question and answer, for a proof that the journey does not know.
    pub(crate) fn into_raw(self) -> (Question, RawAnswer) {
        (self.pending.question, self.answer)
    }

    /// What all ways out have in common: proof, question, form. A file is proven and made readable by `content`.
    fn open(
        self,
        keys: &Keys<O>,
        now: UnixTime,
        rule: SignatureRule,
        content: impl FnOnce(&Bytes) -> Result<Bytes, VerifyError>,
    ) -> Result<(O::Response, Option<VerifiedBy>, Received), Error> {
        let Self { pending, answer } = self;
        let question = pending.question;
        let opened = O::Protocol::open(&answer, &pending.asked, keys, now, rule, question)
            .map_err(|failure| name_failure(failure, question, &answer))?;
        let content = content(&answer.body)
            .map_err(|problem| name_failure(Failure::Unverified(problem, None), question, &answer))?;
        let body = AnswerBody {
            status: answer.status,
            headers: &answer.headers,
            bytes: &content,
            fields: opened.fields.as_ref(),
            nested: &opened.nested,
        };
        let value = O::Response::parse(&body);
        // What was read says so already where all is well; where it does not, the body itself decides.
        let repeats = |value: &O::Response| {
            let mut echoes = pending.echoes.iter();
            echoes.all(|(member, asked)| value.repeats(member, asked))
        };
        if !value.as_ref().is_ok_and(repeats) {
            check_echoes::<O::Protocol>(&answer, &opened, &pending.echoes, question)?;
        }
        let value = value.map_err(|source| Error::Unreadable {
            operation: question.operation,
            source,
            body: answer.body.clone(),
        })?;
        let received = Received {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        };
        Ok((value, opened.by, received))
    }
}

impl<O: Operation> fmt::Debug for Unverified<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unverified")
            .field("operation", &self.pending.question.operation)
            .field("status", &self.answer.status)
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

pub(crate) fn name_failure(failure: Failure, question: Question, answer: &RawAnswer) -> Error {
    match failure {
        Failure::Refused(error) => Error::Refused(error),
        Failure::Unverified(source, claimed) => Error::Unverified {
            operation: question.operation,
            source,
            claimed,
            status: answer.status.as_u16(),
            request_id: answer.request_id().map(str::to_owned),
        },
        Failure::Unreadable(problem) => Error::Unreadable {
            operation: question.operation,
            source: crate::error::ParseError::new(problem),
            body: answer.body.clone(),
        },
    }
}

/// A v3 signature covers time, nonce and body but not the question, so a recorded authentic answer about another
/// order would verify for five minutes. The numbers in the answer are what tells them apart.
fn check_echoes<P: Protocol>(
    answer: &RawAnswer,
    opened: &Opened,
    echoes: &[(Cow<'static, str>, String)],
    question: Question,
) -> Result<(), Error> {
    if echoes.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = echoes.iter().map(|(name, _)| &**name).collect();
    for ((name, asked), answered) in echoes.iter().zip(P::members(answer, opened, &names)) {
        if let Some(answered) = answered.filter(|answered| answered != asked) {
            return Err(Error::WrongAnswer {
                operation: question.operation,
                member: name.to_string(),
                asked: asked.clone(),
                answered,
            });
        }
    }
    Ok(())
}
