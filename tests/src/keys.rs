//! The vectors' keys, by name and backend. All of them are public test material.

use serde_json::Value;
use wxpay_proto::crypto::{Backend, MerchantKey, PublicKey};
use wxpay_proto::v3::{PlatformKey, PlatformKeys};
use wxpay_proto::{ApiV2Key, ApiV3Key, KeyId};

use crate::vectors::file;

/// A text of the key `name`: `private_pkcs8_pem`, `certificate_pem`, `serial_no` …
///
/// # Panics
/// When there is no such key or member.
#[must_use]
#[expect(clippy::panic, reason = "a test that names a key wrongly must fail")]
pub fn key_text(name: &str, member: &str) -> &'static str {
    let found = file()["keys"][name].get(member).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("the vectors have no {member} of a key {name}"))
}

/// The private key `name`.
///
/// # Panics
/// When it cannot be read.
#[must_use]
#[expect(clippy::expect_used, reason = "the keys of the vectors are good")]
pub fn private_key(name: &str, backend: Backend) -> MerchantKey {
    MerchantKey::from_pem(key_text(name, "private_pkcs8_pem"), backend).expect("a private key")
}

/// The public key `name`.
///
/// # Panics
/// When it cannot be read.
#[must_use]
#[expect(clippy::expect_used, reason = "the keys of the vectors are good")]
pub fn public_key(name: &str, backend: Backend) -> PublicKey {
    PublicKey::from_pem(key_text(name, "public_spki_pem"), backend).expect("a public key")
}

/// Keys of WeChat Pay's: pairs of a serial number or id, and the name of a key.
///
/// # Panics
/// When one of them cannot be read.
#[must_use]
#[expect(clippy::expect_used, reason = "the keys of the vectors are good")]
pub fn platform_keys<'a>(
    trust: impl IntoIterator<Item = (&'a str, &'a str)>,
    backend: Backend,
) -> PlatformKeys {
    let key = |(id, name): (&str, &str)| {
        PlatformKey::new(KeyId::new(id).expect("a key's id"), public_key(name, backend))
    };
    trust.into_iter().map(key).collect()
}

/// The APIv2 key of the vectors.
///
/// # Panics
/// When it cannot be a key.
#[must_use]
#[expect(clippy::expect_used, reason = "the keys of the vectors are good")]
pub fn api_v2_key() -> ApiV2Key {
    let text = file()["conventions"]["constants"]["api_v2_key"].as_str();
    ApiV2Key::new(text.expect("a text")).expect("an APIv2 key")
}

/// The APIv3 key of the vectors.
///
/// # Panics
/// When it cannot be a key.
#[must_use]
#[expect(clippy::expect_used, reason = "the keys of the vectors are good")]
pub fn api_v3_key() -> ApiV3Key {
    let text = file()["conventions"]["constants"]["api_v3_key"].as_str();
    ApiV3Key::new(text.expect("a text")).expect("an APIv3 key")
}
