//! `cargo xtask features`: every feature compiles alone, and so does none at all.

use crate::run::{self, Task, cargo};

const CRATES: [&str; 3] = ["wxpay-axum", "wxpay-proto", "wxpay-types"];
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
    fn features_are_read_in_order_and_default_is_left_out() {
        let manifest = "[features]\ndefault = ['b']\nb = []\na = ['b']\n";
        assert_eq!(features(manifest).unwrap(), ["b", "a"]);
        assert_eq!(features("[package]\nname = 'x'\n").unwrap(), [""; 0]);
    }
}
