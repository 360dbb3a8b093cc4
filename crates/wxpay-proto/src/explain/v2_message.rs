//! v2 answers and notifications: their `sign`, and what in them is encrypted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Cause, CauseKind, ranked};
use crate::crypto::{Aead, Algorithm, CryptoError};
use crate::secret::{ApiV2Key, ApiV3Key};
use crate::v2::notification::{NotificationError, UnverifiedNotification};
use crate::v2::{Fields, sign, verify_sign, xml};

/// Finds out why a v2 message is refused: why its `sign` does not fit, or why what is encrypted in it does not open.
/// Empty when both do.
///
/// What is encrypted is `req_info` of a refund notification (退款结果通知), with the APIv2 key, and `event_ciphertext` of
/// a payscore notification (支付分), with the **APIv3** key, which is looked at when it is given.
#[must_use]
pub fn v2_message(fields: &Fields, key: &ApiV2Key, api_v3_key: Option<&ApiV3Key>) -> Vec<Cause> {
    let Some(found) = fields.get("sign").filter(|sign| !sign.is_empty()) else {
        return match fields.get("req_info") {
            Some(info) => refund(fields, info, key, api_v3_key),
            None => {
                let advice = "there is no `sign`: a communication failure and some operations have none; otherwise it is \
                              forged";
                vec![Cause::proven(CauseKind::HeaderMissing, advice)]
            }
        };
    };
    if verify_sign(fields, key).is_ok() {
        return event(fields, key, api_v3_key).into_iter().collect();
    }
    let mut causes = form(fields, found, key);
    if causes.is_empty() {
        causes.push(wrong_key(fields, found, api_v3_key));
    }
    ranked(causes)
}

/// The ways in which a right signature and its values are changed.
fn form(fields: &Fields, found: &str, key: &ApiV2Key) -> Vec<Cause> {
    let mut causes = Vec::new();
    let upper = found.trim().to_ascii_uppercase();
    for algorithm in [Algorithm::Md5, Algorithm::HmacSha256] {
        let fits = |fields: &Fields| sign(fields, algorithm, key).is_ok_and(|sign| sign == upper);
        if fits(fields) {
            let advice =
                "the signature fits in capitals and without blanks: something on the way changed its case";
            causes.push(Cause::proven(CauseKind::SignatureForm, advice));
        }
        let trimmed = fields
            .iter()
            .map(|(name, text)| (name.clone(), text.trim().to_owned()))
            .collect();
        let windows = fields
            .iter()
            .map(|(name, text)| (name.clone(), text.replace('\n', "\r\n")))
            .collect();
        for (kind, candidate) in [
            (CauseKind::LineEndLost, trimmed),
            (CauseKind::LineEndsChanged, windows),
        ] {
            if candidate != *fields && fits(&candidate) {
                let advice = "the signature fits once the values' white space is undone: read the XML without trimming";
                causes.push(Cause::proven(kind, advice));
            }
        }
    }
    causes
}

/// Nothing made the signature fit: proven only when the other key does.
fn wrong_key(fields: &Fields, found: &str, api_v3_key: Option<&ApiV3Key>) -> Cause {
    let upper = found.trim().to_ascii_uppercase();
    let other = api_v3_key.and_then(as_v2_key);
    let swapped = other.is_some_and(|key| {
        [Algorithm::Md5, Algorithm::HmacSha256]
            .iter()
            .any(|algorithm| sign(fields, *algorithm, &key).is_ok_and(|sign| sign == upper))
    });
    if swapped {
        let advice = "the signature fits with what was given as the APIv3 key: the APIv2 key and the APIv3 key are swapped";
        return Cause::proven(CauseKind::WrongApiKey, advice);
    }
    let advice = "no known cause makes the signature fit: the APIv2 key is another merchant's or was replaced on the \
                  merchant platform, or a value was changed";
    Cause::suspected(CauseKind::WrongApiKey, advice)
}

/// The event of a payscore notification whose signature fits.
fn event(fields: &Fields, key: &ApiV2Key, api_v3_key: Option<&ApiV3Key>) -> Option<Cause> {
    let ciphertext = fields.get("event_ciphertext")?;
    let nonce = fields.get("event_nonce")?;
    let aead = Aead::find(fields.get("event_algorithm")?).ok()?;
    let aad = fields
        .get("event_associated_data")
        .map(String::as_str)
        .unwrap_or_default();
    let is_refused = |key: &ApiV3Key| {
        matches!(
            aead.open_base64(key, nonce, aad, ciphertext),
            Err(CryptoError::Decrypt)
        )
    };
    if !is_refused(api_v3_key?) {
        return None;
    }
    let swapped = as_v3_key(key).is_some_and(|key| !is_refused(&key));
    let advice = if swapped {
        "the signature fits, and the event opens with what was given as the APIv2 key: that text is the APIv3 key on the \
         merchant platform as well; give it in both places"
    } else {
        "the signature fits, and the APIv3 key does not open the event: payscore signs with the APIv2 key and encrypts with \
         the APIv3 key, and this one is another merchant's or was replaced on the merchant platform (账户中心 → API安全)"
    };
    Some(Cause::proven(CauseKind::WrongApiKey, advice))
}

/// A refund notification: it has no signature, and what is encrypted in it has no tag.
fn refund(fields: &Fields, info: &str, key: &ApiV2Key, api_v3_key: Option<&ApiV3Key>) -> Vec<Cause> {
    let opens = |info: &str, key: &ApiV2Key| {
        let mut fields = fields.clone();
        fields.insert("req_info".to_owned(), info.to_owned());
        let Ok(text) = xml::write(&fields) else {
            return false;
        };
        match UnverifiedNotification::receive(text).open_refund(key) {
            Ok(_) => true,
            // A communication failure says nothing of the key.
            Err(NotificationError::Failed { .. }) => true,
            Err(_) => false,
        }
    };
    if opens(info, key) {
        return Vec::new();
    }
    let pluses = info.replace(' ', "+");
    if pluses != info && opens(&pluses, key) {
        let advice = "`req_info` opens once its blanks are `+` again: the body was decoded as a form; read it as raw bytes";
        return vec![Cause::proven(CauseKind::BodyReserialised, advice)];
    }
    if api_v3_key
        .and_then(as_v2_key)
        .is_some_and(|key| opens(info, &key))
    {
        let advice = "`req_info` opens with what was given as the APIv3 key: the APIv2 key and the APIv3 key are swapped";
        return vec![Cause::proven(CauseKind::WrongApiKey, advice)];
    }
    if STANDARD
        .decode(info)
        .is_ok_and(|bytes| bytes.is_empty() || bytes.len() % 16 != 0)
    {
        let advice = "`req_info` is no whole number of blocks of 16 bytes: it was cut on its way";
        return vec![Cause::proven(CauseKind::Changed, advice)];
    }
    if STANDARD.decode(info).is_err() {
        let advice = "`req_info` is not base64: it was cut or changed on its way";
        return vec![Cause::proven(CauseKind::Changed, advice)];
    }
    let advice = "the APIv2 key does not open `req_info`: it is another merchant's or was replaced on the merchant platform, \
                  or the text was changed; a refund notification has no signature that could tell which";
    vec![Cause::suspected(CauseKind::WrongApiKey, advice)]
}

fn as_v2_key(key: &ApiV3Key) -> Option<ApiV2Key> {
    let text = std::str::from_utf8(key.expose()).ok()?;
    ApiV2Key::new(text).ok()
}

fn as_v3_key(key: &ApiV2Key) -> Option<ApiV3Key> {
    let text = std::str::from_utf8(key.expose()).ok()?;
    ApiV3Key::new(text).ok()
}
