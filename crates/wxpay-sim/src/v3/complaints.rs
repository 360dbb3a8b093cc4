//! Complaints of users (消费者投诉2.0).

mod answers;
mod find;
mod history;
mod images;
mod list;
mod page;
mod urls;
mod view;

use bytes::Bytes;
use http::Request;

use super::answer::{Answer, Reply};
use super::call::{Call, decode};
use super::refusal::Refusal;
use super::schema_check;
use crate::world::World;

pub(super) fn route(
    request: &Request<Bytes>,
    path: &[&str],
    call: &Call<'_>,
    world: &mut World<'_>,
) -> Answer {
    let id = |text: &str| decode("url", "complaint_id", text);
    match (request.method().as_str(), path) {
        (method, ["complaint-notifications"]) => urls::route(method, call, world),
        ("GET", ["complaints-v2"]) => list::list(call, world),
        ("GET", ["complaints-v2", text]) => one(call, world, &id(text)?),
        ("GET", ["complaints-v2", text, "negotiation-historys"]) => history::list(call, world, &id(text)?),
        ("POST", ["complaints-v2", text, "response"]) => answers::respond(call, world, &id(text)?),
        ("POST", ["complaints-v2", text, "response-immediate-service"]) => {
            answers::serve(call, world, &id(text)?)
        }
        ("POST", ["complaints-v2", text, "complete"]) => answers::complete(call, world, &id(text)?),
        ("POST", ["complaints-v2", text, "update-refund-progress"]) => {
            answers::decide(call, world, &id(text)?)
        }
        ("POST", ["images", "upload"]) => images::upload(request, call, world),
        ("GET", ["images", text]) => images::download(call, world, &decode("url", "media_id", text)?),
        _ => Err(Refusal::unknown_operation()),
    }
}

fn one(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.query_complaint";
    schema_check::parameters(call, NAME, &[("complaint_id", id)])?;
    let complaint = find::find(call, world.store, id)?;
    let mut body = view::view(world.store, complaint);
    body["payer_openid"] = complaint.openid.clone().into();
    view::seal(NAME, &mut body, call, world);
    Ok(Reply::ok(body))
}
