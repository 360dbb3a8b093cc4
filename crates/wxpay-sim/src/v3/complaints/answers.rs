//! What the merchant does about a complaint.

use serde_json::{Value, json};

use super::find::{about, find};
use crate::complaints;
use crate::store::Store;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// How many pictures a reply has at most.
const PICTURES: usize = 4;

pub(super) fn respond(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.reply_complaint";
    let body = schema_check::body(call, NAME, &[("complaint_id", id)])?;
    about(call, world.store, id, shape::text(&body, "/complainted_mchid"))?;
    let images = images(call, world.store, &body, "response_images")?;
    let text = shape::text(&body, "/response_content");
    complaints::respond(world, id, call.signer.id().as_str(), text, &images);
    Ok(Reply::no_content())
}

/// Answers a user who is to be served at once (回复需要即时服务的投诉单).
pub(super) fn serve(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.reply_immediate_service";
    let body = schema_check::body(call, NAME, &[("complaint_id", id)])?;
    about(call, world.store, id, shape::text(&body, "/complainted_mchid"))?;
    if !find(call, world.store, id)?.immediate {
        let message = "投诉单不需要即时服务 (this user need not be served at once: use response)";
        let inner = inner::NOT_VALID_ANY_MORE;
        return Err(Refusal::new(400, "INVALID_REQUEST", inner, message));
    }
    let message = &body["message"];
    let blocks = message["blocks"].as_array().map(Vec::as_slice);
    let mut images = Vec::new();
    for (index, block) in blocks.unwrap_or_default().iter().enumerate() {
        if let Some(media_id) = block.pointer("/image/media_id") {
            let pointer = format!("/message/blocks/{index}/image/media_id");
            images.push(uploaded(call, world.store, media_id, &pointer)?);
        }
    }
    let number = shape::text(&body, "/idempotent_id");
    let log_id = complaints::serve(world, id, call.signer.id().as_str(), message, &images, number);
    Ok(Reply::ok(json!({ "log_id": log_id })))
}

pub(super) fn complete(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.complete_complaint";
    let body = schema_check::body(call, NAME, &[("complaint_id", id)])?;
    about(call, world.store, id, shape::text(&body, "/complainted_mchid"))?;
    complaints::complete(world, id, call.signer.id().as_str());
    Ok(Reply::no_content())
}

pub(super) fn decide(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.update_refund_progress";
    let body = schema_check::body(call, NAME, &[("complaint_id", id)])?;
    let complaint = find(call, world.store, id)?;
    if complaint.problem != "REFUND" {
        let message = "投诉单不是申请退款类型 (the user wants no refund)";
        return Err(Refusal::new(
            400,
            "INVALID_REQUEST",
            inner::NOT_VALID_ANY_MORE,
            message,
        ));
    }
    let granted = shape::text(&body, "/action") == "APPROVE";
    let wanted = if granted {
        "/launch_refund_day"
    } else {
        "/reject_reason"
    };
    shape::need(&body, wanted)?;
    let images = images(call, world.store, &body, "reject_media_list")?;
    let text = if granted {
        shape::text(&body, "/remark")
    } else {
        shape::text(&body, "/reject_reason")
    };
    complaints::decide(world, id, call.signer.id().as_str(), granted, text, &images);
    Ok(Reply::no_content())
}

/// The pictures that a body names, each of which must have been uploaded.
fn images(call: &Call<'_>, store: &Store, body: &Value, name: &str) -> Result<Vec<String>, Refusal> {
    let listed = body.get(name).and_then(Value::as_array);
    let listed = listed.map(Vec::as_slice).unwrap_or_default();
    if listed.len() > PICTURES {
        let pointer = format!("/{name}");
        return Err(Refusal::param(
            "body",
            &pointer,
            listed.len().into(),
            "at most 4 pictures",
        ));
    }
    let named = listed.iter().enumerate();
    let named = named.map(|(index, value)| uploaded(call, store, value, &format!("/{name}/{index}")));
    named.collect()
}

/// A picture that the signer has uploaded.
fn uploaded(call: &Call<'_>, store: &Store, media_id: &Value, pointer: &str) -> Result<String, Refusal> {
    let id = media_id.as_str().unwrap_or_default();
    let own = |mchid: &str| mchid == call.signer.id().as_str();
    if store.pictures.get(id).is_some_and(|picture| own(&picture.mchid)) {
        return Ok(id.to_owned());
    }
    let issue = "no picture with this media_id was uploaded";
    Err(Refusal::param("body", pointer, id.into(), issue))
}
