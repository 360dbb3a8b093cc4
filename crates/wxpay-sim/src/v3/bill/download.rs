//! Downloading a bill: the call is signed, the answer is not.

use serde_json::Value;
use wxpay_proto::file::FileKey;

use crate::bills;
use crate::store::Lock;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::world::World;

pub(super) fn download(call: &Call<'_>, world: &World<'_>) -> Answer {
    let token = call.query_parameter("token")?;
    let issue = "the parameter is missing";
    let token = token.ok_or_else(|| Refusal::param("query", "token", Value::Null, issue))?;
    let mchid = call.signer.id().as_str();
    let found = world.store.statements.get(&token);
    let Some(found) = found.filter(|found| found.mchid == mchid && world.clocks.business < found.expires)
    else {
        let message =
            "下载链接无效或已过期 (no such file of this merchant, or its link has expired after 5 minutes)";
        return Err(Refusal::new(
            400,
            "INVALID_REQUEST",
            inner::NOT_VALID_ANY_MORE,
            message,
        ));
    };
    let (media_type, content) = if found.gzip {
        ("application/x-gzip", bills::gzip(found.text.as_bytes()))
    } else {
        ("text/plain; charset=utf-8", found.text.clone().into_bytes())
    };
    let Some(Lock { key, nonce }) = &found.lock else {
        return Ok(Reply::file(media_type, content));
    };
    let key = FileKey::new(key.as_bytes()).map_err(|_| Refusal::system_error())?;
    let content = key
        .seal(nonce, b"", &content)
        .map_err(|_| Refusal::system_error())?;
    Ok(Reply::file("application/octet-stream", content))
}
