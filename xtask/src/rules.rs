//! The project's own rules: what neither the compiler nor clippy can know.
//!
//! A rule is a function from the sources to its findings. Each has tests with a good and a bad sample, so that every
//! rule has been seen to fail.

mod arrows;
mod code;
mod cycles;
mod finding;
mod imports;
mod manifests;
mod purity;
mod shape;
mod siblings;
mod surface;
mod tree;
mod words;

use crate::run;
use finding::Finding;
use tree::Tree;

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: [Rule; 14] = [
    arrows::between_crates,
    cycles::within_a_crate,
    manifests::lints_are_inherited,
    manifests::clippy_settings_are_repeated,
    purity::no_clock_no_chance_no_io,
    shape::files_are_short,
    shape::folders_are_known,
    siblings::v2_and_v3_stay_apart,
    surface::nothing_underneath_shows,
    words::no_machine_paths,
    words::nothing_unfinished,
    words::panics_state_their_invariant,
    words::no_allow,
    words::expectations_have_reasons,
];

/// Holds every rule against the workspace and prints what it finds.
pub(crate) fn run() -> Result<(), String> {
    let tree = Tree::read(&run::root())?;
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&tree)).collect();
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    match findings.len() {
        0 => Ok(()),
        count => Err(format!("{count} findings")),
    }
}
