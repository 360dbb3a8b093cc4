//! Encrypted fields (敏感信息), which the merchant's private key opens.

use std::io::Write;

use serde_json::Value;
use wxpay_proto::Sensitive;
use wxpay_proto::crypto::{CryptoError, MerchantKey};

use crate::ended::{Ended, NotSent};
use crate::padding::PaddingName;
use crate::pointer;
use crate::profile::Reader;

/// The ciphertext, when the input is nothing but base64.
pub(super) fn alone(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
    (!text.is_empty() && text.bytes().all(base64)).then_some(text)
}

/// One field.
pub(super) fn one(
    ciphertext: &str,
    padding: PaddingName,
    keys: &Reader,
    out: &mut dyn Write,
) -> Result<Ended, NotSent> {
    match open(ciphertext, padding, &keys.merchant_key()?) {
        Ok(plaintext) => {
            writeln!(out, "{plaintext}")?;
            Ok(Ended::Done)
        }
        Err(error) => Ok(refuse("", &error)),
    }
}

/// Fields of an answer, in their places.
pub(super) fn several(
    document: &mut Value,
    places: &[String],
    padding: PaddingName,
    keys: &Reader,
    out: &mut dyn Write,
) -> Result<Ended, NotSent> {
    let key = keys.merchant_key()?;
    let mut ended = Ended::Done;
    pointer::change(document, places, |place, text| {
        Ok(open(text, padding, &key).unwrap_or_else(|error| {
            ended = refuse(&format!("{place}: "), &error);
            text.to_owned()
        }))
    })?;
    writeln!(out, "{document:#}")?;
    Ok(ended)
}

fn open(ciphertext: &str, padding: PaddingName, key: &MerchantKey) -> Result<String, CryptoError> {
    let mut field = Sensitive::new(ciphertext);
    field.open_with(padding.into(), key)?;
    field.expose().map(str::to_owned).ok_or(CryptoError::Decrypt)
}

fn refuse(place: &str, error: &CryptoError) -> Ended {
    eprintln!("{place}not opened: {error}");
    eprintln!(
        "{place}answers are encrypted for the API certificate of the merchant who asked; with several, take the key of the \
         one that was valid then"
    );
    Ended::Failed
}
