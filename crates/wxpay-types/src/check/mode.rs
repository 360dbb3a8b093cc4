//! On whose behalf a request is made.

use serde_json::Value;

use crate::schema::OperationInfo;

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
        match (
            speaks_for_others(request),
            info.roles.iter().any(|role| role == "institution"),
        ) {
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
