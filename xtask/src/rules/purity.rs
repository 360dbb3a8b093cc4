//! The core and the types have no clock, no randomness, no environment and no I/O: all of it is an argument.

use super::code::without_comments;
use super::finding::Finding;
use super::tree::{Tree, numbered};

const PURE: [&str; 2] = ["crates/wxpay-proto/src/", "crates/wxpay-types/src/"];

const CLOCK: &str = "no clock here: take the time as an argument";
const CHANCE: &str = "no randomness here: take the generator or the nonce as an argument";
const OUTSIDE: &str = "no I/O, environment or runtime here: this belongs into the transport";

const BANNED: [(&str, &str); 10] = [
    ("SystemTime::now", CLOCK),
    ("Instant::now", CLOCK),
    ("rand::", CHANCE),
    ("getrandom", CHANCE),
    ("OsRng", CHANCE),
    ("thread_rng", CHANCE),
    ("std::env", OUTSIDE),
    ("std::net", OUTSIDE),
    ("std::fs", OUTSIDE),
    ("tokio", OUTSIDE),
];

/// Tests and generated files are held to it as well: nothing that a test of the core needs is missing in an argument.
pub(super) fn no_clock_no_chance_no_io(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.ends_with(".rs")) {
        if !PURE.iter().any(|folder| file.path.starts_with(folder)) {
            continue;
        }
        let code = without_comments(&file.text);
        // AWS-LC asks for its own generator even where a signature uses none.
        let is_aws_lc = code.contains("aws_lc_rs");
        for (line, text) in numbered(&code) {
            for (word, reason) in BANNED {
                if names(text, word) && !(is_aws_lc && word == "rand::") {
                    findings.push(Finding::new(&file.path, line, format!("`{word}`: {reason}")));
                }
            }
        }
    }
    findings
}

/// Whether the line names exactly this, and not a longer name that contains it.
fn names(line: &str, word: &str) -> bool {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(is_name) && (word.ends_with("::") || !after.is_some_and(is_name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_banned_word_is_found() {
        for (word, _) in BANNED {
            let text = format!("\nlet x = {word}();");
            let tree = Tree::of([("crates/wxpay-proto/src/a.rs", &text)]);
            let findings = no_clock_no_chance_no_io(&tree);
            assert_eq!(
                findings.iter().map(|finding| finding.line).collect::<Vec<_>>(),
                [2],
                "{word}"
            );
        }
    }

    #[test]
    fn comments_longer_names_other_crates_and_aws_lc_are_fine() {
        let tree = Tree::of([
            (
                "crates/wxpay-types/src/a.rs",
                "// SystemTime::now\nuse rsa::rand_core::RngCore; brand::x();",
            ),
            ("crates/wxpay-hyper/src/a.rs", "tokio::spawn(x)"),
            (
                "crates/wxpay-proto/src/b.rs",
                "use aws_lc_rs::rand::SystemRandom;",
            ),
        ]);
        assert_eq!(no_clock_no_chance_no_io(&tree), []);
    }
}
