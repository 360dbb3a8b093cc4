//! Calls that no type describes, and the answers of v2 as they are.

use bytes::Bytes;
use http::Method;

use super::V2;
use super::xml::Fields;
use crate::draft::Draft;
use crate::error::{BuildError, ParseError};
use crate::file::{FileError, FileForm, unpack};
use crate::host::Host;
use crate::meta::{Effect, Meta, SignTypeRule};
use crate::operation::{AnswerBody, Operation, Response};
use crate::proof::{SignedIfPresent, Unsigned};

/// Any v2 call, spelled out. It is signed and verified like every other; `nonce_str`, `sign_type` and `sign` are
/// filled in.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// The host.
    pub host: Host,
    /// The path, `/pay/orderquery`.
    pub path: String,
    /// The fields, merchant number included.
    pub fields: Fields,
    /// How the operation is signed.
    pub sign_type: SignTypeRule,
    /// What the call does; without it, it is taken to move money.
    pub effect: Option<Effect>,
    /// Whether the merchant's client certificate is needed (双向证书).
    pub client_certificate: bool,
}

impl Call {
    /// A call to the default host, signed with the credentials' algorithm.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        let sign_type = SignTypeRule::Choice;
        Self {
            host: Host::API,
            path: path.into(),
            fields: Fields::new(),
            sign_type,
            effect: None,
            client_certificate: false,
        }
    }

    /// Sets the host.
    #[must_use]
    pub fn host(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Sets a field.
    #[must_use]
    pub fn field(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// Says how the operation is signed.
    #[must_use]
    pub fn sign_type(mut self, rule: SignTypeRule) -> Self {
        self.sign_type = rule;
        self
    }

    /// Says what the call does.
    #[must_use]
    pub fn effect(mut self, effect: Effect) -> Self {
        self.effect = Some(effect);
        self
    }

    /// Says that the merchant's client certificate is needed, as for refunds and transfers.
    #[must_use]
    pub fn client_certificate(mut self) -> Self {
        self.client_certificate = true;
        self
    }
}

impl Operation for Call {
    type Protocol = V2;
    type Response = Raw;
    const META: Meta = Meta::new("v2.call", Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(Method::POST, self.host, self.path.clone());
        draft.sign_type(self.sign_type);
        if let Some(effect) = self.effect {
            draft.effect(effect);
        }
        if self.client_certificate {
            draft.client_certificate();
        }
        draft.fields(&self.fields)
    }
}

/// The answer of a [`Call`]: its fields, or the body when it is not XML. A signature that is there has been verified;
/// some of v2's answers have none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Raw {
    /// The fields; empty when the body is not XML. One with elements inside is in the body alone.
    pub fields: Fields,
    /// The body.
    pub body: Bytes,
}

impl Response for Raw {
    type Proof = SignedIfPresent;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self {
            fields: body.fields.cloned().unwrap_or_default(),
            body: body.bytes().clone(),
        })
    }
}

/// A file of v2 (a bill): nothing proves it, since v2 neither signs it nor tells its digest.
#[derive(Clone, Debug)]
pub struct File(Bytes);

impl File {
    /// The content, as received: text, or gzip when that was asked for.
    #[must_use]
    pub fn content(&self) -> &Bytes {
        &self.0
    }

    /// What the file is, told by its first bytes. XML never is one: that is a refusal, and an error already.
    #[must_use]
    pub fn form(&self) -> FileForm {
        FileForm::of(&self.0)
    }

    /// The text, unpacked when it is gzip, at most `limit` bytes.
    ///
    /// # Errors
    /// [`FileError::Gzip`] when it is cut off or damaged, [`FileError::TooLarge`] when there is more.
    pub fn text(&self, limit: u64) -> Result<Bytes, FileError> {
        match self.form() {
            FileForm::Gzip => unpack(&self.0, limit).map(Bytes::from),
            _ if u64::try_from(self.0.len()).is_ok_and(|length| length <= limit) => Ok(self.0.clone()),
            _ => Err(FileError::TooLarge { limit }),
        }
    }
}

impl Response for File {
    type Proof = Unsigned;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self(body.bytes().clone()))
    }
}
