//! Which crate of the workspace may depend on which.

use super::finding::Finding;
use super::manifests::members;
use super::tree::Tree;

/// The arrows. A crate that is not here has none yet, and that is a finding too.
const ARROWS: [(&str, &[&str]); 8] = [
    ("wxpay-axum", &["wxpay-proto", "wxpay-types"]),
    ("wxpay-catalogue", &[]),
    (
        "wxpay-cli",
        &["wxpay-hyper", "wxpay-sim", "wxpay-types", "wxpay-proto"],
    ),
    ("wxpay-hyper", &["wxpay-proto"]),
    ("wxpay-proto", &[]),
    ("wxpay-sim", &["wxpay-proto", "wxpay-types"]),
    ("wxpay-types", &["wxpay-proto"]),
    ("xtask", &["wxpay-catalogue"]),
];
/// They hold the crates against each other, so they may see them all.
const SEE_ALL: [&str; 2] = ["wxpay-tests", "wxpay-every"];

pub(super) fn between_crates(tree: &Tree) -> Vec<Finding> {
    let members = match members(tree) {
        Ok(members) => members,
        Err(finding) => return vec![finding],
    };
    let mut findings = Vec::new();
    let held = |name: &str| !SEE_ALL.contains(&name);
    for member in members.iter().filter(|member| held(&member.name)) {
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == member.name) else {
            findings.push(Finding::new(
                &member.path,
                0,
                "a crate without arrows; decide what it may depend on",
            ));
            continue;
        };
        for dependency in member.dependencies() {
            let is_ours = members.iter().any(|other| other.name == dependency);
            if is_ours && !allowed.contains(&dependency.as_str()) {
                let message = format!("{} must not depend on {dependency}", member.name);
                findings.push(Finding::new(&member.path, 0, message));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: (&str, &str) = (
        "Cargo.toml",
        "[workspace]\nmembers = ['crates/wxpay-proto', 'crates/wxpay-types', 'crates/wxpay-new', 'tests']",
    );
    const TESTS: (&str, &str) = (
        "tests/Cargo.toml",
        "[package]\nname = 'wxpay-tests'\n[dependencies]\nwxpay-types.workspace = true",
    );

    fn found(proto: &str, types: &str, new: &str) -> Vec<String> {
        let tree = Tree::of([
            ROOT,
            TESTS,
            (
                "crates/wxpay-proto/Cargo.toml",
                &format!("[package]\nname = 'wxpay-proto'\n{proto}"),
            ),
            (
                "crates/wxpay-types/Cargo.toml",
                &format!("[package]\nname = 'wxpay-types'\n{types}"),
            ),
            (
                "crates/wxpay-new/Cargo.toml",
                &format!("[package]\nname = '{new}'"),
            ),
        ]);
        between_crates(&tree).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_known_arrows_pass() {
        let found = found(
            "[dependencies]\nserde = '1'",
            "[dependencies]\nwxpay-proto = '1'",
            "wxpay-axum",
        );
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn other_arrows_are_found_in_every_kind_of_dependency() {
        for section in [
            "dependencies",
            "dev-dependencies",
            "build-dependencies",
            "target.'cfg(unix)'.dependencies",
        ] {
            let proto = format!("[{section}]\nwxpay-types.workspace = true");
            let message = "crates/wxpay-proto/Cargo.toml: wxpay-proto must not depend on wxpay-types";
            assert_eq!(found(&proto, "", "wxpay-axum"), [message], "{section}");
        }
    }

    #[test]
    fn a_renamed_dependency_is_found() {
        let proto = "[dependencies]\nother = { package = 'wxpay-types', path = '../wxpay-types' }";
        assert_eq!(found(proto, "", "wxpay-axum").len(), 1);
    }

    #[test]
    fn a_crate_without_arrows_is_found() {
        let message = "crates/wxpay-new/Cargo.toml: a crate without arrows; decide what it may depend on";
        assert_eq!(found("", "", "wxpay-new"), [message]);
    }
}
