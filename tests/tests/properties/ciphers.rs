//! The laws of AES-GCM and AES-ECB, held against the ready-made composition where there is one.

use aes_gcm::aead::consts::{U1, U12, U16, U31};
use aes_gcm::aead::generic_array::{ArrayLength, GenericArray};
use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, KeyInit as _};
use proptest::prelude::*;
use wxpay_proto::crypto::aes::{open_ecb, open_gcm, seal_ecb, seal_gcm};
use wxpay_proto::crypto::{Aead, CryptoError};
use wxpay_tests::keys::api_v3_key;

use crate::{bytes, config, text};

/// The same by the crate that fixes the nonce's length in its type.
fn reference<N: ArrayLength<u8>>(key: &[u8; 32], nonce: &[u8], aad: &[u8], msg: &[u8]) -> Vec<u8> {
    AesGcm::<Aes256, N>::new(key.into())
        .encrypt(GenericArray::from_slice(nonce), Payload { msg, aad })
        .expect("a short text")
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn gcm_is_the_ready_made_one(key: [u8; 32], nonce: [u8; 31], aad in bytes(40), plaintext in bytes(70)) {
        let ours = |length: usize| seal_gcm(&key, &nonce[..length], &aad, &plaintext).expect("sealed");
        prop_assert_eq!(ours(1), reference::<U1>(&key, &nonce[..1], &aad, &plaintext));
        prop_assert_eq!(ours(12), reference::<U12>(&key, &nonce[..12], &aad, &plaintext));
        prop_assert_eq!(ours(16), reference::<U16>(&key, &nonce[..16], &aad, &plaintext));
        prop_assert_eq!(ours(31), reference::<U31>(&key, &nonce, &aad, &plaintext));
    }

    #[test]
    fn gcm_opens_what_it_sealed_and_nothing_else(
        key: [u8; 32],
        nonce in bytes(70),
        aad in bytes(40),
        plaintext in bytes(70),
        index: prop::sample::Index,
    ) {
        let sealed = seal_gcm(&key, &nonce, &aad, &plaintext);
        if nonce.is_empty() {
            prop_assert_eq!(sealed, Err(CryptoError::EmptyNonce));
            prop_assert_eq!(open_gcm(&key, &nonce, &aad, &[0; 16]), Err(CryptoError::EmptyNonce));
            return Ok(());
        }
        let mut sealed = sealed.expect("sealed");
        prop_assert_eq!(sealed.len(), plaintext.len() + 16);
        let opened = open_gcm(&key, &nonce, &aad, &sealed).expect("opened");
        prop_assert_eq!(opened.as_slice(), plaintext);
        let longer = [&aad[..], b"\0"].concat();
        prop_assert_eq!(open_gcm(&key, &nonce, &longer, &sealed), Err(CryptoError::Decrypt));
        let longer = [&nonce[..], b"\0"].concat();
        prop_assert_eq!(open_gcm(&key, &longer, &aad, &sealed), Err(CryptoError::Decrypt));
        let bit = index.index(sealed.len() * 8);
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(open_gcm(&key, &nonce, &aad, &sealed), Err(CryptoError::Decrypt));
        sealed[bit / 8] ^= 1 << (bit % 8);
        let mut other = key;
        other[index.index(32)] ^= 1;
        prop_assert_eq!(open_gcm(&other, &nonce, &aad, &sealed), Err(CryptoError::Decrypt));
        sealed.truncate(index.index(sealed.len()));
        prop_assert_eq!(open_gcm(&key, &nonce, &aad, &sealed), Err(CryptoError::Decrypt));
    }

    #[test]
    fn ecb_opens_what_it_sealed(key: [u8; 32], plaintext in bytes(70)) {
        let sealed = seal_ecb(&key, &plaintext);
        // There is always padding, a whole block of it behind a whole block.
        prop_assert_eq!(sealed.len(), plaintext.len() / 16 * 16 + 16);
        let opened = open_ecb(&key, &sealed).expect("opened");
        prop_assert_eq!(opened.as_slice(), plaintext);
        // The weakness that gives it its name: the same block is the same ciphertext.
        let twice = seal_ecb(&key, &[[7; 16], [7; 16]].concat());
        prop_assert_eq!(&twice[..16], &twice[16..32]);
    }

    #[test]
    fn no_ciphertext_panics(key: [u8; 32], nonce in bytes(20), aad in bytes(20), sealed in bytes(70)) {
        let _ = open_gcm(&key, &nonce, &aad, &sealed);
        if let Ok(plaintext) = open_ecb(&key, &sealed) {
            prop_assert_eq!(seal_ecb(&key, &plaintext), sealed);
        }
    }

    #[test]
    fn texts_are_opened_by_the_algorithm_of_their_name(nonce in text(9), aad in text(9), plaintext in text(40), other in text(4)) {
        for aead in Aead::ALL {
            prop_assert_eq!(Aead::find(aead.name()), Ok(*aead));
            let Ok(sealed) = aead.seal_base64(&api_v3_key(), &nonce, &aad, plaintext.as_bytes()) else {
                prop_assert!(nonce.is_empty());
                continue;
            };
            let opened = aead.open_base64(&api_v3_key(), &nonce, &aad, &sealed).expect("opened");
            prop_assert_eq!(opened.as_slice(), plaintext.as_bytes());
        }
        prop_assert_eq!(Aead::find(&other), Err(CryptoError::UnsupportedCipher { found: other }));
    }
}
