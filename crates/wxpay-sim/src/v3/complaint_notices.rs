//! What v3 tells of complaints.

use serde_json::json;

use crate::outbox::Note;
use crate::store::{ComplaintUrl, Form, Schedule};

/// A complaint was made, or something has happened to it. What that is, a query tells.
pub(crate) fn note(told: &ComplaintUrl, complaint_id: &str, event: &str, action: &str) -> Note {
    let summary = if event == "COMPLAINT.CREATE" {
        "产生新投诉"
    } else {
        "投诉单状态变化"
    };
    Note {
        mchid: told.mchid.clone(),
        url: told.url.clone(),
        form: Form::V3,
        event_type: event.to_owned(),
        summary: summary.to_owned(),
        original_type: "complaint".to_owned(),
        resource: json!({ "complaint_id": complaint_id, "action_type": action }),
        about: format!("complaint {complaint_id}"),
        schedule: Schedule::Day,
    }
}
