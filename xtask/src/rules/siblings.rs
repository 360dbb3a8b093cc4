//! Inside the core, `v2` and `v3` are siblings that never import each other.

use super::code::shipped;
use super::finding::Finding;
use super::imports::imports;
use super::tree::Tree;

const CORE: &str = "crates/wxpay-proto/src/";

pub(super) fn v2_and_v3_stay_apart(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.hand_written() {
        let Some(inside) = file.path.strip_prefix(CORE) else {
            continue;
        };
        let other = match inside.split(['/', '.']).next() {
            Some("v2") => "v3",
            Some("v3") => "v2",
            _ => continue,
        };
        for import in imports(&shipped(&file.path, &file.text)) {
            let prefix = |segment: &&String| matches!(segment.as_str(), "crate" | "super");
            let climbs = import.segments.iter().take_while(prefix).count();
            if climbs > 0
                && import
                    .segments
                    .get(climbs)
                    .is_some_and(|segment| segment == other)
            {
                findings.push(Finding::new(
                    &file.path,
                    import.line,
                    format!("imports {other}; what both need belongs beside them"),
                ));
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sibling_is_not_imported() {
        let good = Tree::of([
            (
                "crates/wxpay-proto/src/v2.rs",
                "use crate::{protocol::P, v2::sign}; // crate::v3",
            ),
            (
                "crates/wxpay-proto/src/exchange.rs",
                "use crate::v3::A; use crate::v2::B;",
            ),
        ]);
        assert_eq!(v2_and_v3_stay_apart(&good), []);
        let bad = Tree::of([
            ("crates/wxpay-proto/src/v2.rs", "use crate::{v2::sign,\n v3::A};"),
            (
                "crates/wxpay-proto/src/v3/refusal.rs",
                "fn f() { super::super::v2::g() }",
            ),
        ]);
        let lines: Vec<usize> = v2_and_v3_stay_apart(&bad)
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [2, 1]);
    }
}
