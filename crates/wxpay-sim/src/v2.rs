//! The v2 protocol: XML, signed with the APIv2 key, and its operations.

mod answer;
mod combine;
mod documented;
mod envelope;
mod handles;
pub(crate) mod notices;
mod pay;
mod refusal;
mod times;

use bytes::Bytes;
use http::{Request, Response};

use crate::fault::Fault;
use crate::world::World;
use envelope::Envelope;
use refusal::Refusal;

pub(crate) fn handle(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let Some(operation) = combine::find(request.uri().path()) else {
        return documented::handle(request, world, fault);
    };
    let envelope = match Envelope::open(request, world.profile) {
        Ok(envelope) => envelope,
        Err(problem) => return answer::communication_failure(&problem),
    };
    let outcome = match fault {
        Some(Fault::ServerErrorBefore) => Err(Refusal::system_error()),
        Some(Fault::ServerErrorAfter) => {
            // What it would have said is what the client must not learn.
            let _ = operation(&envelope, world);
            Err(Refusal::system_error())
        }
        _ => operation(&envelope, world),
    };
    answer::write(outcome, &envelope, world.sequence, fault)
}
