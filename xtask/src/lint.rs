//! `cargo xtask lint`: everything that can be said about the sources without running them.

use std::process::Stdio;

use crate::core_tree;
use crate::rules;
use crate::run::{self, Task, cargo};

const CLIPPY: [&str; 8] = [
    "clippy",
    "--workspace",
    "--exclude",
    "wxpay-every",
    "--all-targets",
    "--",
    "-D",
    "warnings",
];
/// Every family, and the tests that compile them.
const CLIPPY_EVERY: [&str; 7] = ["clippy", "--workspace", "--test", "every", "--", "-D", "warnings"];
/// The core is also linted as others build it: with both backends, and with AWS-LC alone.
const CLIPPY_BOTH: [&str; 8] = [
    "clippy",
    "-p",
    "wxpay-proto",
    "--all-targets",
    "--all-features",
    "--",
    "-D",
    "warnings",
];
const CLIPPY_AWS: [&str; 10] = [
    "clippy",
    "-p",
    "wxpay-proto",
    "--all-targets",
    "--no-default-features",
    "--features",
    "aws-lc-rs",
    "--",
    "-D",
    "warnings",
];
const DOC: [&str; 6] = [
    "doc",
    "--workspace",
    "--exclude",
    "wxpay-every",
    "--no-deps",
    "--document-private-items",
];

/// All steps run even when one fails: whoever fixes things wants the whole list.
pub(crate) fn run() -> Result<(), String> {
    let mut task = Task::start("lint");
    task.step("project rules", 10, rules::run);
    task.step("format", 10, || run::run(&mut cargo(["fmt", "--all", "--check"])));
    task.step("clippy", 200, || run::run(&mut cargo(CLIPPY)));
    task.step("clippy, both backends", 60, || run::run(&mut cargo(CLIPPY_BOTH)));
    task.step("clippy, only aws-lc-rs", 60, || run::run(&mut cargo(CLIPPY_AWS)));
    task.step("clippy, every family", 90, || run::run(&mut cargo(CLIPPY_EVERY)));
    task.step("documentation", 120, || {
        run::run(cargo(DOC).env("RUSTDOCFLAGS", "-D warnings"))
    });
    task.step("the core's tree", 10, core_tree::run);
    task.step("dependencies", 20, dependencies);
    task.finish()
}

/// cargo-deny's checks that need no network: bans, licences, sources.
fn dependencies() -> Result<(), String> {
    let installed = cargo(["deny", "--version"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !installed.is_ok_and(|status| status.success()) {
        return Err(
            "cargo-deny is not installed; install it with `cargo install cargo-deny --locked`".to_owned(),
        );
    }
    run::run(&mut cargo(["deny", "check", "bans", "licenses", "sources"]))
}
