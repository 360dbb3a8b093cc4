//! Serial numbers are numbers, whatever their text looks like; ids of public keys are texts.

use std::collections::HashSet;

use proptest::prelude::*;
use wxpay_proto::{KeyId, Serial};

use crate::{config, text};

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn leading_zeros_and_case_do_not_matter(number in "[0-9A-Fa-f]{1,40}", zeros in 0..24_usize) {
        let serial = Serial::new(&number).expect("a serial");
        let padded = format!("{}{number}", "0".repeat(zeros));
        let stripped = number.trim_start_matches('0');
        let forms = [padded.to_lowercase(), padded.to_uppercase(), if stripped.is_empty() { "0" } else { stripped }.to_owned()];
        let mut set = HashSet::from([serial.clone()]);
        for form in forms {
            let other = Serial::new(&form).expect("a serial");
            prop_assert_eq!(&other, &serial);
            prop_assert!(!set.insert(other), "equal, so the hash must be equal");
            prop_assert_eq!(KeyId::new(&form), Ok(KeyId::Certificate(serial.clone())));
        }
    }

    #[test]
    fn what_is_sent_is_capital_and_whole_bytes(number in "[0-9A-Fa-f]{1,64}") {
        let serial = Serial::new(&number).expect("a serial");
        let shown = serial.as_str();
        prop_assert_eq!(shown.len() % 2, 0);
        prop_assert!(shown.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        // No zero is dropped, and at most one is put in front.
        prop_assert!(shown.ends_with(&number.to_uppercase()) && shown.len() <= number.len() + 1);
        if shown.len() <= 64 {
            prop_assert_eq!(Serial::new(shown).map(|again| again.as_str().to_owned()), Ok(shown.to_owned()));
        }
    }

    #[test]
    fn different_numbers_are_different(one in "[0-9A-F]{1,6}", other in "[0-9A-F]{1,6}") {
        let number = |text: &str| u32::from_str_radix(text, 16).expect("a number");
        let equal = number(&one) == number(&other);
        prop_assert_eq!(Serial::new(&one) == Serial::new(&other), equal);
    }

    #[test]
    fn nothing_else_is_a_serial(any in text(12)) {
        let hexadecimal = !any.is_empty() && any.bytes().all(|b| b.is_ascii_hexdigit());
        prop_assert_eq!(Serial::new(&any).is_ok(), hexadecimal);
        prop_assert_eq!(KeyId::new(&any).is_ok(), hexadecimal);
    }

    #[test]
    fn ids_of_public_keys_are_exact(digits in "[0-9]{1,44}") {
        let id = KeyId::new(&format!("PUB_KEY_ID_{digits}")).expect("an id");
        let padded = KeyId::new(&format!("PUB_KEY_ID_0{digits}")).expect("an id");
        prop_assert_ne!(&padded, &id);
        prop_assert_eq!(KeyId::new(id.as_str()), Ok(id.clone()));
    }
}
