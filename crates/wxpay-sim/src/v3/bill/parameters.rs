//! What calls for bills have in common, and why there is none.

use wxpay_proto::UnixTime;

use crate::bills::{Day, NoBill};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn day(call: &Call<'_>, world: &World<'_>) -> Result<Day, Refusal> {
    let text = call.query_parameter("bill_date")?.unwrap_or_default();
    let day = read(&text)?;
    day.check(world.clocks.business).map_err(refuse)?;
    Ok(day)
}

/// Refuses a day whose bills are not there now.
pub(super) fn is_there(text: &str, now: UnixTime) -> Result<(), Refusal> {
    read(text)?.check(now).map_err(refuse)
}

fn read(text: &str) -> Result<Day, Refusal> {
    let bytes = text.as_bytes();
    let dashed = bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-';
    let day = Day::read(&text.replace('-', "")).filter(|_| dashed);
    day.ok_or_else(|| wrong("bill_date", text, "a day is wanted, yyyy-MM-dd"))
}

pub(super) fn gzip(call: &Call<'_>) -> Result<bool, Refusal> {
    match call.query_parameter("tar_type")?.as_deref() {
        None => Ok(false),
        Some("GZIP") => Ok(true),
        Some(word) => Err(wrong("tar_type", word, "GZIP or nothing is wanted")),
    }
}

pub(super) fn sub_merchant(call: &Call<'_>) -> Result<Option<String>, Refusal> {
    match call.query_parameter("sub_mchid")? {
        Some(sub_mchid) if !call.signer.acts_for(&sub_mchid) => Err(Refusal::no_relation(&sub_mchid)),
        sub_mchid => Ok(sub_mchid),
    }
}

pub(super) fn wrong(name: &str, value: &str, issue: &str) -> Refusal {
    Refusal::param("query", name, value.into(), issue)
}

/// Why there is no bill.
pub(super) fn refuse(why: NoBill) -> Refusal {
    match why {
        NoBill::None => {
            let message =
                "账单文件不存在 (no bill: the day is too recent or too long ago, or nothing happened)";
            Refusal::new(400, "NO_STATEMENT_EXIST", inner::UNKNOWN_ORDER, message)
        }
        NoBill::Unwritable => Refusal::system_error(),
    }
}
