//! The core stays free of I/O all the way down: no runtime, no HTTP, no TLS, no random source in its tree.

use crate::run::cargo;

/// What must not be in the tree, wherever it would come from.
const BANNED: [&str; 5] = ["tokio", "hyper", "rustls", "getrandom", "ureq"];

/// Reads the core's tree, as a user of its default features gets it, development dependencies included.
pub(crate) fn run() -> Result<(), String> {
    let output = cargo(["tree", "-p", "wxpay-proto", "--prefix", "none"]).output();
    let output = output.map_err(|error| format!("cargo tree did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    match banned(&String::from_utf8_lossy(&output.stdout)).as_slice() {
        [] => Ok(()),
        found => Err(format!("wxpay-proto depends on {}", found.join(", "))),
    }
}

fn banned(tree: &str) -> Vec<String> {
    let names = tree.lines().filter_map(|line| line.split(' ').next());
    let mut found: Vec<_> = names
        .filter(|name| BANNED.iter().any(|banned| name.contains(banned)))
        .map(str::to_owned)
        .collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::banned;

    #[test]
    fn a_random_source_deep_in_the_tree_is_found() {
        let tree = "wxpay-proto v0.1.0 (/x)\nbase64 v0.23.1\ngetrandom v0.3.4\ntokio-util v0.7.0";
        assert_eq!(banned(tree), ["getrandom", "tokio-util"]);
        assert!(banned("wxpay-proto v0.1.0\nhttp v1.5.0\nhyphen v1.0.0").is_empty());
    }
}
