//! Every event of the catalogue is known, and what it is about reads back with nothing lost.

use serde_json::Value;
use wxpay_catalogue::model::Protocol;
use wxpay_types::events::{EventInfo, v2, v3};

use crate::facts::{events, forms, object};

#[test]
fn every_resource_reads_back_with_nothing_lost() {
    let forms = forms();
    assert!(forms.len() > 66, "{}", forms.len());
    for form in forms {
        let given = Value::from(object(events(Protocol::V3), form.resource));
        let original = form.told_by.and_then(|by| by.original_type.as_deref());
        let event = v3::Event::read(form.kind, original, given.to_string().as_bytes());
        assert_eq!(event.event_type(), form.kind);
        assert!(event.raw().is_none(), "{form:?}");
        let written = serde_json::to_value(&event).expect("JSON");
        assert_eq!(written, given, "{} as {}", form.kind, form.resource);
    }
}

#[test]
fn events_without_documented_members_keep_their_json() {
    let text = r#"{"b": 1.50, "a":[12345678901234567890123]}"#;
    let all = &events(Protocol::V3).events;
    let untyped: Vec<_> = all
        .iter()
        .filter(|(_, event)| event.all_resources().next().is_none())
        .collect();
    assert_eq!(untyped.len(), 18);
    for (kind, _) in untyped {
        let event = v3::Event::read(kind, None, text.as_bytes());
        assert_eq!(event.event_type(), kind);
        assert_eq!(event.raw().expect("its JSON").as_str(), text);
        assert_eq!(serde_json::to_string(&event).expect("JSON"), text);
    }
}

#[test]
fn the_run_time_table_is_the_catalogue() {
    for (protocol, table) in [(Protocol::V3, v3::EVENTS), (Protocol::V2, v2::EVENTS)] {
        let found = &events(protocol).events;
        assert_eq!(table.len(), found.len());
        for (
            EventInfo {
                event_type,
                label,
                resources,
                message,
                docs,
                original_types,
                ..
            },
            (kind, event),
        ) in table.iter().zip(found)
        {
            assert_eq!(event_type, kind);
            assert_eq!(
                Some(*label).filter(|label| !label.is_empty()),
                event.label.as_deref()
            );
            assert!(resources.iter().copied().eq(event.all_resources()), "{kind}");
            assert_eq!(*message, event.message.as_deref());
            assert_eq!(*docs, event.docs);
            assert_eq!(*original_types, event.original_types);
        }
    }
    let kinds: Vec<&str> = v3::EVENTS.iter().map(|info| info.event_type).collect();
    assert_eq!(v3::Event::KNOWN, kinds);
    assert_eq!(kinds.len() + v2::EVENTS.len(), 92);
}

/// Reads a value as some type, and writes it again.
type Again = fn(&Value) -> Value;

/// Reads a resource as the answer of the query that describes the same, and writes it again.
fn as_answered<T: serde::Serialize + serde::de::DeserializeOwned>(given: &Value) -> Value {
    let read: T = serde_json::from_value(given.clone()).expect("the query's type");
    serde_json::to_value(read).expect("JSON")
}

#[test]
fn the_querys_type_reads_the_notification_too() {
    use wxpay_types::global::{refunds, transactions};
    use wxpay_types::v3::{combine_transactions, pay_partner_transactions, pay_transactions};

    let readers: [(&str, Again); 5] = [
        ("PaymentResource", as_answered::<pay_transactions::Transaction>),
        (
            "PartnerPaymentResource",
            as_answered::<pay_partner_transactions::Transaction>,
        ),
        (
            "CombinePaymentResource",
            as_answered::<combine_transactions::QueryByOutTradeNoResponse>,
        ),
        ("GlobalPaymentResource", as_answered::<transactions::Transaction>),
        ("GlobalRefundResource", as_answered::<refunds::Refund>),
    ];
    for (resource, answered) in readers {
        let given = Value::from(object(events(Protocol::V3), resource));
        assert_eq!(answered(&given), given, "{resource}");
    }
}
