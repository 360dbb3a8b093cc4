//! What was said about a complaint (协商历史).

use serde_json::{Value, json};
use wxpay_proto::TimeText;

use super::find::find;
use super::page::page;
use super::view::IMAGES;
use crate::store::Said;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::schema_check;
use crate::world::World;

pub(super) fn list(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    const NAME: &str = "v3.merchant-service.list_negotiation_history";
    let given = schema_check::parameters(call, NAME, &[("complaint_id", id)])?;
    let complaint = find(call, world.store, id)?;
    // The latest first.
    let rows = complaint.said.iter().rev().map(view);
    Ok(Reply::ok(page(&given, rows.collect())?))
}

fn view(said: &Said) -> Value {
    let mut row = json!({
        "log_id": said.log_id,
        "operator": said.operator,
        "operate_time": TimeText::beijing(said.at).as_str(),
        "operate_type": said.kind,
    });
    if let Some(details) = &said.details {
        row["operate_details"] = json!(details);
    }
    if let Some(message) = &said.message {
        row["normal_message"] = message.value();
    }
    if !said.images.is_empty() {
        let images: Vec<String> = said.images.iter().map(|id| format!("{IMAGES}{id}")).collect();
        row["image_list"] = json!(images);
        row["complaint_media_list"] = json!({ "media_type": "OPERATION_IMAGE", "media_url": images });
    }
    row
}
