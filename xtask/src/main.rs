//! The workspace's own tasks: `cargo xtask <task>`.
//!
//! Every task is a list of timed steps (`run.rs`). A step over its budget is a warning, because machines differ;
//! a step that fails fails the task.

mod bench;
mod catalogue;
mod codegen;
mod core_tree;
mod features;
mod fuzz;
mod lint;
mod rules;
mod run;
mod soak;
mod test;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <task>

  codegen [--check]  the generated files of wxpay-types; with --check, whether they are stale;
                     with --accept-names, also when public names are gone
  catalogue diff OLD NEW
                     what changed between two folders of catalogue files, as a changelog
  test               every test: unit, integration, examples, documentation
  lint               format, clippy, documentation, project rules, dependencies
  rules              only the project rules: a second, for use while editing
  features           every feature of every crate compiles alone
  fuzz               cargo-fuzz on every target, WXPAY_FUZZ_SECONDS each
  soak               the randomised tests with many cases, calls over a spoiled way, the simulator killed,
                     then `fuzz` and `features`
  bench              the benchmarks, each beside the bare primitive, and their table (docs/performance.md)
  bench table        the table alone, of the last runs
  bench builds       a cold build of an application beside one on the bare set: seconds and crates
  help               this text
";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["codegen"] => codegen::run(codegen::Mode::Write),
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check),
        ["codegen", "--accept-names"] => codegen::run(codegen::Mode::AcceptNames),
        ["catalogue", "diff", old, new] => catalogue::diff(old, new),
        ["test"] => test::run(),
        ["lint"] => lint::run(),
        ["rules"] => rules::run(),
        ["features"] => features::run(),
        ["fuzz"] => fuzz::run(),
        ["soak"] => soak::run(),
        ["bench"] => bench::run(),
        ["bench", "table"] => bench::table(),
        ["bench", "builds"] => bench::builds(),
        [] | ["help" | "--help" | "-h"] => {
            eprint!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no such task: {}\n\n{HELP}", words.join(" "))),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}
