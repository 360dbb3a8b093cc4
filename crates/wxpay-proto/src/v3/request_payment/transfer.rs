//! Merchant transfers (商家转账) that the receiving user has to confirm (protocol section 6.4).

use serde::Serialize;

use crate::front_end::{ParameterError, query, text};
use crate::id::MerchantId;

/// What `requestMerchantTransfer` takes, in a page and in a mini program. Nothing in it is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MerchantTransfer {
    /// The merchant number.
    pub mch_id: String,
    /// The appid that the transfer was created with.
    pub app_id: String,
    /// `package_info` of the transfer's answer.
    pub package: String,
    /// Partner mode: the sub-merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_mch_id: Option<String>,
    /// Partner mode: the sub-merchant's appid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_app_id: Option<String>,
    /// The receiving user's openid, which some runtimes take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_id: Option<String>,
}

impl MerchantTransfer {
    /// `businessType` for an app's SDK (`WXOpenBusinessView`).
    pub const BUSINESS_TYPE: &str = "requestMerchantTransfer";

    /// Parameters of a transfer. `package_info` stands in the answer only while the transfer's state is
    /// `WAIT_USER_CONFIRM`.
    ///
    /// # Errors
    /// [`ParameterError`] when a text is empty or holds a control character.
    pub fn new(
        merchant: &MerchantId,
        appid: impl Into<String>,
        package_info: impl Into<String>,
    ) -> Result<Self, ParameterError> {
        Ok(Self {
            mch_id: merchant.to_string(),
            app_id: text("appId", appid)?,
            package: text("package", package_info)?,
            sub_mch_id: None,
            sub_app_id: None,
            open_id: None,
        })
    }

    /// Adds the sub-merchant that a partner acts for, and its appid where it has one of its own.
    #[must_use]
    pub fn sub_merchant(mut self, sub_merchant: &MerchantId, sub_appid: Option<&str>) -> Self {
        self.sub_mch_id = Some(sub_merchant.to_string());
        self.sub_app_id = sub_appid.map(str::to_owned);
        self
    }

    /// Adds the receiving user's openid.
    #[must_use]
    pub fn open_id(mut self, open_id: impl Into<String>) -> Self {
        self.open_id = Some(open_id.into());
        self
    }

    /// `query` for an app's SDK: the same members, percent-encoded.
    #[must_use]
    pub fn app_query(&self) -> String {
        let pairs = [
            ("appId", Some(&self.app_id)),
            ("mchId", Some(&self.mch_id)),
            ("package", Some(&self.package)),
            ("subMchId", self.sub_mch_id.as_ref()),
            ("subAppId", self.sub_app_id.as_ref()),
            ("openId", self.open_id.as_ref()),
        ];
        query(
            pairs
                .iter()
                .filter_map(|(name, value)| Some((*name, value.as_ref()?.as_str()))),
        )
    }
}
