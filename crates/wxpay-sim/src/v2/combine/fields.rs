//! The fields that every call about a combined order has.

use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;

/// The fields must be there, and the appid must be the merchant's.
pub(super) fn check(envelope: &Envelope<'_>, needed: &[&str]) -> Result<(), Refusal> {
    for name in ["combine_appid", "combine_out_trade_no"].iter().chain(needed) {
        if envelope.field(name).is_empty() {
            return Err(Refusal::new("LACK_PARAMS", format!("缺少参数 ({name})")));
        }
    }
    let number = envelope.field("combine_out_trade_no");
    let known = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if number.len() > 32 || !number.chars().all(known) {
        let issue = "at most 32 characters, each a letter, a digit or one of _-|*@";
        return Err(Refusal::param("combine_out_trade_no", issue));
    }
    if envelope.merchant.has_appid(envelope.field("combine_appid")) {
        Ok(())
    } else {
        Err(Refusal::appid_mismatch())
    }
}
