//! Where an account learns of complaints (投诉通知回调地址).

use serde_json::json;

use crate::store::ComplaintUrl;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn route(method: &str, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let mchid = call.signer.id().as_str();
    let known = world.store.complaint_urls.get(mchid).cloned();
    match method {
        "GET" => {
            schema_check::parameters(call, "v3.merchant-service.query_complaint_notification", &[])?;
            known.map(|known| view(&known)).ok_or_else(unknown)
        }
        "POST" => {
            let url = url(call, "v3.merchant-service.create_complaint_notification")?;
            match known {
                // Whoever repeats a call whose answer was lost is told the same.
                Some(known) if known.url != url => {
                    let message = "通知地址已存在，请使用更新接口 (there is one already: update it)";
                    Err(Refusal::new(
                        400,
                        "INVALID_REQUEST",
                        inner::OTHER_PARAMETERS,
                        message,
                    ))
                }
                _ => Ok(put(world, mchid, url)),
            }
        }
        "PUT" => {
            let url = url(call, "v3.merchant-service.update_complaint_notification")?;
            known.ok_or_else(unknown)?;
            Ok(put(world, mchid, url))
        }
        "DELETE" => {
            let name = "v3.merchant-service.delete_complaint_notification";
            schema_check::parameters(call, name, &[])?;
            known.ok_or_else(unknown)?;
            world.store.complaint_urls.remove(mchid);
            Ok(Reply::no_content())
        }
        _ => Err(Refusal::unknown_operation()),
    }
}

fn url(call: &Call<'_>, name: &str) -> Result<String, Refusal> {
    let body = schema_check::body(call, name, &[])?;
    let url = shape::text(&body, "/url");
    if url.starts_with("https://") {
        return Ok(url.to_owned());
    }
    let issue = "an absolute address by https is wanted";
    Err(Refusal::param("body", "/url", url.into(), issue))
}

fn put(world: &mut World<'_>, mchid: &str, url: String) -> Reply {
    let known = ComplaintUrl {
        mchid: mchid.to_owned(),
        url,
    };
    let reply = view(&known);
    world.store.complaint_urls.put(known);
    reply
}

fn view(known: &ComplaintUrl) -> Reply {
    Reply::ok(json!({ "mchid": known.mchid, "url": known.url }))
}

fn unknown() -> Refusal {
    let message = "未设置投诉通知地址 (no address is set)";
    Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
}
