//! The laws of a migration from key to key.

use proptest::prelude::*;
use wxpay_proto::KeyId;
use wxpay_proto::v3::Migration;
use wxpay_proto::v3::migration::{SeenIn, SeenKeys, Share};

use crate::{config, text};

fn keys() -> (KeyId, KeyId) {
    let key = |text| KeyId::new(text).expect("a key's id");
    (
        key("0C4AEF34B89340881BB2B25226393DC2"),
        key("PUB_KEY_ID_0119000072912024"),
    )
}

fn share() -> impl Strategy<Value = Share> {
    prop_oneof![
        0..=10_000_u16,
        prop::sample::select(vec![0, 1, 2, 100, 5_000, 9_999, 10_000])
    ]
    .prop_map(Share::per_10000)
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn of_any_10000_in_a_row_exactly_the_share_is_taken(share in share(), start in 0..u64::MAX - 10_000) {
        let taken = (start..start + 10_000).filter(|number| share.takes(*number)).count();
        prop_assert_eq!(taken, usize::from(share.as_per_10000()));
    }

    #[test]
    fn of_fewer_in_a_row_about_the_share_is_taken(share in share(), start in 0..u64::MAX - 10_000, count in 1..10_000_u64) {
        let taken = (start..start + count).filter(|number| share.takes(*number)).count() as f64;
        let wanted = count as f64 * f64::from(share.as_per_10000()) / 10_000.0;
        prop_assert!((taken - wanted).abs() < 6.0, "{} of {}", taken, wanted);
    }

    #[test]
    fn a_greater_share_takes_what_a_smaller_one_takes(one in share(), other in share(), start: u64) {
        let (less, more) = (one.min(other), one.max(other));
        for number in start..start.saturating_add(1_000) {
            prop_assert!(!less.takes(number) || more.takes(number));
        }
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn a_policy_is_a_function_of_operation_and_number(all in share(), own in share(), name in text(4), other in text(4), number: u64) {
        let (from, to) = keys();
        let mut policy = Migration::new(from.clone(), to.clone());
        prop_assert_eq!(policy.key(&name, number), &from);
        policy.set_share(all).expect("it runs");
        policy.set_share_of(name.clone(), own).expect("it runs");
        let expected = |share: Share| if share.takes(number) { &to } else { &from };
        prop_assert_eq!(policy.key(&name, number), expected(own));
        if name != other {
            prop_assert_eq!(policy.key(&other, number), expected(all));
        }
        prop_assert_eq!(policy.is_complete(), all == Share::ALL && own == Share::ALL);
        // Stopped, it stays as it is and cannot be changed; resumed, it can.
        let running = policy.clone();
        policy.stop();
        prop_assert_eq!(policy.key(&name, number), running.key(&name, number));
        prop_assert!(policy.set_share(Share::ALL).is_err() && policy.set_share_of(other.clone(), Share::ALL).is_err());
        // Rolled back, everything is as before the beginning; stopping does not undo that, resuming does.
        policy.roll_back();
        policy.stop();
        prop_assert_eq!(policy.key(&name, number), &from);
        prop_assert!(!policy.is_complete() && policy.set_share(all).is_err());
        policy.resume();
        prop_assert_eq!(&policy, &running);
        policy.set_share(Share::ALL).expect("it runs");
        prop_assert_eq!(policy.share_of(&name), own);
    }

    #[test]
    fn a_report_counts_what_was_recorded(seen in prop::collection::vec((0..3_usize, 0..2_usize, "[a-c]"), 0..40)) {
        let (from, to) = keys();
        let places = [SeenIn::Request, SeenIn::Answer, SeenIn::Notification];
        let (mut first, mut second) = (SeenKeys::new(), SeenKeys::new());
        for (index, (place, key, name)) in seen.iter().enumerate() {
            let report = if index % 2 == 0 { &mut first } else { &mut second };
            report.record(places[*place], name, [&from, &to][*key]);
        }
        first.add(&second);
        for (at, place) in places.into_iter().enumerate() {
            for (index, key) in [&from, &to].into_iter().enumerate() {
                let wanted = seen.iter().filter(|(place, key, _)| (*place, *key) == (at, index)).count();
                prop_assert_eq!(first.total(place, key), wanted as u64);
            }
        }
        let rows: u64 = first.rows().map(|(_, _, _, count)| count).sum();
        prop_assert_eq!(rows, seen.len() as u64);
        prop_assert_eq!(first.to_string().lines().count(), first.rows().count());
    }
}
