//! The headers of a request beside `Authorization`: the key that is asked for, and what every request has.

use bytes::Bytes;
use http::Request;
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use wxpay_proto::KeyId;

use super::refusal::Refusal;
use crate::profile::{PlatformIdentity, Profile};
use crate::settings::PlatformKeyMode;

/// The key that `Wechatpay-Serial` names, if it names one. wechatpay-java sends an empty one when it asks for certificates:
/// it has no key yet.
pub(super) fn identity<'a>(
    request: &Request<Bytes>,
    profile: &'a Profile,
    mode: PlatformKeyMode,
) -> Result<Option<&'a PlatformIdentity>, Refusal> {
    let header = request.headers().get("wechatpay-serial");
    let Some(header) = header.filter(|header| !header.as_bytes().trim_ascii().is_empty()) else {
        return Ok(None);
    };
    let named = header.to_str().unwrap_or_default();
    let known = KeyId::new(named).ok().and_then(|id| profile.identity(&id));
    let public_key = profile.platform_public_key();
    let known = known.filter(|known| mode == PlatformKeyMode::Both || known.id() == public_key.id());
    known.map(Some).ok_or_else(|| {
        let issue = "no platform certificate and no public key of this id exists";
        Refusal::param("header", "Wechatpay-Serial", named.into(), issue)
    })
}

pub(super) fn check(request: &Request<Bytes>) -> Result<(), Refusal> {
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
