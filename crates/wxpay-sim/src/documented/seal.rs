//! Encrypts the fields of an answer for the merchant's certificate (protocol section 5).

use std::convert::Infallible;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::crypto::{Backend, Certificate, Encryptor as _, Padding, PublicKey};
use wxpay_types::schema::OperationInfo;

use super::walk;
use crate::ids::Sequence;
use crate::profile::Merchant;

/// Encrypts what the documentation says is encrypted. What does not fit into the key stays empty.
///
/// The pure-Rust backend takes its randomness from the caller, so that the same run gives the same bytes; there is no
/// private key here whose time could be measured.
pub(crate) fn seal(info: &OperationInfo, answer: &mut Value, merchant: &Merchant, sequence: &mut Sequence) {
    let Some(schema) = &info.response else { return };
    let padding = if info.pkcs1 {
        Padding::Pkcs1v15
    } else {
        Padding::OaepSha1
    };
    let mut key = None;
    let walked: Result<(), Infallible> = walk::leaves(schema, answer, &mut |_, field, value| {
        if let Some(text) = value.as_str().filter(|text| field.sensitive && !text.is_empty()) {
            let key = key.get_or_insert_with(|| public_key(merchant));
            let sealed = key.as_ref().and_then(|key| {
                key.encrypt(padding, text.as_bytes(), &mut |bytes: &mut [u8]| {
                    sequence.fill(bytes)
                })
                .ok()
            });
            *value = sealed
                .map(|sealed| STANDARD.encode(sealed))
                .unwrap_or_default()
                .into();
        }
        Ok(())
    });
    let Ok(()) = walked;
}

fn public_key(merchant: &Merchant) -> Option<PublicKey> {
    let certificate = Certificate::from_pem(merchant.certificate_pem()).ok()?;
    PublicKey::from_certificate(&certificate, Backend::RustCrypto).ok()
}
