//! Every documented event at run time.

use std::sync::OnceLock;

use super::data;
use crate::schema::EventSchema;

/// Made by `cargo xtask codegen`: one protocol a line.
const DATA: &str = include_str!("events.json");

/// Every documented notification (回调通知), of v3 and of v2.
#[must_use]
pub fn events() -> &'static [EventSchema] {
    static EVENTS: OnceLock<Vec<EventSchema>> = OnceLock::new();
    // The generator wrote the text, and a test reads all of it: the default never takes its place.
    EVENTS.get_or_init(|| data::events(DATA).unwrap_or_default())
}

/// The event with this name: a type of v3, `TRANSACTION.SUCCESS`; or one of v2 behind `v2.`.
#[must_use]
pub fn event(name: &str) -> Option<&'static EventSchema> {
    events().iter().find(|event| event.name() == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Kind;

    #[test]
    fn every_event_is_there_under_a_name_of_its_own() {
        let names: Vec<String> = events().iter().map(EventSchema::name).collect();
        let different: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(different.len(), names.len());
        for name in &names {
            assert_eq!(event(name).map(EventSchema::name).as_ref(), Some(name));
        }
        assert!(event("transaction.success").is_none());
    }

    #[cfg(feature = "events")]
    #[test]
    fn the_table_and_the_types_have_the_same_events() {
        let known = crate::events::v3::EVENTS.iter().chain(crate::events::v2::EVENTS);
        let known: Vec<(&str, &str)> = known.map(|event| (event.event_type, event.label)).collect();
        let mut listed: Vec<(&str, &str)> = events()
            .iter()
            .map(|event| (event.event_type.as_str(), event.label.as_str()))
            .collect();
        listed.sort_unstable();
        let mut sorted = known;
        sorted.sort_unstable();
        assert_eq!(listed, sorted);
    }

    #[test]
    fn forms_are_found_and_what_is_encrypted_is_open() {
        let paid = event("TRANSACTION.SUCCESS").unwrap();
        let form = paid.form("combine-payment").unwrap();
        assert_eq!(form.name, "CombinePaymentResource");
        assert_eq!(form.member.as_deref(), Some("combine_out_trade_no"));
        assert!(form.document.field("sub_orders").is_some());
        assert_eq!(paid.forms.last().unwrap().short_name(), "Payment");
        assert!(paid.form("nothing").is_none());
        let refund = event("v2.refund-processed").unwrap();
        let field = refund.forms[0].document.field("req_info").unwrap();
        let Kind::Object(opened) = &field.kind else {
            panic!("an object");
        };
        assert!(opened.field("refund_status").is_some());
        assert!(event("BUDGET.CLOSED").unwrap().forms.is_empty());
    }
}
