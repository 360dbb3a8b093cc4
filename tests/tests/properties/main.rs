//! What holds for all inputs. `WXPAY_CASES` says how many are tried.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod authorization;
mod backends;
mod bills;
mod certificates;
mod ciphers;
mod clock;
mod determinism;
mod files;
mod front_end;
mod injective;
mod migration;
mod multipart;
mod notifications;
mod p12;
mod serials;
mod sm2;
mod tampered;
mod texts;
mod times;
mod total;
mod v2_messages;
mod v3_requests;
mod xml;

use proptest::prelude::*;
use proptest::test_runner::Config;
use wxpay_tests::cases::cases;

/// As many cases as asked for, or a fraction of them for what costs more than microseconds.
///
/// A failing case is printed in its smallest form; keep it as a test of its own.
pub(crate) fn config(cost: u32) -> Config {
    Config {
        cases: cases(cost),
        failure_persistence: None,
        ..Config::default()
    }
}

/// Any text of at most `most` parts: control characters, Chinese, emoji, and what has a meaning in addresses, headers,
/// XML and JSON oftener than chance would have it.
pub(crate) fn text(most: usize) -> impl Strategy<Value = String> {
    let special = "\0\t\n\r \"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09é微信😀\u{7f}\u{85}\u{2028}\u{FEFF}\u{FFFE}";
    let special: Vec<char> = special.chars().collect();
    // Texts that mean something else when they are read once more.
    let encoded = vec![
        "%41", "%2F", "%00", "%e5", "{path}", "\\u0041", "&amp;", "]]>", "..", "//",
    ];
    let part = prop_oneof![
        6 => any::<char>().prop_map(String::from),
        8 => prop::sample::select(special).prop_map(String::from),
        1 => prop::sample::select(encoded).prop_map(String::from),
    ];
    prop::collection::vec(part, 0..=most).prop_map(|parts| parts.concat())
}

/// Any bytes, at most `most`.
pub(crate) fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=most)
}
