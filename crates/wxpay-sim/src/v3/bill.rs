//! Bills (账单) and where they are downloaded (protocol section 11).

mod ask;
mod download;
mod keep;
mod parameters;
mod sealed;

use http::Method;

use super::answer::Answer;
use super::call::Call;
use super::refusal::Refusal;
use crate::world::World;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match (method.as_str(), path) {
        ("GET", ["bill", "tradebill"]) => ask::trade(call, world),
        ("GET", ["bill", "fundflowbill"]) => ask::fund_flow(call, world),
        ("GET", ["bill", "sub-merchant-fundflowbill"]) => sealed::fund_flow(call, world),
        ("GET", ["billdownload", "file"]) => download::download(call, world),
        _ => Err(Refusal::unknown_operation()),
    }
}
