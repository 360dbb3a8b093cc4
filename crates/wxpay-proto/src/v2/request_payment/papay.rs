//! Papay contracts (委托代扣签约): the user agrees to be charged later.

use serde::Serialize;

use super::pairs::{Link, Pairs};
use crate::crypto::Algorithm;
use crate::front_end::{ParameterError, UnsignedParameters, text};
use crate::id::MerchantId;
use crate::stamp::UnixTime;

/// What the user is to agree to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    pairs: Pairs,
    more: Vec<(&'static str, String)>,
}

impl Contract {
    /// A contract of the merchant's plan (模板) `plan_id`.
    ///
    /// `contract_code` is the merchant's number for the contract; `request_serial` a number that is used once, in
    /// decimal. `display_account` is shown to the user and holds no emoji; `notify_url` is told the result.
    ///
    /// # Errors
    /// [`ParameterError`] when a text is empty or holds a control character.
    pub fn new(
        appid: impl Into<String>,
        merchant: &MerchantId,
        plan_id: impl Into<String>,
        contract_code: impl Into<String>,
        request_serial: u64,
        display_account: impl Into<String>,
        notify_url: impl Into<String>,
    ) -> Result<Self, ParameterError> {
        let pairs = Pairs::default()
            .with("appid", appid)?
            .with("mch_id", merchant.as_str())?
            .with("plan_id", plan_id)?
            .with("contract_code", contract_code)?
            .with("request_serial", request_serial.to_string())?
            .with("contract_display_account", display_account)?
            .with("notify_url", notify_url)?;
        let more = Vec::new();
        Ok(Self { pairs, more })
    }

    /// Adds a further parameter, signed like the others: `sub_mch_id`, `sub_appid`, `return_app`, `return_web`,
    /// `outerid` …
    ///
    /// # Errors
    /// [`ParameterError`] when the text is empty or holds a control character, or the name is taken.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Result<Self, ParameterError> {
        let ours = [
            "version",
            "timestamp",
            "clientip",
            "sign_type",
            "sign",
            "nonce_str",
        ];
        let given = self.more.iter().any(|(found, _)| *found == name);
        if given || self.pairs.get(name).is_some() || ours.contains(&name) {
            let problem = "has its value already, or is set by the kind of contract";
            return Err(ParameterError { name, problem });
        }
        self.more.push((name, text(name, value)?));
        Ok(self)
    }

    /// The link for a page inside WeChat, `papay/entrustweb`. It carries no nonce, and is signed with MD5.
    #[must_use]
    pub fn entrust_web(&self, now: UnixTime) -> UnsignedParameters<Link> {
        let address = "https://api.mch.weixin.qq.com/papay/entrustweb";
        link(Algorithm::Md5, address, self.dated(Some("1.0"), now))
    }

    /// The link for a browser outside WeChat, `papay/h5entrustweb`; `client_ip` is the user's. It is signed with
    /// HMAC-SHA256 and says so.
    ///
    /// # Errors
    /// [`ParameterError`] when `client_ip` is empty or holds a control character.
    pub fn h5_entrust_web(
        &self,
        client_ip: impl Into<String>,
        now: UnixTime,
    ) -> Result<UnsignedParameters<Link>, ParameterError> {
        let algorithm = Algorithm::HmacSha256;
        let pairs = self
            .dated(Some("1.0"), now)
            .with("clientip", client_ip)?
            .with("sign_type", algorithm.as_str())?;
        let address = "https://api.mch.weixin.qq.com/papay/h5entrustweb";
        Ok(link(algorithm, address, pairs))
    }

    /// The parameters for a mini program. They carry neither a nonce nor a version, and are signed with MD5, as the
    /// example of the official page is.
    #[must_use]
    pub fn mini_program(&self, now: UnixTime) -> UnsignedParameters<ContractMiniProgram> {
        let extra_data = self.dated(None, now);
        let message = extra_data.message();
        let parameters = ContractMiniProgram {
            app_id: "wxbd687630cd02ce1d",
            path: "pages/index/index",
            extra_data,
        };
        UnsignedParameters::new(Algorithm::Md5, message, parameters, |parameters, signature| {
            parameters.extra_data.push("sign", signature.to_hex())
        })
    }

    fn dated(&self, version: Option<&str>, now: UnixTime) -> Pairs {
        let mut pairs = self.pairs.clone();
        if let Some(version) = version {
            pairs.push("version", version.to_owned());
        }
        pairs.push("timestamp", now.to_string());
        for (name, value) in &self.more {
            pairs.push(*name, value.clone());
        }
        pairs
    }
}

/// The values are signed as they are, and percent-encoded only in the address.
fn link(algorithm: Algorithm, address: &'static str, pairs: Pairs) -> UnsignedParameters<Link> {
    let message = pairs.message();
    UnsignedParameters::new(
        algorithm,
        message,
        Link::new(address, pairs, ""),
        |link, signature| link.pairs.push("sign", signature.to_hex()),
    )
}

/// What `wx.navigateToMiniProgram` takes to open WeChat Pay's mini program for contracts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ContractMiniProgram {
    /// WeChat Pay's mini program; it must stand in `navigateToMiniProgramAppIdList` of the own one.
    pub app_id: &'static str,
    /// Its page.
    pub path: &'static str,
    /// The signed contract.
    pub extra_data: Pairs,
}
