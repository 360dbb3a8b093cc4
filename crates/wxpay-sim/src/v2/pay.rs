//! v2's orders that are not combined, and their refunds.

mod bill_file;
mod close;
mod create;
mod download_bill;
mod download_fund_flow;
mod find;
mod micropay;
mod parameters;
mod query;
mod refund;
mod refund_query;
mod reverse;
mod view;

use bytes::Bytes;
use http::{Request, Response};

use super::dress::Dress;
use super::operation::{Operation, Run};
use crate::world::World;

pub(super) use create::refuse;
pub(super) use parameters::stranger;
pub(super) use view::paid;

/// What answers a call for a bill: a file, or why there is none.
pub(super) type Download = fn(&Request<Bytes>, &World<'_>) -> Response<Bytes>;

/// The bill at a path.
pub(super) fn find_bill(path: &str) -> Option<Download> {
    match path {
        "/pay/downloadbill" => Some(download_bill::handle),
        "/pay/downloadfundflow" => Some(download_fund_flow::handle),
        _ => None,
    }
}

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
