//! The merchant that a client is made for.

use wxpay_proto::crypto::Signer;
use wxpay_proto::v3::PlatformKeys;
use wxpay_proto::{ApiV2Key, v2, v3};

use super::ClientBuilder;
use crate::keys::KeyStore;
use crate::merchant::Merchant;
use crate::signer::AsyncSigner;

/// Each of these is a part of the [`Merchant`].
impl ClientBuilder {
    /// The merchant or partner who signs v3 operations, with the key at hand.
    pub fn merchant(self, credentials: v3::Credentials, signer: impl Signer + Send + Sync + 'static) -> Self {
        self.change(|merchant| merchant.account(credentials, signer))
    }

    /// The merchant or partner who signs v3 operations, with a key that lives elsewhere, or on threads of its own
    /// ([`SigningThreads`](crate::SigningThreads)).
    pub fn merchant_async(self, credentials: v3::Credentials, signer: impl AsyncSigner + 'static) -> Self {
        self.change(|merchant| merchant.account_async(credentials, signer))
    }

    /// The brand (品牌) who signs the `/brand/…` operations, with the key at hand.
    pub fn brand(self, credentials: v3::Credentials, signer: impl Signer + Send + Sync + 'static) -> Self {
        self.change(|merchant| merchant.brand(credentials, signer))
    }

    /// The brand (品牌) who signs the `/brand/…` operations, with a key that lives elsewhere.
    pub fn brand_async(self, credentials: v3::Credentials, signer: impl AsyncSigner + 'static) -> Self {
        self.change(|merchant| merchant.brand_async(credentials, signer))
    }

    /// The merchant or partner who signs v2 operations, and the APIv2 key.
    pub fn api_v2(self, credentials: v2::Credentials, key: ApiV2Key) -> Self {
        self.change(|merchant| merchant.api_v2(credentials, key))
    }

    /// WeChat Pay's keys, when they never change: [`Merchant::platform_keys`].
    pub fn platform_keys(self, keys: PlatformKeys) -> Self {
        self.change(|merchant| merchant.platform_keys(keys))
    }

    /// WeChat Pay's keys, as they come and go: [`Merchant::key_store`].
    pub fn key_store(self, store: KeyStore) -> Self {
        self.change(|merchant| merchant.key_store(store))
    }

    fn change(mut self, change: impl FnOnce(Merchant) -> Merchant) -> Self {
        self.merchant = change(self.merchant);
        self
    }
}
