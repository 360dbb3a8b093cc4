//! Parameters for front ends (调起支付) on their way to a signature: what v3's and v2's have in common.
//!
//! They are signed as requests are: the message can be had, so a key that lives elsewhere needs no trait of ours, and
//! the message is made from the very values that are handed over.

use std::fmt;

use percent_encoding::utf8_percent_encode;

use crate::crypto::{Algorithm, CryptoError, Signature, Signer};
use crate::draft::ESCAPED;

/// Parameters for a front end that are complete but for their signature.
///
/// The nonce and the timestamp in them are those of the [`Stamp`](crate::Stamp) that they were made with: make them
/// when the user is about to pay, not when the order is.
pub struct UnsignedParameters<T> {
    algorithm: Algorithm,
    message: Vec<u8>,
    parameters: T,
    put: fn(&mut T, &Signature),
}

impl<T> UnsignedParameters<T> {
    pub(crate) fn new(
        algorithm: Algorithm,
        message: impl Into<Vec<u8>>,
        parameters: T,
        put: fn(&mut T, &Signature),
    ) -> Self {
        Self {
            algorithm,
            message: message.into(),
            parameters,
            put,
        }
    }

    /// The same message for an object of another shape.
    pub(crate) fn map<U>(self, shape: fn(T) -> U, put: fn(&mut U, &Signature)) -> UnsignedParameters<U> {
        UnsignedParameters::new(self.algorithm, self.message, shape(self.parameters), put)
    }

    /// Changes what is handed over and not signed.
    pub(crate) fn change(mut self, change: impl FnOnce(&mut T)) -> Self {
        change(&mut self.parameters);
        self
    }

    /// The bytes to be signed (待签名串). v2's do not hold the APIv2 key: [`Signer`] adds it.
    #[must_use]
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// What they are to be signed with.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Puts in a signature that was made elsewhere.
    #[must_use]
    pub fn attach(self, signature: &Signature) -> T {
        let mut parameters = self.parameters;
        (self.put)(&mut parameters, signature);
        parameters
    }

    /// Signs with a key that is here: the merchant's private key for v3's, the APIv2 key for v2's.
    ///
    /// # Errors
    /// [`CryptoError`] when the key cannot sign, or not with this algorithm.
    pub fn sign(self, signer: &(impl Signer + ?Sized)) -> Result<T, CryptoError> {
        let signature = signer.sign(self.algorithm, &self.message)?;
        Ok(self.attach(&signature))
    }
}

impl<T: fmt::Debug> fmt::Debug for UnsignedParameters<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnsignedParameters")
            .field("algorithm", &self.algorithm)
            .field("parameters", &self.parameters)
            .finish_non_exhaustive()
    }
}

/// A value that cannot be a parameter for a front end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` {problem}")]
#[non_exhaustive]
pub struct ParameterError {
    /// The parameter, by its name on the wire.
    pub name: &'static str,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// A parameter's text. A line feed in it would move the lines of v3's message, so that one signature would fit two
/// orders; no documented value holds a control character.
pub(crate) fn text(name: &'static str, value: impl Into<String>) -> Result<String, ParameterError> {
    let value = value.into();
    let problem = if value.is_empty() {
        "is empty"
    } else if value.chars().any(char::is_control) {
        "holds a control character"
    } else {
        return Ok(value);
    };
    Err(ParameterError { name, problem })
}

/// `name=value&…`, with percent-encoded values.
pub(crate) fn query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={}", utf8_percent_encode(value, ESCAPED)));
    pairs.collect::<Vec<_>>().join("&")
}
