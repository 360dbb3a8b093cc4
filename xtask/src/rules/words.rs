//! Words that have no place in the sources.

use super::code::{shipped, without_comments};
use super::finding::Finding;
use super::tree::{Tree, numbered};

// The words are put together here, so that this file does not contain them.
const MACHINE_PATHS: [&str; 3] = [
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/fa", "rm/"),
];
const UNFINISHED: [&str; 5] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("#[ign", "ore"),
];
const ALLOW: [&str; 2] = [concat!("#[al", "low("), concat!("#![al", "low(")];

/// How far above a line its reason may stand.
const NEAR: usize = 3;

pub(super) fn no_machine_paths(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in &tree.files {
        for (line, text) in file.lines() {
            for word in MACHINE_PATHS.iter().filter(|word| text.contains(**word)) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{word}` exists on one machine only"),
                ));
            }
        }
    }
    findings
}

pub(super) fn nothing_unfinished(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.hand_written() {
        for (line, text) in file.lines() {
            for word in UNFINISHED.iter().filter(|word| text.contains(**word)) {
                findings.push(Finding::new(
                    &file.path,
                    line,
                    format!("`{word}`: finish it, or leave it out"),
                ));
            }
        }
    }
    findings
}

/// Clippy warns about panics everywhere; where one is expected, this asks why it cannot happen.
pub(super) fn panics_state_their_invariant(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.hand_written() {
        if !(file.path.starts_with("crates/") && file.path.contains("/src/")) {
            continue;
        }
        let text: Vec<&str> = file.text.lines().collect();
        for (line, code) in numbered(&shipped(&file.path, &file.text)) {
            if !code.contains(".unwrap()") && !code.contains(".expect(") {
                continue;
            }
            let near = &text[line.saturating_sub(NEAR + 1)..line];
            if !near.iter().any(|text| text.contains("Invariant:")) {
                let message = format!("a panic without a comment `Invariant: …` within {NEAR} lines above");
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

pub(super) fn no_allow(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.hand_written() {
        for (line, code) in numbered(&without_comments(&file.text)) {
            if ALLOW.iter().any(|word| code.contains(word)) {
                let message = "use `#[expect(…, reason = …)]`: it tells when it is no longer needed";
                findings.push(Finding::new(&file.path, line, message));
            }
        }
    }
    findings
}

pub(super) fn expectations_have_reasons(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.hand_written() {
        let code = without_comments(&file.text);
        for mark in ["#[expect(", "#![expect("] {
            for (at, _) in code.match_indices(mark) {
                let attribute = code[at..].split(']').next().unwrap_or_default();
                if !attribute.contains("reason =") {
                    let line = 1 + code[..at].matches('\n').count();
                    findings.push(Finding::new(&file.path, line, "an expectation without a reason"));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(findings: &[Finding]) -> Vec<usize> {
        findings.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn machine_paths_are_found_in_any_file() {
        let text = format!("a\nb {}x", MACHINE_PATHS[0]);
        let tree = Tree::of([("docs/a.md", &text), ("docs/b.md", "network/ root /working/")]);
        assert_eq!(lines(&no_machine_paths(&tree)), [2]);
    }

    #[test]
    fn unfinished_work_is_found() {
        for word in UNFINISHED {
            let text = format!("\n{word}");
            assert_eq!(
                lines(&nothing_unfinished(&Tree::of([("a.rs", &text)]))),
                [2],
                "{word}"
            );
            assert_eq!(nothing_unfinished(&Tree::of([("a.md", &text)])), []);
        }
    }

    #[test]
    fn a_panic_needs_its_invariant_nearby() {
        let path = "crates/c/src/a.rs";
        let good =
            "// Invariant: never empty.\n\n\nx.unwrap();\n/// y.unwrap()\n#[cfg(test)] mod t { z.unwrap() }";
        assert_eq!(panics_state_their_invariant(&Tree::of([(path, good)])), []);
        let bad = "// Invariant: never empty.\n\n\n\nx.unwrap();\ny.expect(\"z\");";
        assert_eq!(
            lines(&panics_state_their_invariant(&Tree::of([(path, bad)]))),
            [5, 6]
        );
        assert_eq!(
            panics_state_their_invariant(&Tree::of([("tests/tests/a.rs", bad)])),
            []
        );
    }

    #[test]
    fn attributes_expect_and_give_a_reason() {
        let bad = format!("{}dead_code)]\n#[expect(dead_code)]\n{}x)]", ALLOW[0], ALLOW[1]);
        let tree = Tree::of([("a.rs", bad.as_str())]);
        assert_eq!(lines(&no_allow(&tree)), [1, 3]);
        assert_eq!(lines(&expectations_have_reasons(&tree)), [2]);
        let good = Tree::of([(
            "a.rs",
            "#[expect(\n dead_code,\n reason = \"later [1]\"\n)]\nfn f() {}",
        )]);
        assert_eq!(expectations_have_reasons(&good), []);
    }
}
