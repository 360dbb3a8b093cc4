//! What the documentation would object to in a request, before it is sent.
//!
//! The facts can be wrong, so a finding is a hint. What an official page or SDK states is certain: a request that goes
//! against it is not written ([`certain`]). [`strict`] refuses everything.

mod finding;
mod mode;
mod quick;
mod walk;

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;
use wxpay_proto::{BuildError, KeyId, Operation, Sensitive};

pub use finding::{Finding, Findings, Trouble};
pub use mode::Mode;

use crate::record::Record;
use crate::schema::OperationInfo;
use crate::table;

/// Everything that the documentation would object to; nothing when the operation is not in the table.
///
/// Lengths of sensitive fields count the plaintext's bytes; a value that is sealed already is not measured.
#[must_use]
pub fn check<O: Operation + Serialize>(operation: &O) -> Vec<Finding> {
    table::named(O::META.name)
        .map(|info| check_against(info, operation))
        .unwrap_or_default()
}

/// Everything that these facts would object to.
#[must_use]
pub fn check_against<O: Operation + Serialize>(info: &OperationInfo, operation: &O) -> Vec<Finding> {
    let mut copy = operation.clone();
    let mut plain = HashMap::new();
    let key = placeholder();
    // Unsealed fields refuse to be written. On a copy they are measured, and a ciphertext takes their place.
    copy.sensitive(&mut |pointer, value| {
        plain.insert(pointer.to_owned(), value.expose().map(walk::Plain::of));
        *value = Sensitive::sealed("sealed", key.clone());
    });
    match serde_json::to_value(&copy) {
        Ok(request) => walk::findings(info, &request, plain),
        Err(error) => vec![Finding::unwritable(error.to_string())],
    }
}

/// Everything that the documentation would object to in the fields of an operation, given as JSON: parameters and
/// members of the body side by side, sensitive fields in plaintext.
#[must_use]
pub fn check_value(info: &OperationInfo, request: &Value) -> Vec<Finding> {
    walk::findings(info, request, HashMap::new())
}

/// As [`check`], for what is no operation: an address for a browser.
#[must_use]
pub fn check_page(name: &str, page: &impl Serialize) -> Vec<Finding> {
    match (table::named(name), serde_json::to_value(page)) {
        (None, _) => Vec::new(),
        (Some(info), Ok(request)) => check_value(info, &request),
        (Some(_), Err(error)) => vec![Finding::unwritable(error.to_string())],
    }
}

/// Refuses an operation for what is certain: what an official page or SDK states. Operations of which something is
/// certain ask for it themselves when they are written.
///
/// # Errors
/// [`BuildError::Documented`] with everything that is certain.
pub fn certain<O: Operation + Serialize + Record>(operation: &O) -> Result<(), BuildError> {
    let Some(info) = table::named(O::META.name) else {
        return Ok(());
    };
    let is_fine = quick::nothing_certain(info, operation);
    // Most requests are fine, and need not be written down to be looked at. In tests both are held against each other.
    if is_fine && !cfg!(debug_assertions) {
        return Ok(());
    }
    let findings = check_against(info, operation).into_iter();
    let problems: Vec<String> = findings
        .filter(|finding| finding.sure)
        .map(|finding| finding.to_string())
        .collect();
    debug_assert!(!is_fine || problems.is_empty(), "{}: {problems:?}", O::META.name);
    if problems.is_empty() {
        return Ok(());
    }
    Err(BuildError::Documented {
        operation: O::META.name,
        problem: problems.join("; "),
    })
}

/// Refuses an operation that the documentation would object to.
///
/// # Errors
/// [`Findings`]: all of them.
pub fn strict<O: Operation + Serialize>(operation: &O) -> Result<(), Findings> {
    refuse(O::META.name, check(operation))
}

/// Refuses what has findings.
///
/// # Errors
/// [`Findings`]: all of them.
pub fn refuse(operation: &'static str, findings: Vec<Finding>) -> Result<(), Findings> {
    if findings.is_empty() {
        Ok(())
    } else {
        Err(Findings::new(operation, findings))
    }
}

fn placeholder() -> KeyId {
    // Invariant: 40 hexadecimal digits are a serial number.
    #[expect(clippy::expect_used, reason = "the invariant above")]
    KeyId::new("1111111111111111111111111111111111111111").expect("a serial number")
}

#[cfg(test)]
mod tests;
