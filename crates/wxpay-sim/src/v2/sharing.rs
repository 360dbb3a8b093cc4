//! v2's profit sharing (分账), on the books of v3's.

mod amounts;
mod receivers;
mod refuse;
mod returns;
mod share;

use super::documented::Run;

/// What does the operation at a path, if it is one of these.
pub(super) fn find(path: &str) -> Option<Run> {
    let run: Run = match path {
        "/secapi/pay/profitsharing" => share::once,
        "/secapi/pay/multiprofitsharing" => share::more,
        "/secapi/pay/profitsharingfinish" => share::finish,
        "/pay/profitsharingquery" => share::query,
        "/pay/profitsharingaddreceiver" => receivers::add,
        "/pay/profitsharingremovereceiver" => receivers::remove,
        "/secapi/pay/profitsharingreturn" => returns::create,
        "/pay/profitsharingreturnquery" => returns::query,
        "/pay/profitsharingorderamountquery" => amounts::left,
        "/pay/profitsharingmerchantratioquery" => amounts::ratio,
        _ => return None,
    };
    Some(run)
}
