//! v2's orders that are not combined, and their refunds.

mod close;
mod create;
mod download_bill;
mod find;
mod micropay;
mod parameters;
mod query;
mod refund;
mod refund_query;
mod reverse;
mod view;

use super::dress::Dress;
use super::operation::{Operation, Run};

pub(super) use create::refuse;
pub(super) use download_bill::handle as download_bill;
pub(super) use view::paid;

/// The operation at a path.
pub(super) fn find(path: &str) -> Option<Operation> {
    let (certificate, run): (_, Run) = match path {
        "/pay/unifiedorder" => (false, create::create),
        "/pay/orderquery" => (false, query::query),
        "/pay/closeorder" => (false, close::close),
        "/pay/micropay" => (false, micropay::pay),
        "/secapi/pay/reverse" => (true, reverse::reverse),
        "/secapi/pay/refund" => (true, refund::refund),
        "/pay/refundquery" => (false, refund_query::query),
        _ => return None,
    };
    Some(Operation {
        dress: Dress::Ordinary,
        certificate,
        run,
    })
}
