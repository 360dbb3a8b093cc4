//! Bills (账单) and where they are downloaded (protocol section 11).

mod ask;
mod download;
mod keep;
mod parameters;
mod sealed;

use http::Method;
use serde_json::Value;
use wxpay_proto::UnixTime;

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use super::shape;
use crate::world::World;

/// Bills whose columns no source tells, by their names in the catalogue: their files are examples, their days count as
/// those of the others do.
const EXAMPLES: [&str; 3] = [
    "v3.ecommerce-bill.query_fund_flow_bill",
    "v3.payscore.query_merchant_bill",
    "v3.profitsharing.query_bill",
];

/// Refuses the example of a bill when there would be none of that day.
pub(super) fn check_day(operation: &str, given: &Value, now: UnixTime) -> Result<(), Refusal> {
    if !EXAMPLES.contains(&operation) {
        return Ok(());
    }
    parameters::is_there(shape::text(given, "/bill_date"), now)
}

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match (method.as_str(), path) {
        ("GET", ["bill", "tradebill"]) => ask::trade(call, world),
        ("GET", ["bill", "fundflowbill"]) => ask::fund_flow(call, world),
        ("GET", ["bill", "sub-merchant-fundflowbill"]) => sealed::fund_flow(call, world),
        ("GET", ["billdownload", "file"]) => download::download(call, world),
        _ => Err(Refusal::unknown_operation()),
    }
}
