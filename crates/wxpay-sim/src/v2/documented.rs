//! Every v2 operation that no product of the simulator's has: held against the catalogue, and answered from it. Products
//! that work with whatever the catalogue says of their fields come this way too.

mod keys;
mod letter;
mod reply;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use wxpay_proto::v2::Fields;
use wxpay_types::schema::{OperationInfo, Protocol};
use wxpay_types::table;

use super::answer;
use super::flat;
use super::refusal::Refusal;
use crate::client_certificate::ClientCertificate;
use crate::documented::{self, Asker, Facts, Problem, ProblemKind};
use crate::fault::Fault;
use crate::profile::{PlatformIdentity, Profile};
use crate::world::World;
pub(super) use letter::Letter;

/// What a product does with a letter that was checked.
pub(super) type Run = fn(&OperationInfo, &Letter<'_>, &mut World<'_>) -> Result<Fields, Refusal>;

pub(super) fn handle(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    fault: Option<Fault>,
    product: Option<Run>,
) -> Response<Bytes> {
    let found = table::find(request.method().as_str(), request.uri().path());
    let Some((info, _)) = found.filter(|(info, _)| info.protocol == Protocol::V2) else {
        return answer::unknown_operation();
    };
    let letter = match Letter::open(request, info, world.profile) {
        Ok(letter) => letter,
        Err(problem) => return answer::communication_failure(&problem),
    };
    let wanted = info.client_certificate && world.settings.v2_client_certificate;
    if wanted && !ClientCertificate::is_shown(request, letter.merchant.id()) {
        return answer::no_certificate();
    }
    let outcome = match Refusal::of(fault) {
        Some(refusal) => Err(refusal),
        None => serve(info, &letter, world, product),
    };
    let outcome = match fault {
        // What it would have said is what the client must not learn.
        Some(Fault::ServerErrorAfter) => Err(Refusal::system_error()),
        _ => outcome,
    };
    let response = reply::write(outcome, info, &letter, world.sequence, fault);
    match product {
        Some(_) => response,
        None => reply::documented(response, info),
    }
}

/// What an operation answers, as the fields of a message.
fn serve(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
    product: Option<Run>,
) -> Result<Fields, Refusal> {
    // A product works with these fields, so that all facts about them count.
    let facts = product.map_or(world.settings.facts, |_| Facts::Documented);
    let opened = open(letter, facts, world.profile).map_err(refuse)?;
    documented::check(&letter.given, &opened, facts).map_err(refuse)?;
    if let Some(run) = product {
        return run(info, letter, world);
    }
    let asker = Asker {
        merchant: letter.merchant,
        seed: world.settings.seed,
        now: world.clocks.business,
    };
    let object = documented::answer(info, &opened, &asker);
    let mut fields = object.map(flat::fields).unwrap_or_default();
    keys::put(&mut fields, info, letter.merchant, &letter.key, world)?;
    Ok(fields)
}

/// The request with its encrypted fields in plaintext. No header says which of the platform's keys they are encrypted for:
/// a client has the bank's key, which is the public key here, or a certificate.
fn open(letter: &Letter<'_>, facts: Facts, profile: &Profile) -> Result<Value, Problem> {
    let with = |identity: &PlatformIdentity| documented::open(&letter.given, facts, Some(identity.private()));
    with(profile.platform_public_key())
        .or_else(|_| with(profile.platform_certificate()))
        .or_else(|_| with(profile.next_platform_certificate()))
}

fn refuse(problem: Problem) -> Refusal {
    let field = problem.field.trim_start_matches('/');
    match problem.kind {
        ProblemKind::Missing => Refusal::new("LACK_PARAMS", format!("缺少参数 ({field})")),
        _ => Refusal::param(field, &problem.issue),
    }
}
