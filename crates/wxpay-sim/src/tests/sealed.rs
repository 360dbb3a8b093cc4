//! Sealed fields, on the client's side.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Decryptor as _, Encryptor as _, Padding};

use super::client::Table;

impl Table {
    /// A text encrypted for the platform.
    pub(super) fn seal_field(&self, text: &str) -> String {
        let key = self.platform.profile().platform_public_key().key().public_key();
        let sealed = key.encrypt(Padding::OaepSha1, text.as_bytes(), &mut |_: &mut [u8]| {});
        STANDARD.encode(sealed.unwrap())
    }

    /// A text that was encrypted for the merchant.
    pub(super) fn open_field(&self, sealed: &str) -> String {
        let sealed = STANDARD.decode(sealed).unwrap();
        let plain = self.key().decrypt(Padding::OaepSha1, &sealed).unwrap();
        String::from_utf8(plain.to_vec()).unwrap()
    }
}
