//! Finding the sensitive fields (敏感信息) of a value: sealing a request's, opening an answer's.

use wxpay_proto::crypto::{CryptoError, Decryptor, Encryptor, Entropy, Padding};
use wxpay_proto::{BuildError, Draft, KeyId, Operation, Sensitive};

/// A value that may have sensitive fields somewhere in it.
pub trait Secrets {
    /// Shows every sensitive field that is set, with its JSON pointer; `at` is where the value itself stands.
    fn secrets(&mut self, at: &str, visit: &mut dyn FnMut(&str, &mut Sensitive));
}

impl Secrets for Sensitive {
    fn secrets(&mut self, at: &str, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        visit(at, self);
    }
}

impl<T: Secrets> Secrets for Option<T> {
    fn secrets(&mut self, at: &str, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        if let Some(value) = self {
            value.secrets(at, visit);
        }
    }
}

impl<T: Secrets> Secrets for Vec<T> {
    fn secrets(&mut self, at: &str, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        for (number, value) in self.iter_mut().enumerate() {
            value.secrets(&format!("{at}/{number}"), visit);
        }
    }
}

/// A sensitive field that could not be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sensitive field {pointer}: {source}")]
#[non_exhaustive]
pub struct SecretError {
    /// Where it stands: a JSON pointer.
    pub pointer: String,
    /// Why not.
    pub source: CryptoError,
}

/// Seals every sensitive field of an operation for one of WeChat Pay's keys, with the padding that the operation's facts
/// say. What is sealed already stays as it is. (The transport does so by itself.)
///
/// # Errors
/// [`SecretError`] for the first field that is too long for the key.
pub fn seal<O: Operation>(
    operation: &mut O,
    encryptor: &(impl Encryptor + ?Sized),
    key: &KeyId,
    entropy: &mut dyn Entropy,
) -> Result<(), SecretError> {
    let mut outcome = Ok(());
    operation.sensitive(&mut |pointer, value| {
        if outcome.is_ok() {
            let sealed = value.seal_with(O::META.padding, encryptor, key, entropy);
            outcome = sealed.map_err(|source| SecretError {
                pointer: pointer.to_owned(),
                source,
            });
        }
    });
    outcome
}

/// Opens every sensitive field of an answer, however deep it stands, with the merchant's private key. `padding` is that of
/// the operation's facts, [`Meta::padding`](wxpay_proto::Meta).
///
/// # Errors
/// [`SecretError`] for the first field that does not open; those before it are open. An empty field is no ciphertext and
/// stays as it is.
pub fn open(
    answer: &mut impl Secrets,
    padding: Padding,
    decryptor: &(impl Decryptor + ?Sized),
) -> Result<(), SecretError> {
    let mut outcome = Ok(());
    answer.secrets("", &mut |pointer, value| {
        if outcome.is_ok() && value.expose() != Some("") {
            let opened = value.open_with(padding, decryptor);
            outcome = opened.map_err(|source| SecretError {
                pointer: pointer.to_owned(),
                source,
            });
        }
    });
    outcome
}

/// Tells the draft which key the operation's fields are sealed for.
///
/// # Errors
/// [`BuildError::TwoSeals`] when they are sealed for different keys.
pub fn declare_seals<O: Operation>(operation: &O, draft: &mut Draft) -> Result<(), BuildError> {
    let mut outcome = Ok(());
    // The visitor is for changing the fields; on a copy it serves for looking at them.
    operation.clone().sensitive(&mut |_, value| {
        if let (Ok(()), Some(key)) = (&outcome, value.key()) {
            outcome = draft.sealed_for(key);
        }
    });
    outcome
}

/// What is written of a sensitive field that stands outside the body.
///
/// # Errors
/// [`BuildError::Body`] when it is not sealed.
pub fn ciphertext(operation: &'static str, value: Option<&Sensitive>) -> Result<Option<String>, BuildError> {
    let Some(value) = value else { return Ok(None) };
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(text)) => Ok(Some(text)),
        Ok(_) => Ok(None),
        Err(error) => Err(BuildError::Body {
            operation,
            problem: error.to_string(),
        }),
    }
}
