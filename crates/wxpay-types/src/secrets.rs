//! Finding the sensitive fields (敏感信息) of a value.

use wxpay_proto::{BuildError, Draft, Operation, Sensitive};

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
