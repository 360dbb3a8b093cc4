//! Every documented notification, drafted, sealed, and opened by the core as its receiver would.

use serde_json::{Value, json};
use wxpay_proto::v3::UnverifiedNotification;
use wxpay_proto::{ApiV2Key, ApiV3Key, UnixTime, v2};
use wxpay_types::events::v2 as told;
use wxpay_types::events::v3::Event;
use wxpay_types::schema::{EventForm, EventSchema, Protocol};
use wxpay_types::table;

use crate::{Clocks, EventDraft, Platform, Profile, Role, Settings, TriggerError};

const CLOCKS: Clocks = Clocks::at(UnixTime::from_secs(1_700_000_000));
const URL: &str = "http://127.0.0.1:3000/notify";

fn platform() -> Platform {
    Platform::new(Profile::test(), Settings::default())
}

/// The forms of an event; one that has none is sent as it is.
fn forms(event: &EventSchema) -> Vec<Option<&EventForm>> {
    let forms: Vec<_> = event.forms.iter().map(Some).collect();
    if forms.is_empty() { vec![None] } else { forms }
}

fn events(protocol: Protocol) -> impl Iterator<Item = &'static EventSchema> {
    table::events()
        .iter()
        .filter(move |event| event.protocol == protocol)
}

/// Sends a draft, and gives the request that arrives.
fn sent(platform: &mut Platform, draft: &EventDraft) -> http::Request<bytes::Bytes> {
    let id = platform.trigger(draft, URL, CLOCKS).unwrap();
    let mut deliveries = platform.poll(CLOCKS);
    assert_eq!(deliveries.len(), 1, "{}", draft.event_type);
    let delivery = deliveries.remove(0);
    assert_eq!(delivery.id.notification, id);
    assert_eq!(delivery.request.uri(), URL);
    delivery.request
}

#[test]
fn every_event_of_v3_opens_as_what_it_is() {
    let mut platform = platform();
    for role in [Role::Merchant, Role::Partner] {
        for event in events(Protocol::V3) {
            for form in forms(event) {
                let draft = platform.draft(event, form, role.mchid(), CLOCKS).unwrap();
                let request = sent(&mut platform, &draft);
                let received = UnverifiedNotification::receive(request.headers(), request.body().clone());
                let keys = platform.profile().platform_keys();
                let merchant = platform.profile().find(role.mchid()).unwrap();
                let verified = received.verify(&keys, CLOCKS.wire).unwrap();
                let opened = verified
                    .open(&ApiV3Key::new(merchant.api_v3_key()).unwrap())
                    .unwrap();
                let plaintext: Value = opened.json().unwrap();
                assert_eq!(plaintext, draft.document, "{}", event.event_type);
                let read = Event::from(&opened);
                assert_eq!(read.event_type(), event.event_type);
                match form {
                    // The variant or the struct in it has the form's name, and JSON that is merely kept is named so.
                    Some(form) => {
                        let read = format!("{read:?}");
                        let named = read.contains(form.name.as_str()) && !read.contains("Raw(");
                        assert!(named, "{} {}: {read}", event.event_type, form.name);
                        assert!(plaintext.as_object().is_some_and(|members| !members.is_empty()));
                    }
                    None => assert!(read.raw().is_some(), "{}", event.event_type),
                }
            }
        }
    }
}

#[test]
fn every_message_of_v2_opens_as_what_it_is() {
    let mut platform = platform();
    let key = || ApiV2Key::new(Profile::test().merchant().api_v2_key()).unwrap();
    for event in events(Protocol::V2) {
        let draft = platform
            .draft(event, None, Role::Merchant.mchid(), CLOCKS)
            .unwrap();
        let request = sent(&mut platform, &draft);
        let received = v2::UnverifiedNotification::receive(request.body().clone());
        let field = |name: &str| draft.document[name].as_str().unwrap_or_default().to_owned();
        match event.encrypted.as_deref() {
            None => {
                let verified = received.verify(&key(), None).unwrap();
                assert!(verified.is_success(), "{}", event.event_type);
                for name in [
                    "mch_id",
                    "appid",
                    "out_trade_no",
                    "transaction_id",
                    "sub_order_list",
                ] {
                    let text = field(name);
                    assert_eq!(
                        verified.field(name).unwrap_or_default(),
                        text,
                        "{} {name}",
                        event.event_type
                    );
                }
                if event.event_type == "transaction-success" {
                    let message: told::TransactionSuccessMessage = verified.read(&[]).unwrap();
                    assert_eq!(message.mch_id.as_deref(), Some(Role::Merchant.mchid()));
                    assert_eq!(message.total_fee, draft.document["total_fee"].as_i64());
                }
                if event.event_type == "combined-transactions-success" {
                    assert!(field("sub_order_list").contains("out_trade_no"));
                }
            }
            Some("req_info") => {
                let opened = received.open_refund(&key()).unwrap();
                let refund: told::RefundProcessedResource = opened.read_claimed(&[]).unwrap();
                let drafted = &draft.document["req_info"];
                assert_eq!(refund.refund_id.as_deref(), drafted["refund_id"].as_str());
                assert_eq!(refund.refund_fee, drafted["refund_fee"].as_i64());
            }
            Some(_) => {
                let verified = received.verify(&key(), None).unwrap();
                let api_v3_key = ApiV3Key::new(Profile::test().merchant().api_v3_key()).unwrap();
                let opened = verified.open_event(&api_v3_key).unwrap();
                assert_eq!(opened.event_type(), Some(event.event_type.as_str()));
                let drafted = &draft.document["event_ciphertext"];
                assert_eq!(
                    opened.fields().get("out_order_no").map(String::as_str),
                    drafted["out_order_no"].as_str()
                );
            }
        }
    }
}

#[test]
fn a_state_is_the_one_that_the_type_tells() {
    let platform = platform();
    for (name, member, state) in [
        ("REFUND.CLOSED", "refund_status", "CLOSED"),
        ("REFUND.ABNORMAL", "refund_status", "ABNORMAL"),
        ("MCHTRANSFER.BATCH.CLOSED", "batch_status", "CLOSED"),
        ("TRANSACTION.SUCCESS", "trade_state", "SUCCESS"),
    ] {
        let event = table::event(name).unwrap();
        let draft = platform
            .draft(event, None, Role::Merchant.mchid(), CLOCKS)
            .unwrap();
        assert_eq!(draft.document[member], state, "{name}");
        assert_eq!(draft.document["mchid"], Role::Merchant.mchid());
    }
}

#[test]
fn what_cannot_be_sealed_is_refused_by_name() {
    let mut platform = platform();
    let event = table::event("v2.refund-processed").unwrap();
    let unknown = platform.draft(event, None, "1", CLOCKS).unwrap_err();
    assert!(unknown.to_string().contains("1900007291"), "{unknown}");
    let mut draft = platform
        .draft(event, None, Role::Merchant.mchid(), CLOCKS)
        .unwrap();
    for url in ["", "127.0.0.1:3000/notify", "/notify", "ftp://shop.example/"] {
        let error = platform.trigger(&draft, url, CLOCKS).unwrap_err();
        assert!(matches!(error, TriggerError::Address { .. }), "{url}");
    }
    draft.document["req_info"] = json!("ciphertext");
    let error = platform.trigger(&draft, URL, CLOCKS).unwrap_err();
    assert!(error.to_string().contains("`req_info`"), "{error}");
    assert!(platform.poll(CLOCKS).is_empty());
}
