//! What the APIv3 key opens: the resource of a notification, and platform certificates.

use std::io::Write;

use serde::Deserialize;
use serde_json::Value;
use wxpay_proto::ApiV3Key;
use wxpay_proto::crypto::{Aead, Certificate, CryptoError};
use zeroize::Zeroizing;

use crate::ended::{Ended, NotSent};
use crate::moment;
use crate::profile::Reader;

/// The object that is encrypted, wherever it stands.
#[derive(Deserialize)]
struct Sealed {
    algorithm: String,
    nonce: String,
    #[serde(default)]
    associated_data: Option<String>,
    ciphertext: String,
}

impl Sealed {
    fn read(value: &Value) -> Result<Self, NotSent> {
        Self::deserialize(value).map_err(|error| NotSent::new(format!("the encrypted object: {error}")))
    }

    fn open(&self, key: &ApiV3Key) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let aad = self.associated_data.as_deref().unwrap_or_default();
        Aead::find(&self.algorithm)?.open_base64(key, &self.nonce, aad, &self.ciphertext)
    }
}

/// The resource of a notification.
pub(super) fn notification(resource: &Value, keys: &Reader, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let sealed = Sealed::read(resource)?;
    match sealed.open(&api_v3_key(keys)?) {
        Ok(plaintext) => {
            eprintln!(
                "opened with the APIv3 key, {}; the signature around it was not looked at (`wxpay verify`)",
                sealed.algorithm
            );
            out.write_all(&plaintext)?;
            writeln!(out)?;
            Ok(Ended::Done)
        }
        Err(error) => Ok(refuse(&error)),
    }
}

/// The certificates of an answer of `/v3/certificates`, as PEM.
pub(super) fn certificates(entries: &[Value], keys: &Reader, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let key = api_v3_key(keys)?;
    let mut ended = Ended::Done;
    for entry in entries {
        let told = entry
            .get("serial_no")
            .and_then(Value::as_str)
            .unwrap_or("(no serial_no)");
        let encrypted = entry
            .get("encrypt_certificate")
            .ok_or_else(|| NotSent::new(format!("`data`: {told} has no `encrypt_certificate`")))?;
        let plaintext = match Sealed::read(encrypted)?.open(&key) {
            Ok(plaintext) => plaintext,
            Err(error) => {
                eprint!("{told}: ");
                ended = refuse(&error);
                continue;
            }
        };
        let pem = String::from_utf8_lossy(&plaintext);
        match Certificate::from_pem(&pem) {
            Ok(certificate) if certificate.serial().as_str().eq_ignore_ascii_case(told) => {
                eprintln!(
                    "{told}: valid from {} to {}",
                    moment::in_words(certificate.not_before()),
                    moment::in_words(certificate.not_after())
                );
                writeln!(out, "{}", pem.trim_end())?;
            }
            Ok(certificate) => {
                eprintln!(
                    "{told}: the certificate inside is another one, {}",
                    certificate.serial()
                );
                ended = Ended::Failed;
            }
            Err(error) => {
                eprintln!("{told}: {error}");
                ended = Ended::Failed;
            }
        }
    }
    if entries.is_empty() {
        eprintln!("the list holds no certificate");
        ended = Ended::Failed;
    }
    Ok(ended)
}

fn api_v3_key(keys: &Reader) -> Result<ApiV3Key, NotSent> {
    keys.api_v3_key()?.ok_or_else(|| {
        NotSent::new("no APIv3 key is at hand: give --profile with `api_v3_key`, or --api-v3-key FILE")
    })
}

fn refuse(error: &CryptoError) -> Ended {
    eprintln!("not opened: {error}");
    if *error == CryptoError::Decrypt {
        eprintln!(
            "is the APIv3 key the one that is set on the merchant platform (账户中心 → API安全), and `associated_data` as it \
             arrived?"
        );
    }
    Ended::Failed
}
