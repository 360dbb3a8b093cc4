//! Same input, same bytes: nothing here has a clock or randomness of its own.

use bytes::Bytes;
use http::Method;
use proptest::prelude::*;
use wxpay_proto::crypto::{Backend, Signer};
use wxpay_proto::{Nonce, Operation, Protocol, Stamp, UnixTime, Unsigned, v2, v3};
use wxpay_tests::journey::{v2_credentials, v3_credentials};
use wxpay_tests::keys::{api_v2_key, private_key};

use crate::{bytes, config, text};

fn send<O: Operation>(
    operation: &O,
    credentials: &<O::Protocol as Protocol>::Credentials,
    stamp: &Stamp,
    signer: &impl Signer,
) -> Option<http::Request<Bytes>> {
    let unsigned = Unsigned::new(operation, credentials, stamp).ok()?;
    Some(unsigned.sign(signer).ok()?.into_parts().0)
}

fn same(one: &http::Request<Bytes>, other: &http::Request<Bytes>) -> bool {
    let head = (one.method(), one.uri(), one.headers(), one.body());
    head == (other.method(), other.uri(), other.headers(), other.body())
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (any::<i64>(), any::<[u8; 32]>())
        .prop_map(|(seconds, random)| Stamp::new(UnixTime::from_secs(seconds), Nonce::from_entropy(random)))
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn a_v3_request_is_the_same_every_time_and_by_either_backend(stamp in stamp(), target in "/[a-z?=&%]{0,12}", body in bytes(60)) {
        let call = v3::Call::new(Method::POST, target).body(body);
        let requests: Vec<_> = [Backend::ALL, Backend::ALL]
            .concat()
            .into_iter()
            .map(|backend| send(&call.clone(), &v3_credentials(), &stamp, &private_key("merchant_rsa", backend)))
            .collect();
        let first = requests[0].as_ref().expect("a request");
        for other in &requests {
            prop_assert!(same(first, other.as_ref().expect("a request")));
        }
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn a_v2_request_is_the_same_every_time(stamp in stamp(), body in text(20)) {
        let call = v2::Call::new("/pay/x").field("body", body).field("attach", "1");
        let one = send(&call, &v2_credentials(), &stamp, &api_v2_key());
        let other = send(&call.clone(), &v2_credentials(), &stamp.clone(), &api_v2_key());
        match (one, other) {
            (Some(one), Some(other)) => prop_assert!(same(&one, &other)),
            (None, None) => {}
            _ => return Err(TestCaseError::fail("sent once and refused once")),
        }
    }

    #[test]
    fn every_nonce_from_entropy_is_valid(random in any::<[u8; 32]>()) {
        let nonce = Nonce::from_entropy(random);
        prop_assert_eq!(nonce.as_str().len(), 32);
        prop_assert_eq!(Nonce::new(nonce.as_str()), Ok(nonce.clone()));
        prop_assert_eq!(Nonce::from_entropy(random), nonce);
    }

    #[test]
    fn different_entropy_is_seldom_the_same_nonce(random in any::<[u8; 32]>(), index in 0..32_usize, step in 1..32_u8) {
        // Five bits of each byte count.
        let mut other = random;
        other[index] = other[index].wrapping_add(step);
        prop_assert_ne!(Nonce::from_entropy(other), Nonce::from_entropy(random));
    }

    #[test]
    fn a_nonce_is_1_to_32_letters_and_digits(any in text(40).prop_union(text(3))) {
        let fits = (1..=32).contains(&any.len()) && any.bytes().all(|b| b.is_ascii_alphanumeric());
        prop_assert_eq!(Nonce::new(any).is_ok(), fits);
    }
}
