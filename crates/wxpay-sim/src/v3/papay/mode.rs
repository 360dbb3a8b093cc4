//! For whom users are charged: a merchant, or the sub-merchant of a partner. The path says which.

use serde_json::Value;

use super::refuse::unknown;
use crate::contracts;
use crate::store::{Contract, Store};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::shape;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Merchant,
    Partner,
}

impl Mode {
    /// An operation's name in the catalogue.
    pub(super) fn operation(self, name: &str) -> String {
        match self {
            Self::Merchant => format!("v3.papay.{name}"),
            Self::Partner => format!("v3.papay-partner.{name}"),
        }
    }

    /// The signer's appid in a body, which must be its own.
    pub(super) fn appid(self, call: &Call<'_>, body: &Value) -> Result<String, Refusal> {
        let appid = match self {
            Self::Merchant => shape::text(body, "/appid"),
            Self::Partner => shape::text(body, "/sp_appid"),
        };
        if call.signer.has_appid(appid) {
            return Ok(appid.to_owned());
        }
        Err(Refusal::appid_mismatch())
    }

    /// The user, if one is named by the signer's appid.
    pub(super) fn openid(self, body: &Value) -> Option<String> {
        match self {
            Self::Merchant => shape::given(body, "/openid"),
            Self::Partner => shape::given(body, "/sp_openid"),
        }
    }

    /// The sub-merchant among checked parameters.
    pub(super) fn sub_mchid(self, call: &Call<'_>, given: &Value) -> Result<Option<String>, Refusal> {
        match self {
            Self::Merchant => Ok(None),
            Self::Partner => call.sub_merchant(shape::text(given, "/sub_mchid")).map(Some),
        }
    }

    /// The account that a body names beside the one in `Authorization`.
    pub(super) fn check_signer(self, call: &Call<'_>, body: &Value) -> Result<(), Refusal> {
        let name = match self {
            Self::Merchant => "/mchid",
            Self::Partner => "/sp_mchid",
        };
        call.check_signer("body", name, shape::text(body, name))
    }

    /// A contract by WeChat Pay's number, signed once at least, with the parameters that name its sub-merchant.
    pub(super) fn by_id<'a>(
        self,
        call: &Call<'_>,
        store: &'a Store,
        id: &str,
        given: &Value,
    ) -> Result<&'a Contract, Refusal> {
        let sub_mchid = self.sub_mchid(call, given)?;
        let contract = contracts::by_id(store, call.signer.id().as_str(), id);
        let contract = contract.filter(|contract| contract.sub_mchid == sub_mchid);
        contract.ok_or_else(unknown)
    }
}
