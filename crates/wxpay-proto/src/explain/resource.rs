//! What is encrypted with the APIv3 key inside a body: `resource` of a notification, the certificates of a list.

use serde::Deserialize;

use super::{Cause, CauseKind};
use crate::crypto::{Aead, CryptoError};
use crate::secret::ApiV3Key;

#[derive(Deserialize)]
struct Body {
    resource: Option<Encrypted>,
    #[serde(default)]
    data: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    encrypt_certificate: Encrypted,
}

#[derive(Deserialize)]
struct Encrypted {
    algorithm: String,
    nonce: String,
    #[serde(default)]
    associated_data: Option<String>,
    ciphertext: String,
}

impl Encrypted {
    fn is_refused_by(&self, key: &ApiV3Key) -> bool {
        let aad = self.associated_data.as_deref().unwrap_or_default();
        let opened = Aead::find(&self.algorithm)
            .and_then(|aead| aead.open_base64(key, &self.nonce, aad, &self.ciphertext));
        matches!(opened, Err(CryptoError::Decrypt))
    }
}

/// Whether the APIv3 key is another one than the body was encrypted with. That is certain only of a body whose
/// signature fits; of any other, what was encrypted may have been changed.
pub(super) fn wrong_key(body: &[u8], key: &ApiV3Key, authentic: bool) -> Option<Cause> {
    let body: Body = serde_json::from_slice(body).ok()?;
    let entries = body.data.iter().map(|entry| &entry.encrypt_certificate);
    if !body
        .resource
        .iter()
        .chain(entries)
        .any(|part| part.is_refused_by(key))
    {
        return None;
    }
    let kind = CauseKind::WrongApiKey;
    Some(if authentic {
        let advice = "the signature fits, and the APIv3 key does not open what is encrypted: it is another merchant's, was \
                      replaced on the merchant platform (账户中心 → API安全), or is the APIv2 key";
        Cause::proven(kind, advice)
    } else {
        let advice = "the APIv3 key does not open what is encrypted either";
        Cause::suspected(kind, advice)
    })
}
