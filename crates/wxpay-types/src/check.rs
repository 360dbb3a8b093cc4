//! What the documentation would object to in a request, before it is sent.
//!
//! The facts can be wrong, so a finding is a hint: nothing is refused but by [`strict`].

mod finding;
mod walk;

use std::collections::HashMap;

use serde_json::Value;
use wxpay_proto::{KeyId, Sensitive};

pub use finding::{Finding, Findings, Trouble};

use crate::schema::{Documented, OperationInfo};

/// On whose behalf a request is made, as its fields tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Mode {
    /// A merchant for itself (直连商户).
    Merchant,
    /// A partner or platform for its merchants (服务商, 平台).
    Partner,
    /// An institution for its merchants (机构).
    Institution,
}

impl Mode {
    /// Looks for fields that only requests on behalf of others have: `sp_…`, and a sub-merchant's numbers.
    #[must_use]
    pub fn of(info: &OperationInfo, request: &Value) -> Self {
        match (speaks_for_others(request), info.roles.contains(&"institution")) {
            (false, _) => Self::Merchant,
            (true, true) => Self::Institution,
            (true, false) => Self::Partner,
        }
    }

    /// Whether a field that is required for this role is required here.
    #[must_use]
    pub fn includes(self, role: &str) -> bool {
        match self {
            Self::Merchant => role == "merchant",
            Self::Institution => role == "institution",
            Self::Partner => !matches!(role, "merchant" | "institution"),
        }
    }
}

fn speaks_for_others(request: &Value) -> bool {
    match request {
        Value::Object(members) => members.iter().any(|(name, value)| {
            let telling =
                name.starts_with("sp_") || matches!(name.as_str(), "sub_mchid" | "sub_mch_id" | "sub_appid");
            (telling && !value.is_null()) || speaks_for_others(value)
        }),
        Value::Array(elements) => elements.iter().any(speaks_for_others),
        _ => false,
    }
}

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
