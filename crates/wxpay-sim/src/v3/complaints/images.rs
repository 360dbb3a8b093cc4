//! Pictures for replies, and those of others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};
use wxpay_types::table;

use super::find::is_seen;
use crate::documented::{self, Facts};
use crate::multipart;
use crate::store::{Picture, Store};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::documented::refuse;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::upload;
use crate::world::World;

pub(super) fn upload(request: &Request<Bytes>, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let info = table::named("v3.merchant-service.upload_image").ok_or_else(Refusal::unknown_operation)?;
    let mut given = documented::Request::new(info);
    upload::read(request, &mut given)?;
    let opened = Value::Object(given.values().clone());
    documented::check(&given, &opened, Facts::Documented).map_err(refuse)?;
    let content_type = request.headers().get(CONTENT_TYPE);
    let content_type = content_type
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    // Invariant: what was checked just now has a part of this name.
    let parts = multipart::parts(content_type, request.body()).unwrap_or_default();
    let file = parts.iter().find(|part| part.name == "file");
    let name = file
        .and_then(|file| file.file_name.as_deref())
        .unwrap_or_default();
    let kind = match name.rsplit_once('.') {
        Some((_, kind)) if ["jpg", "jpeg", "png", "bmp"].contains(&kind.to_ascii_lowercase().as_str()) => {
            kind.to_ascii_lowercase()
        }
        _ => {
            let issue = "the name of a picture ends in jpg, jpeg, png or bmp";
            return Err(Refusal::param("body", "/meta/filename", name.into(), issue));
        }
    };
    let media_id = format!("{}.{kind}", world.sequence.hex());
    world.store.pictures.put(Picture {
        media_id: media_id.clone(),
        mchid: call.signer.id().as_str().to_owned(),
        content: STANDARD.encode(file.map(|file| file.content).unwrap_or_default()),
    });
    Ok(Reply::ok(json!({ "media_id": media_id })))
}

pub(super) fn download(call: &Call<'_>, world: &World<'_>, id: &str) -> Answer {
    let picture = world.store.pictures.get(id);
    let picture = picture.filter(|picture| may_see(call, world.store, picture));
    let picture = picture.ok_or_else(|| {
        let message = "图片不存在 (no such picture)";
        Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
    })?;
    let media_type = match picture.media_id.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        Some((_, "bmp")) => "image/bmp",
        _ => "image/jpeg",
    };
    // Invariant: it was encoded when it was stored; an empty picture if somebody has changed the row by hand.
    let content = STANDARD.decode(&picture.content).unwrap_or_default();
    Ok(Reply::file(media_type, content))
}

/// Whose picture it is sees it, and who sees a complaint that it belongs to.
fn may_see(call: &Call<'_>, store: &Store, picture: &Picture) -> bool {
    picture.mchid == call.signer.id().as_str()
        || store.complaints.iter().any(|complaint| {
            is_seen(call, complaint)
                && complaint
                    .said
                    .iter()
                    .any(|said| said.images.contains(&picture.media_id))
        })
}
