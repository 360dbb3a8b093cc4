//! The v2 protocol: XML, signed with the APIv2 key, and its operations.

mod answer;
mod combine;
pub(crate) mod contract_notices;
mod documented;
mod dress;
mod envelope;
pub(crate) mod flat;
mod handles;
pub(crate) mod notices;
mod operation;
mod papay;
mod pay;
mod refusal;
mod sharing;
mod times;

use bytes::Bytes;
use http::{Request, Response};

use crate::client_certificate::ClientCertificate;
use crate::fault::Fault;
use crate::world::World;
use envelope::Envelope;
use operation::Operation;
use refusal::Refusal;

pub(crate) fn handle(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let path = request.uri().path();
    if let Some(download) = pay::find_bill(path) {
        let after = (fault == Some(Fault::ServerErrorAfter)).then(Refusal::system_error);
        return match Refusal::of(fault).or(after) {
            Some(refusal) => answer::bill_failure(&refusal.code, &refusal.description),
            None => download(request, world),
        };
    }
    let Some(operation) = combine::find(path).or_else(|| pay::find(path)) else {
        let product = papay::find(path).or_else(|| sharing::find(path));
        return documented::handle(request, world, fault, product);
    };
    let envelope = match Envelope::open(request, world.profile, operation.dress) {
        Ok(envelope) => envelope,
        Err(problem) => return answer::communication_failure(&problem),
    };
    if let Some(problem) = pay::stranger(path, &envelope) {
        return answer::communication_failure(&problem);
    }
    let wanted = operation.certificate && world.settings.v2_client_certificate;
    if wanted && !ClientCertificate::is_shown(request, envelope.merchant.id()) {
        return answer::no_certificate();
    }
    let outcome = match Refusal::of(fault) {
        Some(refusal) => Err(refusal),
        None => run(&operation, &envelope, world),
    };
    let outcome = match fault {
        // What it would have said is what the client must not learn.
        Some(Fault::ServerErrorAfter) => Err(Refusal::system_error()),
        _ => outcome,
    };
    answer::write(outcome, &envelope, world.sequence, fault)
}

fn run(operation: &Operation, envelope: &Envelope<'_>, world: &mut World<'_>) -> answer::Answer {
    (operation.run)(envelope, world)
}
