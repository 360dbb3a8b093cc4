//! What is sent differs from what is documented: members are missing, new, null, of another kind.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;
use serde_json::{Map, Value, json};
use wxpay_catalogue::events::Events;
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::Protocol;
use wxpay_tests::cases::cases;
use wxpay_types::events::v3::Event;

use crate::facts::{Form, events, forms, object};

/// Changes what is given as the choices say, and returns what must be written back.
struct Change<'a> {
    events: &'a Events,
    choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl Change<'_> {
    fn choice(&mut self) -> u8 {
        self.choices.next().copied().unwrap_or_default()
    }

    fn one_in(&mut self, count: u8) -> bool {
        self.choice().is_multiple_of(count)
    }

    /// `fixed` are members that a form is known by.
    fn object(&mut self, name: &str, given: &mut Map<String, Value>, fixed: &[&str]) -> Map<String, Value> {
        let mut expected = Map::new();
        let fields = &self.events.types.objects[name];
        for (member, field) in fields {
            let kind = Kind::parse(&field.kind).expect("a type");
            let value = given.get_mut(member).expect("every member is there");
            match self.choice() % 8 {
                0 if !fixed.contains(&member.as_str()) => {
                    given.remove(member);
                }
                1 if !fixed.contains(&member.as_str()) && kind != Kind::Any => *value = Value::Null,
                _ => {
                    expected.insert(member.clone(), self.value(&kind, value));
                }
            }
        }
        if self.one_in(2) {
            given.insert("zz_new".to_owned(), json!({ "a": [null, 1, "b"] }));
        }
        expected
    }

    fn value(&mut self, kind: &Kind, value: &mut Value) -> Value {
        match kind {
            Kind::Int if self.one_in(2) => {
                let number = value.clone();
                *value = number.to_string().into();
                number
            }
            Kind::Text if self.one_in(4) => {
                *value = 20_240_101.into();
                "20240101".into()
            }
            Kind::Named(name) if self.events.types.enums.contains_key(name) => {
                if self.one_in(2) {
                    *value = "A_VALUE_OF_TOMORROW".into();
                }
                value.clone()
            }
            Kind::Named(name) => {
                let inner = value.as_object_mut().expect("an object");
                self.object(name, inner, &[]).into()
            }
            Kind::List(inner) => {
                let list = value.as_array_mut().expect("a list");
                let elements: Vec<Value> = list.iter_mut().map(|value| self.value(inner, value)).collect();
                elements.into()
            }
            _ => value.clone(),
        }
    }
}

fn check(form: Form, choices: &[u8]) {
    let events = events(Protocol::V3);
    let mut given = object(events, form.resource);
    let fixed = form.event.told_by.values().filter_map(|by| by.member.as_deref());
    let fixed: Vec<&str> = fixed.collect();
    let mut change = Change {
        events,
        choices: choices.iter().cycle(),
    };
    let expected = change.object(form.resource, &mut given, &fixed);
    let given = Value::from(given).to_string();
    let original = form.told_by.and_then(|by| by.original_type.as_deref());
    let event = Event::read(form.kind, original, given.as_bytes());
    assert!(
        event.raw().is_none(),
        "{} as {}: {given}",
        form.kind,
        form.resource
    );
    assert_eq!(
        serde_json::to_value(&event).expect("JSON"),
        Value::from(expected),
        "{} as {}: {given}",
        form.kind,
        form.resource
    );
}

proptest! {
    #![proptest_config(Config { cases: cases(1).max(256), failure_persistence: None, ..Config::default() })]

    #[test]
    fn nothing_that_is_documented_is_lost(at in any::<Index>(), choices in prop::collection::vec(any::<u8>(), 1..300)) {
        check(*at.get(&forms()), &choices);
    }

    #[test]
    fn anything_is_an_event(kind in "\\PC{0,12}", at in any::<Index>(), text in "\\PC{0,40}") {
        let known = at.get(Event::KNOWN);
        for kind in [kind.as_str(), known] {
            let event = Event::read(kind, None, text.as_bytes());
            prop_assert_eq!(event.event_type(), kind);
            prop_assert!(serde_json::to_value(&event).is_ok());
        }
    }
}

#[test]
fn every_form_with_every_choice() {
    for form in forms() {
        for choice in 0..=24 {
            check(form, &[choice]);
            check(form, &[choice, choice.wrapping_add(3), 7]);
        }
    }
}
