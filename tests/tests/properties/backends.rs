//! The two backends are one: they sign alike, verify each other, and open what the other sealed.

use proptest::prelude::*;
use wxpay_proto::Sensitive;
use wxpay_proto::crypto::{Algorithm, Backend, CryptoError, Signer as _, Verifier as _};
use wxpay_tests::journey::platform_id;
use wxpay_tests::keys::{private_key, public_key};

use crate::{bytes, config, text};

const KEYS: [&str; 3] = ["merchant_rsa", "platform_rsa_old", "bank_rsa"];

/// A text of at most `most` bytes, often of exactly so many.
fn short_text(most: usize) -> impl Strategy<Value = String> {
    (text(230), any::<bool>()).prop_map(move |(text, fill)| {
        let mut short = String::new();
        for c in text.chars().take_while(|c| c.len_utf8() <= most) {
            if short.len() + c.len_utf8() <= most {
                short.push(c);
            }
        }
        if fill {
            short.extend(std::iter::repeat_n('a', most - short.len()));
        }
        short
    })
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn both_sign_alike_and_verify_each_other(name in prop::sample::select(&KEYS[..]), message in bytes(300)) {
        let mut signatures = Vec::new();
        for backend in Backend::ALL {
            let key = private_key(name, *backend);
            signatures.push(key.sign(Algorithm::RsaSha256, &message).expect("a signature"));
        }
        for signature in &signatures {
            prop_assert_eq!(signature, &signatures[0]);
            for backend in Backend::ALL {
                let public = public_key(name, *backend);
                prop_assert_eq!(public.verify(Algorithm::RsaSha256, &message, signature), Ok(()));
            }
        }
    }

    #[test]
    fn what_either_seals_both_open(plaintext in short_text(214), seed in any::<u64>()) {
        for sealing in Backend::ALL {
            let mut state = seed;
            let mut entropy = |bytes: &mut [u8]| {
                for byte in bytes {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    *byte = state.to_be_bytes()[0];
                }
            };
            let mut field = Sensitive::new(plaintext.clone());
            field.seal(&public_key("merchant_rsa", *sealing), &platform_id(), &mut entropy).expect("it fits");
            prop_assert_eq!(field.expose(), None);
            prop_assert_eq!(field.key(), Some(&platform_id()));
            let text = serde_json::to_string(&field).expect("JSON");
            for opening in Backend::ALL {
                let mut read: Sensitive = serde_json::from_str(&text).expect("a text");
                read.open(&private_key("merchant_rsa", *opening)).expect("it opens");
                prop_assert_eq!(read.expose(), Some(plaintext.as_str()));
                let mut other: Sensitive = serde_json::from_str(&text).expect("a text");
                prop_assert_eq!(other.open(&private_key("bank_rsa", *opening)), Err(CryptoError::Decrypt));
            }
        }
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn a_longer_text_is_refused_with_its_length(plaintext in "[a-z微]{215,260}") {
        for backend in Backend::ALL {
            let mut field = Sensitive::new(plaintext.clone());
            let key = public_key("merchant_rsa", *backend);
            let sealed = field.seal(&key, &platform_id(), &mut |_: &mut [u8]| {});
            prop_assert_eq!(sealed, Err(CryptoError::TooLong { bytes: plaintext.len(), limit: 214 }));
            prop_assert!(serde_json::to_string(&field).is_err(), "it must not be written");
        }
    }

    #[test]
    fn no_ciphertext_panics(text in "\\PC{0,30}|[A-Za-z0-9+/]{0,80}") {
        for backend in Backend::ALL {
            let mut field = Sensitive::new(text.clone());
            let opened = field.open(&private_key("merchant_rsa", *backend));
            prop_assert_eq!(opened, Err(CryptoError::Decrypt));
            prop_assert!(!field.is_writable());
        }
    }
}
