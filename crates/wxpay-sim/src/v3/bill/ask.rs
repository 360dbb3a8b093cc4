//! Asking for a bill: where it is, and its digest.

use super::keep::keep;
use super::parameters::{day, gzip, refuse, sub_merchant, wrong};
use crate::bills::{self, NoBill, TradeKind};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::world::World;

/// Kinds of bills that hold nothing here.
const EMPTY: [&str; 4] = ["RECHARGE_REFUND", "ALL_SPECIAL", "SUC_SPECIAL", "REF_SPECIAL"];

pub(super) fn trade(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let (day, gzip) = (day(call, world)?, gzip(call)?);
    let sub_mchid = sub_merchant(call)?;
    let word = call.query_parameter("bill_type")?;
    let Some(kind) = TradeKind::find(word.as_deref()) else {
        let word = word.unwrap_or_default();
        if EMPTY.contains(&word.as_str()) {
            return Err(refuse(NoBill::None));
        }
        return Err(wrong("bill_type", &word, "ALL, SUCCESS or REFUND is wanted"));
    };
    let mchid = call.signer.id().as_str();
    let text = bills::trade(world.store, mchid, sub_mchid.as_deref(), day, kind).map_err(refuse)?;
    Ok(Reply::ok(keep(call, world, text, gzip, None)))
}

pub(super) fn fund_flow(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let (day, gzip) = (day(call, world)?, gzip(call)?);
    let sub_mchid = sub_merchant(call)?;
    match call.query_parameter("account_type")?.as_deref() {
        None | Some("BASIC") => {}
        // All money here is in the basic account.
        Some("OPERATION" | "FEES") => return Err(refuse(NoBill::None)),
        Some(word) => return Err(wrong("account_type", word, "BASIC, OPERATION or FEES is wanted")),
    }
    let mchid = sub_mchid.as_deref().unwrap_or_else(|| call.signer.id().as_str());
    let text = bills::fund_flow(world.store, mchid, day).map_err(refuse)?;
    Ok(Reply::ok(keep(call, world, text, gzip, None)))
}
