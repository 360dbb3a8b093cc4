//! The benchmarks, each beside the bare primitive. What they say holds for one machine and one hour; the ratios are what
//! `docs/performance.md` keeps. Instructions and allocations are the same at every hour.

mod builds;
mod table;

use std::process::Command;

use crate::run::{self, Task, cargo, root};

/// The pieces of work of `tests/src/bin/instructions.rs`.
const WORK: [&str; 7] = [
    "sign",
    "sign-typed",
    "verify",
    "verify-bare",
    "open",
    "open-large",
    "v2",
];
/// How often each is done, the second time more often: the difference is the work alone. AWS-LC gathers entropy when a run
/// begins, more or less of it, which many times make small.
const TIMES: [u64; 2] = [10, 1010];

pub(crate) fn run() -> Result<(), String> {
    let mut task = Task::start("bench");
    for name in ["signing", "calls", "bills"] {
        task.step(name, 240, || {
            let mut benchmark = cargo(["bench", "-p", "wxpay-tests", "--bench", name]);
            run::run(benchmark.env("CRITERION_HOME", table::folder()))
        });
    }
    task.step("instructions", 300, instructions);
    task.step("table", 1, table::print);
    task.finish()
}

/// The table alone, of the last runs.
pub(crate) fn table() -> Result<(), String> {
    table::print()
}

/// Not a part of the others: it builds two applications from nothing.
pub(crate) fn builds() -> Result<(), String> {
    let mut task = Task::start("bench builds");
    task.step("builds", 600, builds::run);
    task.finish()
}

/// Counts what one time costs, by valgrind.
fn instructions() -> Result<(), String> {
    run::run(&mut cargo([
        "build",
        "--release",
        "-p",
        "wxpay-tests",
        "--bin",
        "instructions",
    ]))?;
    eprintln!("{:>12} {:>13} {:>12}", "", "instructions", "allocations");
    for work in WORK {
        let each = |tool, mark| {
            let [few, many] = TIMES.map(|times| count(tool, mark, work, times));
            Ok::<u64, String>((many?.saturating_sub(few?)) / (TIMES[1] - TIMES[0]))
        };
        // Callgrind writes "Collected : 123", and DHAT "Total: 1,234 bytes in 12 blocks".
        let (counted, blocks) = (each("callgrind", "Collected :")?, each("dhat", "Total:")?);
        eprintln!("{work:>12} {counted:>13} {blocks:>12}");
    }
    Ok(())
}

/// What a tool counts in one run: the last number on the line with the mark.
fn count(tool: &str, mark: &str, work: &str, times: u64) -> Result<u64, String> {
    let mut command = Command::new("valgrind");
    command
        .arg(format!("--tool={tool}"))
        .arg(format!("--{tool}-out-file=/dev/null"));
    command
        .arg(root().join("target/release/instructions"))
        .args([work, &times.to_string()]);
    let output = command
        .output()
        .map_err(|error| format!("valgrind did not start: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let line = text.lines().find_map(|line| Some(line.split_once(mark)?.1));
    let last = line.and_then(|line| {
        line.split_whitespace()
            .rfind(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    });
    let number = last.map(|word| word.replace(',', ""));
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| format!("{tool} counted nothing for {work}: {text}"))
}
