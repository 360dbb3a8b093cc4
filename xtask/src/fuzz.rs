//! Runs cargo-fuzz over every target of `tests/fuzz`, each for a bounded time and as many at once as there are
//! processors, where cargo-fuzz is there to run.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::{panic, thread};

use crate::run::{self, cargo, root};

/// How long each target runs, unless the caller says otherwise.
const SECONDS: &str = "120";

/// Fuzzes, or says that it did not: a machine without cargo-fuzz is no failure, but nobody shall take it for a success.
pub(crate) fn run() -> Result<(), String> {
    if !works(cargo(["fuzz", "--version"])) {
        eprintln!("fuzzing … DID NOT RUN: there is no cargo-fuzz (`cargo install cargo-fuzz --locked`)");
        return Ok(());
    }
    let nightly = works(Command::new("cargo").args(["+nightly", "--version"]));
    if nightly {
        eprintln!("fuzzing with the nightly toolchain");
    } else {
        eprintln!(
            "fuzzing with this toolchain: there is no nightly one, so its compiler is told to take a nightly's switches \
             (RUSTC_BOOTSTRAP=1)"
        );
    }
    let seconds = std::env::var("WXPAY_FUZZ_SECONDS").unwrap_or_else(|_| SECONDS.to_owned());
    let (fuzz, work) = (root().join("tests/fuzz"), root().join("target/fuzz"));
    let seeds = work.join("seeds");
    let example = ["run", "-p", "wxpay-tests", "--example", "fuzz_seeds", "--"];
    run::run(cargo(example).arg(&seeds))?;
    // Built before, so that the runs do not wait for one another's build.
    let target_dir = work.join("target");
    run::run(in_folders(&mut fuzzer(nightly), "build", &fuzz, &target_dir))?;
    let waiting = Mutex::new(targets(&fuzz.join("fuzz_targets"))?);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let one_after_another = || {
        let mut failed = Vec::new();
        while let Some(target) = next() {
            let (found, crashes) = (work.join("found").join(&target), work.join("crashes"));
            for folder in [&found, &crashes] {
                fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
            }
            let mut command = fuzzer(nightly);
            in_folders(&mut command, "run", &fuzz, &target_dir)
                .arg(&target)
                // What is found goes into the first folder; the others are only read.
                .args([&found, &fuzz.join("corpus").join(&target), &seeds.join(&target)])
                .args(["--", "-timeout=30", &format!("-max_total_time={seconds}")])
                .arg(format!("-artifact_prefix={}/{target}-", crashes.display()));
            if let Err(message) = run::run(&mut command) {
                eprintln!("FAILED: {message}; the input is in {}", crashes.display());
                failed.push(target);
            }
        }
        Ok::<_, String>(failed)
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    let failed: Result<Vec<Vec<String>>, String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(one_after_another)).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended
            .map(|outcome| outcome.unwrap_or_else(|panicked| panic::resume_unwind(panicked)))
            .collect()
    });
    let failed = failed?.concat();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!("the fuzzer found something in: {}", failed.join(", "))),
    }
}

/// Where cargo-fuzz finds its targets, and where it builds them.
fn in_folders<'a>(command: &'a mut Command, task: &str, fuzz: &Path, target_dir: &Path) -> &'a mut Command {
    command.args(["fuzz", task, "--fuzz-dir"]).arg(fuzz);
    command.arg("--target-dir").arg(target_dir)
}

fn fuzzer(nightly: bool) -> Command {
    if nightly {
        let mut command = Command::new("cargo");
        command.arg("+nightly").current_dir(root());
        return command;
    }
    let mut command = cargo([]);
    command.env("RUSTC_BOOTSTRAP", "1");
    command
}

fn works(mut command: impl std::borrow::BorrowMut<Command>) -> bool {
    let command = command.borrow_mut().stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// The targets' names, in the order of the alphabet.
fn targets(folder: &Path) -> Result<Vec<String>, String> {
    let shown = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(shown)? {
        let path = entry.map_err(shown)?.path();
        let name = path.file_stem().map(|name| name.to_string_lossy().into_owned());
        names.extend(name.filter(|_| path.extension().is_some_and(|end| end == "rs")));
    }
    names.sort();
    Ok(names)
}
