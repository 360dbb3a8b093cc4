//! v2's deductions by contract (委托代扣), for merchants and partners.

mod charge;
mod contract;
mod offer;
mod order;

use super::documented::Run;

pub(super) use contract::mode;

/// What does the operation at a path, if it is one of these.
pub(super) fn find(path: &str) -> Option<Run> {
    let run: Run = match path.strip_prefix("/papay/partner/") {
        Some(rest) => page(rest)?,
        None => match path {
            "/pay/pappayapply" | "/pay/partner/pappayapply" => charge::apply,
            "/pay/paporderquery" | "/pay/partner/paporderquery" => charge::query,
            "/pay/contractorder" => order::create,
            _ => page(path.strip_prefix("/papay/")?)?,
        },
    };
    Some(run)
}

fn page(name: &str) -> Option<Run> {
    let run: Run = match name {
        "entrustweb" | "h5entrustweb" | "preentrustweb" => offer::offer,
        "querycontract" => contract::query,
        "deletecontract" => contract::delete,
        _ => return None,
    };
    Some(run)
}
