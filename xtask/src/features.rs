//! `cargo xtask features`: every feature compiles alone, and so does none at all.

use std::collections::BTreeSet;
use std::process::Command;

use crate::run::{self, Task, cargo};

const CRATES: [&str; 5] = [
    "wxpay-axum",
    "wxpay-hyper",
    "wxpay-proto",
    "wxpay-sim",
    "wxpay-types",
];
/// Seconds for one feature, on top of a first step that compiles the dependencies.
const BUDGET: u64 = 20;

pub(crate) fn run() -> Result<(), String> {
    let mut task = Task::start("features");
    for name in CRATES {
        let path = run::root().join("crates").join(name).join("Cargo.toml");
        let manifest =
            std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        task.step(&format!("{name}, no feature"), 180, || check(name, None));
        for feature in features(&manifest)? {
            task.step(&format!("{name}, only {feature}"), BUDGET, || {
                check(name, Some(&feature))
            });
        }
    }
    task.finish()
}

/// Where the catalogue stands, seen from the workspace's folder.
const CATALOGUE: &str = "crates/wxpay-types/catalogue";

/// Compiles wxpay-types without a feature, and with each family alone whose catalogue file changed: since the branch
/// left the main line, or in the last commit when this is the main line.
///
/// What all families say together is compiled with the tests of every operation, so that families which did not
/// change cannot have become worse by much; `cargo xtask features` has them all.
pub(crate) fn changed() -> Result<(), String> {
    check("wxpay-types", None)?;
    for family in changed_families() {
        eprintln!("only {family}");
        check("wxpay-types", Some(&family))?;
    }
    Ok(())
}

/// The features of the catalogue files that changed; without git there are none.
fn changed_families() -> BTreeSet<String> {
    let head = git(&["rev-parse", "HEAD"]);
    let left = ["origin/main", "main"]
        .into_iter()
        .find_map(|main| git(&["merge-base", "HEAD", main]))
        .filter(|base| Some(base) != head.as_ref());
    let base = left.unwrap_or_else(|| "HEAD^".to_owned());
    let files = git(&["diff", "--name-only", &base, "--", CATALOGUE]).unwrap_or_default();
    files.lines().filter_map(feature).collect()
}

/// `v3-bill` for `crates/wxpay-types/catalogue/v3/bill.toml`; a file that is gone has no feature any more.
fn feature(path: &str) -> Option<String> {
    if !run::root().join(path).is_file() {
        return None;
    }
    let (protocol, family) = path
        .strip_prefix(CATALOGUE)?
        .strip_prefix('/')?
        .strip_suffix(".toml")?
        .split_once('/')?;
    match protocol {
        "events" => Some(protocol.to_owned()),
        _ => Some(format!("{protocol}-{family}")),
    }
}

/// What git says, when it is there and knows.
fn git(words: &[&str]) -> Option<String> {
    let mut git = Command::new("git");
    let said = git.args(words).current_dir(run::root()).output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    said.status.success().then(|| text.trim().to_owned())
}

fn check(package: &str, feature: Option<&str>) -> Result<(), String> {
    let mut command = cargo(["clippy", "--quiet", "-p", package, "--no-default-features"]);
    command.args(feature.map(|name| format!("--features={name}")));
    // Clippy rather than check: what a missing feature leaves behind is mostly an unused import, which is a warning.
    run::run(command.args(["--", "-D", "warnings"]))
}

/// The features of a manifest, without the default set.
fn features(manifest: &str) -> Result<Vec<String>, String> {
    let manifest: toml::Table = manifest.parse().map_err(|error| format!("{error}"))?;
    let table = manifest.get("features").and_then(toml::Value::as_table);
    Ok(table
        .into_iter()
        .flat_map(toml::Table::keys)
        .filter(|name| !matches!(name.as_str(), "default" | "full"))
        .cloned()
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalogue_file_names_its_feature() {
        let named = |name: &str| feature(&format!("{CATALOGUE}/{name}"));
        assert_eq!(named("v3/bill.toml").as_deref(), Some("v3-bill"));
        assert_eq!(named("events/v3.toml").as_deref(), Some("events"));
        assert_eq!(named("v3/no-such-family.toml"), None);
        assert_eq!(named("index.toml"), None);
        assert_eq!(named("names.txt"), None);
        assert_eq!(feature("crates/wxpay-types/Cargo.toml"), None);
    }

    #[test]
    fn features_are_read_in_order_and_default_is_left_out() {
        let manifest = "[features]\ndefault = ['b']\nb = []\na = ['b']\n";
        assert_eq!(features(manifest).unwrap(), ["b", "a"]);
        assert_eq!(features("[package]\nname = 'x'\n").unwrap(), [""; 0]);
    }
}
