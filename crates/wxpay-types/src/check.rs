//! What the documentation would object to in a request, before it is sent.
//!
//! The facts can be wrong, so a finding is a hint: nothing is refused but by [`strict`].

mod finding;
mod mode;
mod walk;

use std::collections::HashMap;

use serde_json::Value;
use wxpay_proto::{KeyId, Sensitive};

pub use finding::{Finding, Findings, Trouble};
pub use mode::Mode;

use crate::schema::{Documented, OperationInfo};

/// Everything that the documentation would object to.
///
/// Lengths of sensitive fields count the plaintext's bytes; a value that is sealed already is not measured.
#[must_use]
pub fn check<O: Documented>(operation: &O) -> Vec<Finding> {
    let mut copy = operation.clone();
    let mut plain = HashMap::new();
    let key = placeholder();
    // Unsealed fields refuse to be written. On a copy they are measured, and a ciphertext takes their place.
    copy.sensitive(&mut |pointer, value| {
        plain.insert(pointer.to_owned(), value.expose().map(walk::Plain::of));
        *value = Sensitive::sealed("sealed", key.clone());
    });
    match serde_json::to_value(&copy) {
        Ok(request) => walk::findings(O::INFO, &request, plain),
        Err(error) => vec![Finding::unwritable(error.to_string())],
    }
}

/// Everything that the documentation would object to in the fields of an operation, given as JSON: parameters and
/// members of the body side by side, sensitive fields in plaintext.
#[must_use]
pub fn check_value(info: &OperationInfo, request: &Value) -> Vec<Finding> {
    walk::findings(info, request, HashMap::new())
}

/// Refuses an operation that the documentation would object to.
///
/// # Errors
/// [`Findings`]: all of them.
pub fn strict<O: Documented>(operation: &O) -> Result<(), Findings> {
    let findings = check(operation);
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Findings::new(O::META.name, findings))
    }
}

fn placeholder() -> KeyId {
    // Invariant: 40 hexadecimal digits are a serial number.
    #[expect(clippy::expect_used, reason = "the invariant above")]
    KeyId::new("1111111111111111111111111111111111111111").expect("a serial number")
}

#[cfg(test)]
mod tests;
