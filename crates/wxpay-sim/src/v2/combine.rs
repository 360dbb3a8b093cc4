//! v2's combined orders (合单支付), which took no new merchants after 2021-09-01.

mod close;
mod create;
mod list;
mod query;

use super::Answer;
use super::answer::Refusal;
use super::envelope::Envelope;
use crate::world::World;

pub(super) type Operation = fn(&Envelope<'_>, &mut World<'_>) -> Answer;

pub(super) fn find(path: &str) -> Option<Operation> {
    match path {
        "/pay/combinedorder" => Some(create::create),
        "/pay/querycombinedorder" => Some(query::query),
        "/pay/closecombinedorder" => Some(close::close),
        _ => None,
    }
}

/// The fields must be there, and the appid must be the merchant's.
fn check(envelope: &Envelope<'_>, needed: &[&str]) -> Result<(), Refusal> {
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
