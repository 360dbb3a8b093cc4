//! v2's message and signature.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wxpay_proto::VerifyError;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Call, Fields, canonical, sign, verify_sign, xml};
use wxpay_proto::{Pending, Unsigned};
use wxpay_tests::journey::{now, stamp, unsigned_answer, v2_credentials};
use wxpay_tests::keys::api_v2_key;

use crate::{config, text};

/// Names as v2 has them; `sign` never.
fn name() -> impl Strategy<Value = String> {
    "[A-Za-z_][A-Za-z0-9_.$-]{0,8}".prop_filter("not sign", |name| name != "sign")
}

fn fields() -> impl Strategy<Value = Fields> {
    prop::collection::btree_map(name(), text(12), 1..8)
}

fn algorithm() -> impl Strategy<Value = Algorithm> {
    prop::sample::select(vec![Algorithm::Md5, Algorithm::HmacSha256])
}

fn message(pairs: &[(String, String)]) -> String {
    canonical::message(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn order_empty_fields_and_sign_do_not_count(
        (ordered, shuffled) in fields().prop_flat_map(|fields| {
            let pairs: Vec<_> = fields.into_iter().collect();
            (Just(pairs.clone()), Just(pairs).prop_shuffle())
        }),
        empty in prop::collection::btree_set(name(), 0..4),
        signature in text(8),
    ) {
        let mut more = shuffled;
        // A name that has a value stays as it is.
        let new = empty.into_iter().filter(|name| ordered.iter().all(|(known, _)| known != name));
        more.extend(new.map(|name| (name, String::new())));
        more.insert(0, ("sign".to_owned(), signature));
        prop_assert_eq!(message(&more), message(&ordered));
    }

    #[test]
    fn the_message_is_the_sorted_pairs(fields in fields()) {
        let pairs: Vec<_> = fields.clone().into_iter().collect();
        let wanted: Vec<String> =
            fields.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| format!("{name}={value}")).collect();
        prop_assert_eq!(message(&pairs), wanted.join("&"));
    }

    #[test]
    fn what_is_signed_verifies(mut fields in fields(), algorithm in algorithm()) {
        let signature = sign(&fields, algorithm, &api_v2_key()).expect("a signature");
        fields.insert("sign".to_owned(), signature.clone());
        prop_assert_eq!(verify_sign(&fields, &api_v2_key()), Ok(algorithm));
        // Small letters are another text.
        let small = signature.to_lowercase();
        if small != signature {
            fields.insert("sign".to_owned(), small);
            let refused = matches!(verify_sign(&fields, &api_v2_key()), Err(VerifyError::Mismatch { .. }));
            prop_assert!(refused);
        }
    }

    #[test]
    fn one_changed_character_is_noticed(
        fields in fields(),
        algorithm in algorithm(),
        index: prop::sample::Index,
        new in any::<char>(),
    ) {
        let signature = sign(&fields, algorithm, &api_v2_key()).expect("a signature");
        let mut fields = fields;
        fields.insert("sign".to_owned(), signature);
        let pick = index.index(fields.len());
        let (name, value) = fields.iter().nth(pick).map(|(name, value)| (name.clone(), value.clone())).expect("a field");
        let mut characters: Vec<char> = value.chars().collect();
        if characters.is_empty() {
            characters.push(new);
        } else {
            let at = index.index(characters.len());
            prop_assume!(characters[at] != new);
            characters[at] = new;
        }
        fields.insert(name, characters.into_iter().collect());
        prop_assert!(verify_sign(&fields, &api_v2_key()).is_err());
    }

    #[test]
    fn a_left_out_or_added_field_is_noticed(mut fields in fields(), algorithm in algorithm(), extra in name()) {
        fields.retain(|_, value| !value.is_empty());
        let signature = sign(&fields, algorithm, &api_v2_key()).expect("a signature");
        let mut more = fields.clone();
        more.insert(extra.clone(), "x".to_owned());
        more.insert("sign".to_owned(), signature.clone());
        let same = fields.get(&extra).is_some_and(|value| value == "x");
        prop_assert_eq!(verify_sign(&more, &api_v2_key()).is_ok(), same);
        for name in fields.keys() {
            let mut fewer = fields.clone();
            fewer.remove(name);
            fewer.insert("sign".to_owned(), signature.clone());
            prop_assert!(verify_sign(&fewer, &api_v2_key()).is_err());
        }
    }

    #[test]
    fn what_is_sent_is_what_is_signed(fields in prop::collection::btree_map("[a-z_]{1,8}", text(12), 0..6)) {
        let mut call = Call::new("/pay/x");
        for (name, value) in &fields {
            call = call.field(name.clone(), value.clone());
        }
        let Ok(unsigned) = Unsigned::new(&call, &v2_credentials(), &stamp()) else {
            // Another merchant's number or an unknown algorithm, which a random text is.
            let special = ["mch_id", "mchid", "combine_mch_id", "sign_type"];
            prop_assert!(special.iter().any(|name| fields.contains_key(*name)));
            return Ok(());
        };
        let (algorithm, signed) = (unsigned.algorithm(), unsigned.message().to_vec());
        let signed_by_key = wxpay_proto::crypto::Signer::sign(&api_v2_key(), algorithm, &signed).expect("a signature");
        match unsigned.attach(&signed_by_key) {
            Ok(request) => {
                let sent = xml::read(request.request().body()).expect("XML");
                let pairs: Vec<_> = sent.clone().into_iter().collect();
                let again = message(&pairs);
                prop_assert_eq!(again.as_bytes(), &signed[..]);
                prop_assert_eq!(verify_sign(&sent, &api_v2_key()), Ok(algorithm));
            }
            // Only what XML cannot hold is not sent.
            Err(_) => prop_assert!(fields.values().any(|value| !crate::xml::representable(value))),
        }
    }

    /// Whatever one flipped bit makes of a signed body: if it still verifies, it still says the same.
    #[test]
    fn one_flipped_bit_of_a_body_changes_nothing_that_counts(
        fields in prop::collection::btree_map("[a-z_]{1,8}", "[ -~微]{0,12}", 1..5),
        index: prop::sample::Index,
    ) {
        let mut fields: BTreeMap<String, String> = fields;
        fields.insert("return_code".to_owned(), "SUCCESS".to_owned());
        fields.remove("result_code");
        let signature = sign(&fields, Algorithm::HmacSha256, &api_v2_key()).expect("a signature");
        fields.insert("sign".to_owned(), signature);
        let mut body = xml::write(&fields).expect("XML").into_bytes();
        let bit = index.index(body.len() * 8);
        body[bit / 8] ^= 1 << (bit % 8);
        let call = Call::new("/pay/x");
        let unsigned = Unsigned::new(&call, &v2_credentials(), &stamp()).expect("a request");
        let signature = wxpay_proto::crypto::Signature::new([0; 32]);
        let (_, pending): (_, Pending<Call>) = unsigned.attach(&signature).expect("a request").into_parts();
        if let Ok(answer) = pending.receive(unsigned_answer(200, body)).verify(&api_v2_key(), now()) {
            // `Call` takes answers without a signature too; such a one is told apart by its type.
            if let Some(verified) = answer.verified() {
                let said = |fields: &Fields| message(&fields.clone().into_iter().collect::<Vec<_>>());
                prop_assert_eq!(said(&verified.fields), said(&fields));
            }
        }
    }
}
