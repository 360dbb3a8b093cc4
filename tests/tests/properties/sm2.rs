//! SM2 and SM4 (国密): what is signed verifies, what is sealed opens, and nothing else does.

use proptest::prelude::*;
use wxpay_proto::crypto::{
    Aead, Algorithm, Backend, CryptoError, Decryptor as _, Encryptor as _, Padding, Signature, Signer as _,
    Verifier as _,
};
use wxpay_proto::{ApiV3Key, Sensitive};
use wxpay_tests::journey::platform_id;
use wxpay_tests::keys::{private_key, public_key};

use crate::{bytes, config, text};

const KEYS: [&str; 2] = ["merchant_sm2", "platform_sm2"];
/// RSA's alone: no backend takes part here.
const BACKEND: Backend = Backend::AwsLc;

/// Entropy from a seed.
fn entropy(mut state: u64) -> impl FnMut(&mut [u8]) {
    move |bytes: &mut [u8]| {
        for byte in bytes {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

proptest! {
    // Curves cost more than microseconds.
    #![proptest_config(config(8))]

    #[test]
    fn what_is_signed_verifies(name in prop::sample::select(&KEYS[..]), message in bytes(200), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (key, public) = (private_key(name, BACKEND), public_key(name, BACKEND));
        let signature = key.sign(Algorithm::Sm2Sm3, &message).expect("a signature");
        let again = key.sign(Algorithm::Sm2Sm3, &message).expect("a signature");
        prop_assert_eq!(&again, &signature, "it draws nothing");
        prop_assert_eq!(public.verify(Algorithm::Sm2Sm3, &message, &signature), Ok(()));
        let other = KEYS.iter().find(|other| **other != name).expect("another key");
        prop_assert_eq!(public_key(other, BACKEND).verify(Algorithm::Sm2Sm3, &message, &signature), Err(CryptoError::Mismatch));

        let mut changed = signature.as_bytes().to_vec();
        let index = at.index(changed.len());
        changed[index] ^= 1 << bit;
        prop_assert_eq!(public.verify(Algorithm::Sm2Sm3, &message, &Signature::new(changed)), Err(CryptoError::Mismatch));
        let mut message = message;
        match message.is_empty() {
            true => message.push(bit),
            false => { let index = at.index(message.len()); message[index] ^= 1 << bit; }
        }
        prop_assert_eq!(public.verify(Algorithm::Sm2Sm3, &message, &signature), Err(CryptoError::Mismatch));
    }

    #[test]
    fn what_is_sealed_opens(plaintext in bytes(100), seed in any::<u64>(), at in any::<prop::sample::Index>(), bit in 0_u8..8) {
        let (key, public) = (private_key("merchant_sm2", BACKEND), public_key("merchant_sm2", BACKEND));
        let sealed = public.encrypt(Padding::OaepSha1, &plaintext, &mut entropy(seed)).expect("it seals");
        let opened = key.decrypt(Padding::OaepSha1, &sealed).expect("it opens");
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
        prop_assert!(key.decrypt(Padding::Pkcs1v15, &sealed).is_err());
        prop_assert!(private_key("platform_sm2", BACKEND).decrypt(Padding::OaepSha1, &sealed).is_err());
        let mut changed = sealed;
        let index = at.index(changed.len());
        changed[index] ^= 1 << bit;
        prop_assert_eq!(key.decrypt(Padding::OaepSha1, &changed).err(), Some(CryptoError::Decrypt));
    }

    #[test]
    fn a_sensitive_field_makes_the_round_trip(plaintext in text(400), seed in any::<u64>()) {
        let mut field = Sensitive::new(plaintext.clone());
        field.seal(&public_key("platform_sm2", BACKEND), &platform_id(), &mut entropy(seed)).expect("no length is too much");
        let text = serde_json::to_string(&field).expect("JSON");
        let mut read: Sensitive = serde_json::from_str(&text).expect("a text");
        read.open(&private_key("platform_sm2", BACKEND)).expect("it opens");
        prop_assert_eq!(read.expose(), Some(plaintext.as_str()));
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn nothing_panics(bytes in bytes(120), message in bytes(8)) {
        let public = public_key("merchant_sm2", BACKEND);
        prop_assert_eq!(private_key("merchant_sm2", BACKEND).decrypt(Padding::OaepSha1, &bytes).err(), Some(CryptoError::Decrypt));
        prop_assert_eq!(public.verify(Algorithm::Sm2Sm3, &message, &Signature::new(bytes)), Err(CryptoError::Mismatch));
    }

    #[test]
    fn sm4_opens_what_it_sealed(key in "[0-9A-Za-z]{32}", nonce in "[0-9A-Za-z]{1,20}", aad in text(10), plaintext in bytes(100), at in any::<prop::sample::Index>()) {
        let key = ApiV3Key::new(key).expect("a key");
        let sealed = Aead::Sm4Gcm.seal(&key, nonce.as_bytes(), aad.as_bytes(), &plaintext).expect("it seals");
        let opened = Aead::Sm4Gcm.open(&key, nonce.as_bytes(), aad.as_bytes(), &sealed).expect("it opens");
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
        prop_assert!(Aead::Aes256Gcm.open(&key, nonce.as_bytes(), aad.as_bytes(), &sealed).is_err());
        let mut changed = sealed;
        let index = at.index(changed.len());
        changed[index] ^= 1;
        prop_assert!(Aead::Sm4Gcm.open(&key, nonce.as_bytes(), aad.as_bytes(), &changed).is_err());
    }
}

/// Entropy that never gives a scalar ends in an error, not in a loop.
#[test]
fn broken_entropy_is_given_up() {
    for broken in [0, 0xff] {
        let sealed = public_key("merchant_sm2", BACKEND).encrypt(
            Padding::OaepSha1,
            b"x",
            &mut |bytes: &mut [u8]| bytes.fill(broken),
        );
        assert_eq!(sealed, Err(CryptoError::Encrypt));
    }
}
