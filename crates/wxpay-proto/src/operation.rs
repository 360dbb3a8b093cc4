//! What an operation is: a value that writes itself into a request, and a type for its answer.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::draft::Draft;
use crate::error::{BuildError, ParseError};
use crate::fields::ListSpec;
use crate::meta::Meta;
use crate::protocol::Protocol;
use crate::sensitive::Sensitive;

/// A call to WeChat Pay, as a value.
///
/// One flat struct holds path, query, header and body parameters. Generated operations implement this trait, and so
/// can yours: an interface that appeared last week needs no release of this crate.
///
/// The associated types bind the answer to the question: what comes back can only be read as the answer to this.
pub trait Operation: Clone {
    /// v3 or v2.
    type Protocol: Protocol;
    /// What is answered.
    type Response: Response;
    /// The facts of the operation.
    const META: Meta;

    /// Writes the values into a request.
    ///
    /// # Errors
    /// [`BuildError`] when the values cannot make a request: a path parameter is missing or unusable, or a sensitive
    /// field has not been sealed.
    fn write(&self, draft: &mut Draft) -> Result<(), BuildError>;

    /// Shows every sensitive field that is set, with its JSON pointer, so that it can be sealed.
    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        let _ = visit;
    }

    /// The static form of [`META`](Self::META).
    fn meta() -> &'static Meta {
        const { &Self::META }
    }
}

/// What an operation answers, and what proves that WeChat Pay said it.
pub trait Response: Sized {
    /// [`Signed`], [`SignedIfPresent`], [`SignedDigest`], [`Unsigned`](crate::proof::Unsigned) or [`Digest`].
    ///
    /// [`Signed`]: crate::proof::Signed
    /// [`SignedIfPresent`]: crate::proof::SignedIfPresent
    /// [`SignedDigest`]: crate::proof::SignedDigest
    /// [`Digest`]: crate::proof::Digest
    type Proof;

    /// Reads the answer. The body can only be had from the journey, after whatever proof there is was checked.
    ///
    /// # Errors
    /// [`ParseError`] when the body has not the documented form at all. Unknown members and values are no error.
    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError>;

    /// Whether the answer's top-level member `member` was read into this value, as exactly `text`: so the numbers that an
    /// answer must repeat need not be looked for in the body once more.
    ///
    /// `false` claims nothing: the body itself is asked then.
    fn repeats(&self, member: &str, text: &str) -> bool {
        let _ = (member, text);
        false
    }
}

/// The body of an answer that has passed its proof; nobody outside this crate can make one.
#[derive(Debug)]
pub struct AnswerBody<'a> {
    pub(crate) status: StatusCode,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) bytes: &'a Bytes,
    pub(crate) fields: Option<&'a std::collections::BTreeMap<String, String>>,
    pub(crate) nested: &'a serde_json::Map<String, serde_json::Value>,
}

impl AnswerBody<'_> {
    /// The bytes as they arrived.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        self.bytes
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers of the answer. Only the body is covered by a signature, so use them for display, not decisions.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        self.headers
    }

    /// Reads JSON. An empty body is read as `{}`: some operations answer 202 or 204 where a body is documented, and
    /// a verified 2xx is a success whatever it carries.
    ///
    /// # Errors
    /// [`ParseError`] when the body is not JSON or has another shape than `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ParseError> {
        let bytes = self.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(self.bytes);
        let text = if bytes.iter().all(u8::is_ascii_whitespace) {
            b"{}"
        } else {
            bytes
        };
        // Looked at once, UTF-8 is told faster than text by text. A broken byte in a member that nobody reads is let be.
        let read = match std::str::from_utf8(text) {
            Ok(text) => serde_json::from_str(text),
            Err(_) => serde_json::from_slice(text),
        };
        read.map_err(|error| ParseError::new(error.to_string()))
    }

    /// Reads v2's fields, with numbered fields regrouped into the given lists. In answers that no signature covers,
    /// fields may have elements inside (`hblist` of `gethbinfo`): those are objects, and lists where they repeat.
    ///
    /// # Errors
    /// [`ParseError`] when this is no v2 answer, or the fields do not fit `T`.
    pub fn fields<T: DeserializeOwned>(&self, lists: &[ListSpec]) -> Result<T, ParseError> {
        let fields = self
            .fields
            .ok_or_else(|| ParseError::new("the body is not made of fields".to_owned()))?;
        let object = crate::fields::regroup(fields, self.nested, lists);
        T::deserialize(object).map_err(|error| ParseError::new(error.to_string()))
    }
}

/// The answer of an operation that answers with nothing but a status (204).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "nothing is nothing")]
pub struct NoContent;

impl Response for NoContent {
    type Proof = crate::proof::Signed;

    fn parse(_: &AnswerBody<'_>) -> Result<Self, ParseError> {
        Ok(Self)
    }
}
