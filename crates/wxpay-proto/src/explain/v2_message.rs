//! v2 answers and notifications.

use super::{Cause, CauseKind, ranked};
use crate::crypto::Algorithm;
use crate::secret::ApiV2Key;
use crate::v2::{Fields, sign, verify_sign};

/// Finds out why the `sign` of a v2 message does not fit. Empty when it does.
#[must_use]
pub fn v2_message(fields: &Fields, key: &ApiV2Key) -> Vec<Cause> {
    if verify_sign(fields, key).is_ok() {
        return Vec::new();
    }
    let Some(found) = fields.get("sign").filter(|sign| !sign.is_empty()) else {
        let advice = "there is no `sign`: a communication failure and some operations have none; otherwise it is forged";
        return vec![Cause::proven(CauseKind::HeaderMissing, advice)];
    };
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
    if causes.is_empty() {
        let advice = "no known cause makes the signature fit: the APIv2 key is another merchant's or was replaced on the \
                      merchant platform, or a value was changed";
        causes.push(Cause::suspected(CauseKind::WrongApiKey, advice));
    }
    ranked(causes)
}
