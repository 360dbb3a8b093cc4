//! The platform certificates (protocol section 3): two that overlap, or none.

use serde_json::{Value, json};
use wxpay_proto::crypto::{Aead, Certificate};
use wxpay_proto::{ApiV3Key, TimeText};

use super::answer::{Answer, Reply};
use super::call::Call;
use super::inner;
use super::refusal::Refusal;
use crate::settings::PlatformKeyMode;
use crate::world::World;

/// What the certificates are encrypted beside.
const ASSOCIATED: &str = "certificate";

pub(super) fn list(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let algorithm = call.query_parameter("algorithm_type")?;
    let rsa = matches!(algorithm.as_deref(), None | Some("RSA" | "ALL"));
    if world.settings.platform_keys == PlatformKeyMode::PublicKeyOnly || !rsa {
        let message =
            "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥 (there is no platform certificate)";
        return Err(Refusal::new(
            404,
            "RESOURCE_NOT_EXISTS",
            inner::ILLEGAL_PARAMETER,
            message,
        ));
    }
    let profile = world.profile;
    let mut data = Vec::new();
    for identity in profile.certificates(world.settings.rotation) {
        let (pem, nonce) = (identity.pem(), world.sequence.alphanumeric(12));
        // Invariant: the profile's certificates were read once already, and its keys have 32 characters.
        data.push(entry(pem, call.signer.api_v3_key(), &nonce).ok_or_else(Refusal::system_error)?);
    }
    Ok(Reply::ok(json!({ "data": data })))
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
