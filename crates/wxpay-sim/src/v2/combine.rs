//! v2's combined orders (合单支付), which took no new merchants after 2021-09-01.

mod close;
mod create;
mod fields;
mod list;
mod query;

use super::dress::Dress;
use super::operation::{Operation, Run};

pub(super) use query::view;

/// The operation at a path.
pub(super) fn find(path: &str) -> Option<Operation> {
    let run: Run = match path {
        "/pay/combinedorder" => create::create,
        "/pay/querycombinedorder" => query::query,
        "/pay/closecombinedorder" => close::close,
        _ => return None,
    };
    Some(Operation {
        dress: Dress::Combined,
        certificate: false,
        run,
    })
}
