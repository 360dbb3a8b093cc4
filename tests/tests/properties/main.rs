//! What holds for all inputs. `WXPAY_CASES` says how many are tried.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

mod authorization;
mod backends;
mod clock;
mod determinism;
mod injective;
mod serials;
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

/// Any text of at most `most` characters: control characters, Chinese, emoji, and what has a meaning in addresses,
/// headers, XML and JSON oftener than chance would have it.
pub(crate) fn text(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(character(), 0..=most).prop_map(|characters| characters.into_iter().collect())
}

/// A character that somebody may have forgotten.
fn character() -> impl Strategy<Value = char> {
    let special: Vec<char> =
        "\0\t\n\r \"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09é微信😀\u{7f}\u{85}\u{2028}\u{FEFF}\u{FFFE}"
            .chars()
            .collect();
    prop_oneof![3 => any::<char>(), 4 => prop::sample::select(special)]
}

/// Any bytes, at most `most`.
pub(crate) fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..=most)
}
