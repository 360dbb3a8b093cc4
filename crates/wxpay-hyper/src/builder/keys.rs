//! WeChat Pay's keys, as a client is given them.

use wxpay_proto::v3::PlatformKeys;

use super::ClientBuilder;
use crate::keys::KeyStore;

impl ClientBuilder {
    /// WeChat Pay's keys, when they never change: they verify v3's answers and seal sensitive fields. The preferred one is
    /// named in every request ([`PlatformKeys::preferred`]), unless the credentials name another. Enough for a merchant
    /// with the public key (微信支付公钥); platform certificates are replaced, and want a
    /// [`key_store`](Self::key_store).
    pub fn platform_keys(mut self, keys: PlatformKeys) -> Self {
        self.parts.keys = keys.into();
        self
    }

    /// WeChat Pay's keys, as they come and go. Keep a clone of the store to look at it, to steer a migration, and to
    /// verify notifications with.
    pub fn key_store(mut self, store: KeyStore) -> Self {
        self.parts.keys = store;
        self
    }
}
