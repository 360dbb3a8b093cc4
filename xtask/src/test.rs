//! `cargo xtask test`: every test there is, by plain `cargo test`, so that Rust is all a machine needs.

use crate::run::{self, Task, cargo};
use crate::{codegen, features};

/// How many cases a randomised test tries, unless the caller says otherwise. `cargo xtask soak` tries many more.
const CASES: &str = "64";
/// The tests of all operations, which compile every family.
const EVERY: [&str; 4] = ["test", "--workspace", "--test", "every"];

pub(crate) fn run() -> Result<(), String> {
    let cases = std::env::var("WXPAY_CASES").unwrap_or_else(|_| CASES.to_owned());
    let mut task = Task::start("test");
    task.step("generated code is up to date", 30, || {
        codegen::run(codegen::Mode::Check)
    });
    // Built apart from the run, so that a slow compiler and a slow test are told apart. What compiles every family
    // comes last, so that everything else is built with the default families.
    let some = ["test", "--workspace", "--exclude", "wxpay-every"];
    let tests = || cargo(some.into_iter().chain(["--all-targets"]));
    if task.step("build", 420, || run::run(tests().arg("--no-run"))) {
        task.step("tests", 240, || run::run(tests().env("WXPAY_CASES", &cases)));
        // `--all-targets` leaves these out.
        task.step("documentation tests", 90, || run::run(cargo(some).arg("--doc")));
    }
    // For the whole workspace, so that what is compiled already serves here as well.
    if task.step("build of every family", 150, || {
        run::run(cargo(EVERY).arg("--no-run"))
    }) {
        let mut every = cargo(EVERY);
        every.env("WXPAY_CASES", &cases).args(["--", "--quiet"]);
        task.step("tests of every operation", 90, || run::run(&mut every));
    }
    task.step("no family, and those that changed", 60, features::changed);
    task.finish()
}
