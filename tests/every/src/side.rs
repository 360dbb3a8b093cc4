//! Who asks and who answers, in each protocol.

use std::sync::OnceLock;

use wxpay_proto::crypto::{Algorithm, Backend, MerchantKey, PublicKey, Signature, Signer as _};
use wxpay_proto::v2::{self, V2};
use wxpay_proto::v3::{self, PlatformKeys, V3};
use wxpay_proto::{ApiV2Key, KeyId, Protocol};
use wxpay_tests::journey::{PLATFORM, merchant_key, trusted, v2_credentials, v3_credentials};
use wxpay_tests::keys::{api_v2_key, public_key};

/// Who asks, in each protocol.
pub trait Side: Protocol {
    /// The merchant.
    fn credentials() -> Self::Credentials;
    /// Signs with the merchant's key.
    fn sign(algorithm: Algorithm, message: &[u8]) -> Option<Signature>;
    /// What answers are verified with.
    fn keys() -> &'static Self::Keys;
}

/// The merchant's key.
#[must_use]
pub fn own_key() -> &'static MerchantKey {
    static KEY: OnceLock<MerchantKey> = OnceLock::new();
    KEY.get_or_init(merchant_key)
}

/// WeChat Pay's key, which sensitive fields are sealed for.
#[must_use]
pub fn platform_key() -> &'static PublicKey {
    static KEY: OnceLock<PublicKey> = OnceLock::new();
    KEY.get_or_init(|| public_key(PLATFORM, Backend::AwsLc))
}

impl Side for V3 {
    fn credentials() -> v3::Credentials {
        v3_credentials()
    }

    fn sign(algorithm: Algorithm, message: &[u8]) -> Option<Signature> {
        own_key().sign(algorithm, message).ok()
    }

    fn keys() -> &'static PlatformKeys {
        static KEYS: OnceLock<PlatformKeys> = OnceLock::new();
        KEYS.get_or_init(trusted)
    }
}

impl Side for V2 {
    fn credentials() -> v2::Credentials {
        v2_credentials()
    }

    fn sign(algorithm: Algorithm, message: &[u8]) -> Option<Signature> {
        Self::keys().sign(algorithm, message).ok()
    }

    fn keys() -> &'static ApiV2Key {
        static KEY: OnceLock<ApiV2Key> = OnceLock::new();
        KEY.get_or_init(api_v2_key)
    }
}

/// The name under which fields are sealed: another than the one that answers are asked to be signed by, so that a
/// header that names it can only come from the fields.
///
/// # Panics
/// Never: the id is a good one.
#[must_use]
#[expect(clippy::expect_used, reason = "the id is a good one")]
pub fn sealing_id() -> KeyId {
    KeyId::new("PUB_KEY_ID_0112345678901234567890123456789012").expect("a key's id")
}
