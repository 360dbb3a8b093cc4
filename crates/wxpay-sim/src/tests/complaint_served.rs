use serde_json::{Value, json};

use super::bodies::MERCHANT;
use super::client::{Table, refused};
use super::complaint::COMPLAINTS;
use crate::Grievance;

fn message(text: &str, number: &str) -> Value {
    json!({
        "complainted_mchid": MERCHANT,
        "message": { "blocks": [{ "type": "TEXT", "text": { "text": text } }], "sender_identity": "MANUAL" },
        "idempotent_id": number,
    })
}

#[test]
fn who_is_to_be_served_at_once_is_answered_in_blocks_and_once() {
    let mut table = Table::sold();
    let id = table.complain(&Grievance::new("没有收到").immediate());
    let target = format!("{COMPLAINTS}/{id}/response-immediate-service");
    let complaint = table.get(&format!("{COMPLAINTS}/{id}")).unwrap();
    assert_eq!(complaint["need_immediate_service"], true);
    let first = table.post(&target, &message("马上处理", "N1")).unwrap();
    assert!(first["log_id"].is_string());
    // The same number is said once, whatever it says.
    for text in ["马上处理", "别的"] {
        assert_eq!(table.post(&target, &message(text, "N1")).unwrap(), first);
    }
    table.post(&target, &message("已补发", "N2")).unwrap();
    let history = table
        .get(&format!("{COMPLAINTS}/{id}/negotiation-historys"))
        .unwrap();
    assert_eq!(history["total_count"], 3);
    let said = &history["data"][1];
    assert_eq!(
        (
            &said["log_id"],
            &said["normal_message"]["blocks"][0]["text"]["text"]
        ),
        (&first["log_id"], &json!("马上处理"))
    );
    let complaint = table.get(&format!("{COMPLAINTS}/{id}")).unwrap();
    assert_eq!(
        (
            &complaint["complaint_state"],
            &complaint["incoming_user_response"]
        ),
        (&json!("PROCESSING"), &json!(false))
    );
    let told = table.about(&format!("complaint {id}"));
    assert_eq!(told.len(), 3, "the complaint and two answers");
}

#[test]
fn pictures_in_blocks_must_have_been_uploaded_and_others_are_answered_otherwise() {
    let mut table = Table::sold();
    let patient = table.complain(&Grievance::new("没有收到"));
    let target = format!("{COMPLAINTS}/{patient}/response-immediate-service");
    assert_eq!(
        table.refuse_post(&target, &message("马上处理", "N1")).1,
        "INVALID_REQUEST"
    );
    let id = table.complain(&Grievance::new("没有收到").immediate());
    let target = format!("{COMPLAINTS}/{id}/response-immediate-service");
    let mut body = message("马上处理", "N1");
    body["message"]["blocks"][0] = json!({ "type": "IMAGE", "image": { "media_id": "nobodys.png" } });
    let error = refused(table.post(&target, &body).unwrap_err());
    assert_eq!(error.field(), Some("/message/blocks/0/image/media_id"));
    let history = table
        .get(&format!("{COMPLAINTS}/{id}/negotiation-historys"))
        .unwrap();
    assert_eq!(history["total_count"], 1);
}
