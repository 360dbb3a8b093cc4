//! Writing and reading `Authorization`.

use proptest::prelude::*;
use wxpay_proto::v3::{Authorization, Scheme};
use wxpay_tests::fuzz;

use crate::{config, text};

fn authorization() -> impl Strategy<Value = Authorization> {
    // Neither quotes nor commas: a signer writes digits, letters and base64, and a reader splits at both.
    let part = || "[^\",]{1,24}";
    (
        prop::sample::select(Scheme::ALL),
        part(),
        part(),
        part(),
        part(),
        part(),
    )
        .prop_map(
            |(scheme, identity, nonce_str, timestamp, serial_no, signature)| Authorization {
                scheme,
                identity,
                nonce_str,
                timestamp,
                serial_no,
                signature,
            },
        )
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_written_is_read(written in authorization()) {
        prop_assert_eq!(Authorization::parse(&written.to_string()), Ok(written));
    }

    #[test]
    fn the_order_of_the_pairs_and_blanks_do_not_matter(
        written in authorization(),
        order in Just([0, 1, 2, 3, 4]).prop_shuffle(),
        blanks in " {0,2}",
    ) {
        let text = written.to_string();
        let (scheme, pairs) = text.split_once(' ').expect("a blank");
        let pairs: Vec<&str> = pairs.split(',').collect();
        let shuffled = order.map(|index| pairs[index]).join(&format!(",{blanks}"));
        prop_assert_eq!(Authorization::parse(&format!("{scheme} {shuffled}")), Ok(written));
    }

    #[test]
    fn a_missing_or_repeated_pair_is_refused(written in authorization(), index in 0_usize..5) {
        let text = written.to_string();
        let (scheme, pairs) = text.split_once(' ').expect("a blank");
        let mut pairs: Vec<&str> = pairs.split(',').collect();
        pairs.push(pairs[index]);
        let twice = format!("{scheme} {}", pairs.join(","));
        prop_assert!(Authorization::parse(&twice).is_err(), "{}", twice);
        let repeated = pairs[index];
        pairs.retain(|pair| *pair != repeated);
        let without = format!("{scheme} {}", pairs.join(","));
        prop_assert!(Authorization::parse(&without).is_err(), "{}", without);
    }

    #[test]
    fn no_text_panics(any in text(60)) {
        fuzz::authorization(any.as_bytes());
    }

    #[test]
    fn no_text_that_looks_like_one_panics(any in "(WECHATPAY2-SHA256-RSA2048|WECHATPAY-BRAND-SHA256-RSA2048)? ?((mchid|brand_id|nonce_str|timestamp|serial_no|signature| )=?\"?[a1=\", ]{0,3}\"?,?){0,7}") {
        fuzz::authorization(any.as_bytes());
    }
}
