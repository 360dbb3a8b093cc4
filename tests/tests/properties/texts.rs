//! Texts that are kept as they arrived: open enumerations and JSON inside a string.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::Value;
use wxpay_proto::{ErrorCode, JsonText, TimeText};

use crate::{config, text};

wxpay_proto::open_enum! {
    /// An enumeration as generated code declares them.
    pub enum TradeState {
        /// `SUCCESS`.
        Success = "SUCCESS",
        /// `NOTPAY`.
        Notpay = "NOTPAY",
    }
}

/// Any text, and often one of the known ones.
fn state() -> impl Strategy<Value = String> {
    prop_oneof![
        text(10),
        prop::sample::select(vec!["SUCCESS", "NOTPAY", "success", "SUCCESS ", "", "PAYERROR"])
            .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(config(1))]

    /// A number is its own digits, or nothing: never another number.
    #[test]
    fn a_bare_number_is_never_changed(number: u128, shift in 0..128_u32) {
        let digits = (number >> shift).to_string();
        let read: TimeText = serde_json::from_str(&digits).expect("a number");
        prop_assert!(read.as_str() == digits || read.as_str().is_empty(), "{} became {}", digits, read);
        prop_assert!(digits.len() > 19 || !read.as_str().is_empty());
    }

    #[test]
    fn an_open_enumeration_keeps_every_text(one in state(), other in state()) {
        let state = TradeState::from(one.as_str());
        prop_assert_eq!(state.as_str(), &one);
        prop_assert_eq!(state.to_string(), &one[..]);
        prop_assert_eq!(state.is_known(), TradeState::KNOWN.contains(&one.as_str()));
        prop_assert_eq!(state == TradeState::from(other.clone()), one == other);
        let json = serde_json::to_value(&state).expect("JSON");
        prop_assert_eq!(&json, &Value::from(one));
        prop_assert_eq!(serde_json::from_value::<TradeState>(json).expect("a text"), state);
    }

    #[test]
    fn a_number_or_a_flag_is_taken_as_its_text(number in any::<i64>(), flag in any::<bool>()) {
        for (json, wanted) in [(Value::from(number), number.to_string()), (Value::from(flag), flag.to_string())] {
            let state: TradeState = serde_json::from_value(json).expect("a text");
            prop_assert_eq!(state.as_str(), wanted);
        }
    }

    #[test]
    fn an_error_code_without_underscores_is_the_same_code(code in prop::sample::select(ErrorCode::KNOWN)) {
        prop_assert_eq!(ErrorCode::classify(code), ErrorCode::from(code));
        prop_assert!(ErrorCode::classify(code).advice().is_some());
    }

    #[test]
    fn any_error_code_is_classified(code in state()) {
        let kind = ErrorCode::classify(&code);
        prop_assert!(kind.is_known() || kind.as_str() == code);
        prop_assert_eq!(kind.advice().is_some(), kind.is_known());
    }

    #[test]
    fn json_in_a_string_keeps_its_text(any in text(20)) {
        let field = JsonText::<Value>::raw(any.clone());
        prop_assert_eq!(field.as_str(), &any);
        let written = serde_json::to_string(&field).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<String>(&written).expect("a text"), any);
        prop_assert_eq!(serde_json::from_str::<JsonText<Value>>(&written).expect("a text"), field.clone());
        // Reading it may fail, and does not panic.
        prop_assert_eq!(field.parse().is_ok(), serde_json::from_str::<Value>(field.as_str()).is_ok());
    }

    #[test]
    fn json_in_a_string_is_made_from_a_value(value in prop::collection::btree_map(text(6), any::<i64>(), 0..5)) {
        let field = JsonText::new(&value).expect("JSON");
        prop_assert_eq!(field.parse().expect("the value"), value.clone());
        // Unquoted, where a text is documented: the same content.
        let unquoted: JsonText<BTreeMap<String, i64>> = serde_json::from_str(field.as_str()).expect("JSON");
        prop_assert_eq!(unquoted.parse().expect("the value"), value);
    }
}
