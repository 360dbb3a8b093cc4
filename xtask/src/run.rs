//! Starts other programs, and times the steps of a task.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A task under way: its steps are timed as they run, and its failures are collected to the end.
#[derive(Debug)]
pub(crate) struct Task {
    name: &'static str,
    started: Instant,
    failed: Vec<String>,
}

impl Task {
    pub(crate) fn start(name: &'static str) -> Self {
        Self {
            name,
            started: Instant::now(),
            failed: Vec::new(),
        }
    }

    /// Runs one step, prints its seconds against its budget, and says whether it succeeded.
    pub(crate) fn step(
        &mut self,
        name: &str,
        budget: u64,
        work: impl FnOnce() -> Result<(), String>,
    ) -> bool {
        eprintln!("==> {name}");
        let started = Instant::now();
        let outcome = work();
        let spent = started.elapsed();
        eprintln!("{name} … {:.1} s of {budget} s", spent.as_secs_f64());
        if spent > Duration::from_secs(budget) {
            eprintln!("WARNING: {name} is over its budget of {budget} s");
        }
        match outcome {
            Ok(()) => true,
            Err(message) => {
                eprintln!("FAILED: {name}: {message}");
                self.failed.push(name.to_owned());
                false
            }
        }
    }

    /// Prints the total, and fails when any step did.
    pub(crate) fn finish(self) -> Result<(), String> {
        eprintln!(
            "{} … {:.1} s in all",
            self.name,
            self.started.elapsed().as_secs_f64()
        );
        if self.failed.is_empty() {
            return Ok(());
        }
        Err(format!("{} failed at: {}", self.name, self.failed.join(", ")))
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_owned()
}

/// `cargo` with these arguments, in the workspace's folder. It is the same cargo that started this task.
pub(crate) fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

/// Runs a command to its end. Anything but success is an error that names the command.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` ended with {status}")),
        Err(error) => Err(format!("`{shown}` did not start: {error}")),
    }
}

/// A command as one would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_step_fails_the_task_and_is_named() {
        let mut task = Task::start("sample");
        assert!(task.step("good", 1, || Ok(())));
        assert!(!task.step("bad", 1, || Err("broken".to_owned())));
        assert_eq!(task.finish().unwrap_err(), "sample failed at: bad");
    }

    #[test]
    fn a_missing_program_is_an_error_and_no_panic() {
        let message = run(Command::new("no-such-program-here").arg("now")).unwrap_err();
        assert!(
            message.starts_with("`no-such-program-here now` did not start"),
            "{message}"
        );
    }
}
