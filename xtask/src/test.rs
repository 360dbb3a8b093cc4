//! `cargo xtask test`: every test there is, by plain `cargo test`, so that Rust is all a machine needs.

use crate::codegen;
use crate::run::{self, Task, cargo};

/// How many cases a randomised test tries, unless the caller says otherwise. `cargo xtask soak` tries many more.
const CASES: &str = "64";

pub(crate) fn run() -> Result<(), String> {
    let cases = std::env::var("WXPAY_CASES").unwrap_or_else(|_| CASES.to_owned());
    let mut task = Task::start("test");
    task.step("generated code is up to date", 30, || {
        codegen::run(codegen::Mode::Check)
    });
    // Built apart from the run, so that a slow compiler and a slow test are told apart.
    let build = ["test", "--workspace", "--all-targets", "--no-run"];
    if task.step("build", 540, || run::run(&mut cargo(build))) {
        let tests = ["test", "--workspace", "--all-targets"];
        task.step("tests", 420, || run::run(cargo(tests).env("WXPAY_CASES", &cases)));
        // `--all-targets` leaves these out.
        task.step("documentation tests", 120, || {
            run::run(&mut cargo(["test", "--workspace", "--doc"]))
        });
    }
    task.finish()
}
