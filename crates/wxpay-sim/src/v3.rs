//! The v3 protocol: JSON, RSA signatures, and its operations.

mod answer;
mod bill;
mod call;
mod certificates;
mod closing;
mod combine;
pub(crate) mod complaint_notices;
mod complaints;
pub(crate) mod contract_notices;
mod documented;
mod global;
mod handles;
mod headers;
mod inner;
mod limits;
pub(crate) mod notices;
mod papay;
mod pay;
mod product;
mod profit_sharing;
mod refund;
mod refusal;
mod schema_check;
mod shape;
pub(crate) mod split_notices;
mod transfer;
mod upload;
mod verify;
mod view;

use bytes::Bytes;
use http::{Method, Request, Response};

use crate::fault::Fault;
use crate::profile::PlatformIdentity;
use crate::settings::{PlatformKeyMode, Rotation};
use crate::world::World;
use answer::Answer;
use call::Call;
use refusal::Refusal;

/// Whether requests to this path are v3's; all others are v2's.
pub(crate) fn is_spoken_at(path: &str) -> bool {
    ["/v3/", "/hk/v3/", "/global/v3/", "/brand/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

pub(crate) fn handle(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let identity = headers::identity(request, world.profile, world.settings.platform_keys);
    let outcome = match fault {
        Some(Fault::ServerErrorBefore) => Err(Refusal::system_error()),
        Some(Fault::TooManyRequests) => Err(Refusal::too_often()),
        Some(Fault::ServerErrorAfter) => {
            // What it would have said is what the client must not learn.
            let _ = serve(request, world, &identity);
            Err(Refusal::system_error())
        }
        _ => serve(request, world, &identity),
    };
    let outcome = outcome.map_err(|refusal| refusal.undocumented_as(&world.settings.undocumented_code));
    // Whoever asks for a key that does not exist is told so with the usual one, as if none had been asked for.
    let usual = match world.settings.platform_keys {
        PlatformKeyMode::Both => world.profile.platform_certificate(),
        PlatformKeyMode::PublicKeyOnly => world.profile.platform_public_key(),
    };
    let named = identity.ok().flatten().unwrap_or(usual);
    let rotation = world.settings.rotation;
    let coin = rotation == Rotation::Mixed && world.sequence.next().is_multiple_of(2);
    let signer = world.profile.answerer(named, rotation, coin);
    answer::write(outcome, signer, world.sequence, world.clocks.wire, fault)
}

fn serve(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    identity: &Result<Option<&PlatformIdentity>, Refusal>,
) -> Answer {
    let signer = verify::verify(request, world.profile, world.clocks.wire)?;
    if world.settings.strict_headers {
        headers::check(request)?;
    }
    let opener = identity.clone()?;
    let query = request.uri().query().unwrap_or_default();
    let call = Call {
        signer,
        opener,
        query,
        body: request.body(),
    };
    if documented::has_file(request) {
        return documented::answer(request, &call, world);
    }
    match product(request, &call, world) {
        Err(refusal) if refusal.unknown_operation => documented::answer(request, &call, world),
        // What a query must not have comes before what it has not found.
        answer if request.method() == Method::GET => documented::check_query(request).and(answer),
        answer => answer,
    }
}

/// The operations that the simulator keeps books for.
fn product(request: &Request<Bytes>, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    match segments.as_slice() {
        ["v3", "pay", "transactions", rest @ ..] => {
            pay::route(pay::Mode::Merchant, request.method(), rest, call, world)
        }
        ["v3", "pay", "partner", "transactions", rest @ ..] => {
            pay::route(pay::Mode::Partner, request.method(), rest, call, world)
        }
        ["v3", "refund", "domestic", "refunds", rest @ ..] => {
            refund::route(request.method(), rest, call, world)
        }
        ["v3", "bill" | "billdownload", ..] => bill::route(request.method(), &segments[1..], call, world),
        ["v3", "profitsharing", rest @ ..] => profit_sharing::route(request.method(), rest, call, world),
        ["v3", "merchant-service", rest @ ..] => complaints::route(request, rest, call, world),
        ["v3", "papay", rest @ ..] => papay::route(request.method(), rest, call, world),
        ["v3", "partner-papay", rest @ ..] => papay::route_partner(request.method(), rest, call, world),
        ["v3", "fund-app", "mch-transfer", "transfer-bills", rest @ ..] => {
            transfer::route(request.method(), rest, call, world)
        }
        ["v3", "certificates"] | ["v3", "global", "certificates"] | ["hk", "v3", "certificates"] => {
            certificates::list(call, world)
        }
        ["v3", "combine-transactions", rest @ ..] => combine::route(request.method(), rest, call, world),
        ["v3", "global", "micropay", "transactions", "pay"] => {
            global::route(request.method(), &["micropay"], call, world)
        }
        ["v3", "global", "micropay", "transactions", rest @ ..] => {
            global::route(request.method(), rest, call, world)
        }
        ["v3", "global", "refunds", rest @ ..] => {
            global::route_refunds("global.refunds", request.method(), rest, call, world)
        }
        ["hk", "v3", "refunds", rest @ ..] => {
            global::route_refunds("hk.refunds", request.method(), rest, call, world)
        }
        ["v3", "global", "transactions", rest @ ..] | ["hk", "v3", "transactions", rest @ ..] => {
            global::route(request.method(), rest, call, world)
        }
        _ => Err(Refusal::unknown_operation()),
    }
}
