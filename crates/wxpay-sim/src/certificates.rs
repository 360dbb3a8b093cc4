//! The platform certificates that are handed out (protocol section 3): two that overlap, or one.

use serde_json::{Value, json};
use wxpay_proto::crypto::{Aead, Certificate};
use wxpay_proto::{ApiV3Key, TimeText};

use crate::settings::PlatformKeyMode;
use crate::world::World;

/// What the certificates are encrypted beside.
const ASSOCIATED: &str = "certificate";

/// Said to whom there are none for.
pub(crate) const NONE: &str =
    "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥 (there is no platform certificate)";

/// Whether there are any.
pub(crate) fn exist(world: &World<'_>) -> bool {
    world.settings.platform_keys != PlatformKeyMode::PublicKeyOnly
}

/// The list, each certificate encrypted with this APIv3 key; nothing when one cannot be read.
pub(crate) fn list(world: &mut World<'_>, api_v3_key: &str) -> Option<Value> {
    let mut data = Vec::new();
    for identity in world.profile.certificates(world.settings.rotation) {
        let nonce = world.sequence.alphanumeric(12);
        data.push(entry(identity.pem(), api_v3_key, &nonce)?);
    }
    Some(json!({ "data": data }))
}

fn entry(pem: &str, key: &str, nonce: &str) -> Option<Value> {
    let certificate = Certificate::from_pem(pem).ok()?;
    let key = ApiV3Key::new(key).ok()?;
    let ciphertext = Aead::Aes256Gcm
        .seal_base64(&key, nonce, ASSOCIATED, pem.as_bytes())
        .ok()?;
    Some(json!({
        "serial_no": certificate.serial().to_string(),
        "effective_time": TimeText::beijing(certificate.not_before()).as_str(),
        "expire_time": TimeText::beijing(certificate.not_after()).as_str(),
        "encrypt_certificate": {
            "algorithm": Aead::Aes256Gcm.name(),
            "nonce": nonce,
            "associated_data": ASSOCIATED,
            "ciphertext": ciphertext,
        },
    }))
}
