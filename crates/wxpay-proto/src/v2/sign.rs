//! v2's signature: MD5 or HMAC-SHA256 over the message and the APIv2 key.

use hmac::{Hmac, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

use super::canonical::message;
use super::xml::Fields;
use crate::crypto::{Algorithm, CryptoError, Signature, Signer};
use crate::error::VerifyError;
use crate::secret::ApiV2Key;

impl Signer for ApiV2Key {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        // A message without any field has no `&` in front of the key either.
        let separator: &[u8] = if message.is_empty() { b"key=" } else { b"&key=" };
        match algorithm {
            Algorithm::Md5 => {
                let digest = Md5::new().chain_update(message).chain_update(separator);
                Ok(Signature::new(
                    digest.chain_update(self.expose()).finalize().to_vec(),
                ))
            }
            Algorithm::HmacSha256 => {
                let mac = Hmac::<Sha256>::new_from_slice(self.expose());
                let mut mac = mac.map_err(|error| CryptoError::Signer {
                    problem: error.to_string(),
                })?;
                mac.update(message);
                mac.update(separator);
                mac.update(self.expose());
                Ok(Signature::new(mac.finalize().into_bytes().to_vec()))
            }
            Algorithm::RsaSha256 | Algorithm::Sm2Sm3 => Err(CryptoError::Unsupported {
                key: "an APIv2 key",
                algorithm,
            }),
        }
    }
}

/// The value of `sign` for a set of fields, in capitals.
///
/// # Errors
/// [`CryptoError::Unsupported`] for an algorithm that is not v2's.
pub fn sign(fields: &Fields, algorithm: Algorithm, key: &ApiV2Key) -> Result<String, CryptoError> {
    let text = message(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    key.sign(algorithm, text.as_bytes())
        .map(|signature| signature.to_hex())
}

/// Verifies the field `sign` of an answer or a notification and tells its algorithm, by its length: 32 digits are
/// MD5, 64 are HMAC-SHA256.
///
/// # Errors
/// [`VerifyError`] when `sign` is missing, has another length or does not fit (small letters do not).
pub fn verify_sign(fields: &Fields, key: &ApiV2Key) -> Result<Algorithm, VerifyError> {
    let found = fields
        .get("sign")
        .filter(|sign| !sign.is_empty())
        .ok_or(VerifyError::MissingSign)?;
    let algorithm = match found.len() {
        32 => Algorithm::Md5,
        64 => Algorithm::HmacSha256,
        length => {
            let problem = format!("`sign` has {length} characters; 32 are MD5 and 64 are HMAC-SHA256");
            return Err(VerifyError::NotDecodable { problem });
        }
    };
    let wanted = sign(fields, algorithm, key).map_err(|error| VerifyError::NotDecodable {
        problem: error.to_string(),
    })?;
    if bool::from(wanted.as_bytes().ct_eq(found.as_bytes())) {
        Ok(algorithm)
    } else {
        Err(VerifyError::Mismatch {
            key: format!("the APIv2 key ({algorithm})"),
        })
    }
}
