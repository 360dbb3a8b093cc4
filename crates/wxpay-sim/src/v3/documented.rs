//! Every operation that no product of the simulator's has: held against the catalogue, and answered from it.

use bytes::Bytes;
use http::Request;
use serde_json::Value;
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_types::schema::{OperationInfo, Place, Returns, Signed};

use super::answer::{Answer, Reply};
use super::bill;
use super::call::Call;
use super::inner;
use super::refusal::Refusal;
use super::upload;
use crate::documented::{self, Asker, Problem, ProblemKind};
use crate::world::World;

pub(super) fn answer(request: &Request<Bytes>, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let found = documented::route(request.method().as_str(), request.uri().path());
    let mut refusal = None;
    for (info, values) in found {
        match serve(request, info, &values, call, world) {
            Ok(reply) => return Ok(reply),
            Err(mut first) => {
                first.documented = Some(&info.name);
                refusal = refusal.or(Some(first));
            }
        }
    }
    Err(refusal.unwrap_or_else(Refusal::unknown_operation))
}

fn serve(
    request: &Request<Bytes>,
    info: &OperationInfo,
    path: &[(&str, String)],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    let facts = world.settings.facts;
    let given = read(request, info, path, call)?;
    let key = call.opener.map(|opener| opener.private());
    let opened = documented::open(&given, facts, key).map_err(refuse)?;
    documented::check(&given, &opened, facts).map_err(refuse)?;
    bill::check_day(&info.name, &opened, world.clocks.business)?;
    Ok(reply(info, &opened, call, world).documented(&info.name))
}

/// Refuses a parameter of the query that no operation at this path has.
pub(super) fn check_query(request: &Request<Bytes>) -> Result<(), Refusal> {
    let query = request.uri().query().unwrap_or_default();
    let names = || {
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs.map(|pair| pair.split_once('=').map_or(pair, |(name, _)| name))
    };
    let mut unknown = None;
    for (info, _) in documented::route(request.method().as_str(), request.uri().path()) {
        let known = |name: &str| {
            let mut fields = info.params();
            fields.any(|field| field.place == Place::Query && field.name == name)
        };
        match names().find(|name| !known(name)) {
            None => return Ok(()),
            Some(name) => unknown = unknown.or(Some(name)),
        }
    }
    unknown.map_or(Ok(()), |name| Err(Refusal::unknown("query", name)))
}

/// Whether a request is for a file that an example led to.
pub(super) fn has_file(request: &Request<Bytes>) -> bool {
    token(request.uri().query().unwrap_or_default()).is_some_and(documented::is_ours)
}

fn token(query: &str) -> Option<&str> {
    query.split('&').find_map(|pair| pair.strip_prefix("token="))
}

fn read<'a>(
    request: &Request<Bytes>,
    info: &'a OperationInfo,
    path: &[(&str, String)],
    call: &Call<'_>,
) -> Result<documented::Request<'a>, Refusal> {
    let mut given = documented::Request::new(info);
    given.path(path);
    given.query(call.query).map_err(refuse)?;
    given.headers(request.headers());
    if info.multipart {
        upload::read(request, &mut given)?;
    } else if !call.body.is_empty() {
        // Calls without parameters are sent with an empty body and with `{}` (protocol section 1.6).
        if let Value::Object(members) = call.json()? {
            given.body(members);
        }
    }
    Ok(given)
}

fn reply(info: &OperationInfo, opened: &Value, call: &Call<'_>, world: &mut World<'_>) -> Reply {
    // Invariant: the table gives every operation a status.
    let status = info.status.first().copied().unwrap_or(200);
    if info.returns == Returns::File {
        let file = documented::file(info, token(call.query));
        let digest = FileDigest::of(DigestAlgorithm::Sha1, &file.content).to_hex();
        let reply = Reply::file(file.media_type, file.content);
        return match info.signed {
            Signed::Digest => reply
                .signed_text(format!("{{\"sha1\":\"{digest}\"}}"))
                .header("wechatpay-statement-sha1", digest),
            _ => reply,
        };
    }
    let asker = Asker {
        merchant: call.signer,
        seed: world.settings.seed,
        now: world.clocks.business,
    };
    let reply = match documented::answer(info, opened, &asker) {
        Some(mut body) => {
            documented::seal(info, &mut body, call.signer, world.sequence);
            Reply::ok(body).status(status)
        }
        None => Reply::no_content().status(status),
    };
    match info.signed {
        Signed::Always | Signed::Digest => reply,
        _ => reply.unsigned(),
    }
}

/// The refusal of what the documentation objects to.
pub(super) fn refuse(problem: Problem) -> Refusal {
    let Problem {
        kind,
        location,
        field,
        value,
        issue,
    } = problem;
    let refusal = Refusal::param(location.as_str(), &field, value, &issue);
    match kind {
        ProblemKind::Unknown => Refusal::unknown(location.as_str(), &field),
        ProblemKind::OutOfRange => refusal.with_inner(inner::OUT_OF_RANGE),
        _ => refusal,
    }
}
