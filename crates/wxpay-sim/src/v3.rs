//! The v3 protocol: JSON, RSA signatures, and its operations.

mod answer;
mod call;
mod combine;
mod global;
mod multipart;
mod refusal;
mod shape;
mod verify;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{Request, Response};
use wxpay_proto::KeyId;

use crate::fault::Fault;
use crate::profile::{PlatformIdentity, Profile};
use crate::world::World;
use answer::Reply;
use call::Call;
use refusal::{Refusal, inner};

type Answer = Result<Reply, Refusal>;

/// Whether requests to this path are v3's; all others are v2's.
pub(crate) fn is_spoken_at(path: &str) -> bool {
    ["/v3/", "/hk/v3/", "/brand/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

pub(crate) fn handle(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    fault: Option<Fault>,
) -> Response<Bytes> {
    let identity = answer_identity(request, world.profile);
    let outcome = match fault {
        Some(Fault::ServerErrorBefore) => Err(Refusal::system_error()),
        Some(Fault::ServerErrorAfter) => {
            // What it would have said is what the client must not learn.
            let _ = serve(request, world, &identity);
            Err(Refusal::system_error())
        }
        _ => serve(request, world, &identity),
    };
    // Whoever asks for a key that does not exist is told so with the certificate, as if none had been asked for.
    let named = identity
        .ok()
        .flatten()
        .unwrap_or_else(|| world.profile.platform_certificate());
    answer::write(outcome, named, world.sequence, world.clocks.wire, fault)
}

/// The key that `Wechatpay-Serial` names, if it names one.
fn answer_identity<'a>(
    request: &Request<Bytes>,
    profile: &'a Profile,
) -> Result<Option<&'a PlatformIdentity>, Refusal> {
    let Some(header) = request.headers().get("wechatpay-serial") else {
        return Ok(None);
    };
    let named = header.to_str().unwrap_or_default();
    let known = KeyId::new(named).ok().and_then(|id| profile.identity(&id));
    known.map(Some).ok_or_else(|| {
        let issue = "no platform certificate and no public key of this id exists";
        Refusal::param("header", "Wechatpay-Serial", named.into(), issue)
    })
}

fn serve(
    request: &Request<Bytes>,
    world: &mut World<'_>,
    identity: &Result<Option<&PlatformIdentity>, Refusal>,
) -> Answer {
    let signer = verify::verify(request, world.profile, world.clocks.wire)?;
    if world.settings.strict_headers {
        check_headers(request)?;
    }
    let opener = identity.clone()?;
    let query = request.uri().query().unwrap_or_default();
    let call = Call {
        signer,
        opener,
        query,
        body: request.body(),
    };
    let segments: Vec<&str> = request.uri().path().split('/').skip(1).collect();
    match segments.as_slice() {
        ["v3", "combine-transactions", rest @ ..] => combine::route(request.method(), rest, &call, world),
        ["v3", "global", "transactions", rest @ ..] | ["hk", "v3", "transactions", rest @ ..] => {
            global::route(request.method(), rest, &call, world)
        }
        _ => Err(unknown_operation()),
    }
}

/// The simulator says that it is the simulator that does not know: a client's bug must not hide behind it.
fn unknown_operation() -> Refusal {
    let message = "模拟器尚不支持此接口 (the simulator does not know this operation yet)";
    Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::ILLEGAL_PARAMETER, message)
}

fn check_headers(request: &Request<Bytes>) -> Result<(), Refusal> {
    let headers = request.headers();
    for name in [ACCEPT, USER_AGENT] {
        if headers.get(&name).is_none_or(|value| value.is_empty()) {
            let title = if name == ACCEPT { "Accept" } else { "User-Agent" };
            return Err(Refusal::param(
                "header",
                title,
                serde_json::Value::Null,
                "the header is missing",
            ));
        }
    }
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let fits = ["application/json", "multipart/form-data"]
        .iter()
        .any(|fit| essence.eq_ignore_ascii_case(fit));
    if fits || request.body().is_empty() {
        return Ok(());
    }
    Err(Refusal::param(
        "header",
        "Content-Type",
        media_type.into(),
        "it is application/json for a JSON body",
    ))
}
