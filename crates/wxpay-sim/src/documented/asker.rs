//! Who asks, as far as answers show it.

use wxpay_proto::UnixTime;

use crate::profile::Merchant;

/// Who asks, when, and of which simulator.
#[derive(Debug)]
pub(crate) struct Asker<'a> {
    pub(crate) merchant: &'a Merchant,
    pub(crate) seed: u64,
    /// By the business clock.
    pub(crate) now: UnixTime,
}

impl Asker<'_> {
    /// The asker's number by this name, where it has one.
    pub(super) fn number(&self, name: &str) -> Option<&str> {
        match name {
            "mchid" | "mch_id" | "sp_mchid" | "sp_mch_id" | "combine_mchid" | "combine_mch_id" => {
                Some(self.merchant.id().as_str())
            }
            "sub_mchid" | "sub_mch_id" => self.merchant.sub_merchants().first().map(String::as_str),
            "appid" | "sp_appid" | "mch_appid" | "wxappid" | "combine_appid" => {
                self.merchant.appids().first().map(String::as_str)
            }
            _ => None,
        }
    }
}
