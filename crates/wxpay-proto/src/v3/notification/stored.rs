//! A notification between its arrival and its handling.
//!
//! ```text
//! wxpay-notification 1 9f86d081…0a08 PUB_KEY_ID_0119000072912024101000000000000001
//! {"id":"EV-2018022511223320873", …
//! ```
//!
//! The first line says that the body below was verified when it arrived, and by which key; its HMAC-SHA256 with the
//! APIv3 key covers both. So what is opened here went through [`UnverifiedNotification::verify`] once, and what somebody
//! sends never passes for it.
//!
//! [`UnverifiedNotification::verify`]: super::UnverifiedNotification::verify

use bytes::Bytes;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::error::NotificationError;
use super::{OpenedNotification, VerifiedNotification, read};
use crate::crypto::CryptoError;
use crate::id::KeyId;
use crate::secret::ApiV3Key;

/// Name and version.
const HEAD: &str = "wxpay-notification 1 ";

impl VerifiedNotification {
    /// The notification as it can be kept, in a database say, until it is handled: [`open_stored`] opens it. What it is
    /// about stays encrypted. Its `Request-ID` is not kept.
    ///
    /// `key` is the APIv3 key that opens it, which proves later on that it was verified. Keep old ones for as long as
    /// something is stored that arrived under them.
    #[must_use]
    pub fn to_stored(&self, key: &ApiV3Key) -> Bytes {
        let by = self.verified_by().as_str();
        let mac = mac(key, by, self.body()).map(|mac| hex::encode(mac.finalize().into_bytes()));
        // Invariant: HMAC takes keys of every length.
        let head = format!("{HEAD}{} {by}\n", mac.unwrap_or_default());
        [head.as_bytes(), self.body()].concat().into()
    }
}

/// Opens what [`VerifiedNotification::to_stored`] gave. It was verified when it arrived, by a key of WeChat Pay's that may
/// have been replaced since, and is therefore not verified again.
///
/// # Errors
/// [`NotificationError::NotStored`] when it is nothing that was stored, or was changed since;
/// [`NotificationError::Cipher`] when it was stored under another APIv3 key.
pub fn open_stored(stored: &Bytes, key: &ApiV3Key) -> Result<OpenedNotification, NotificationError> {
    let not_stored = || NotificationError::NotStored;
    let end = stored
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or_else(not_stored)?;
    let head = std::str::from_utf8(&stored[..end]).map_err(|_| not_stored())?;
    let (told, by) = head
        .strip_prefix(HEAD)
        .and_then(|head| head.split_once(' '))
        .ok_or_else(not_stored)?;
    let told = hex::decode(told).map_err(|_| not_stored())?;
    let body = stored.slice(end + 1..);
    let verified = mac(key, by, &body).map(|mac| mac.verify_slice(&told).is_ok());
    if verified != Some(true) {
        // Whether it is another key or another text cannot be told.
        let source = CryptoError::Decrypt;
        return Err(NotificationError::Cipher { source });
    }
    let notification = VerifiedNotification {
        envelope: read(&body)?,
        by: KeyId::new(by).map_err(|_| not_stored())?,
        request_id: None,
        body,
    };
    notification.open(key)
}

fn mac(key: &ApiV3Key, by: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mac = Hmac::<Sha256>::new_from_slice(key.expose()).ok()?;
    Some(
        mac.chain_update(HEAD)
            .chain_update(by)
            .chain_update("\n")
            .chain_update(body),
    )
}
