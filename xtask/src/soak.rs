//! `cargo xtask soak`: the randomised tests with many cases, the simulator killed many times, the fuzzers, every feature
//! alone. For a machine with nothing else to do: the numbers are such that two processors are done after an hour or so,
//! because a check that takes half a day is one that nobody makes.

use crate::run::{self, Task, cargo};
use crate::{features, fuzz};

/// How many cases a randomised test tries, unless the caller says otherwise.
const CASES: &str = "5000";
/// The same for the simulator's, where a case is a whole run of calls, each signed and answered.
const RUN_CASES: &str = "2000";
/// The same for the tests that try each case on each of a thousand operations.
const EVERY_CASES: &str = "1000";
/// How many runs go over a way on which everything goes wrong, unless the caller says otherwise.
const RUNS: &str = "10000";
/// How often the running simulator is killed, unless the caller says otherwise.
const KILLS: &str = "500";

pub(crate) fn run() -> Result<(), String> {
    let cases = std::env::var("WXPAY_CASES").unwrap_or_else(|_| CASES.to_owned());
    let mut task = Task::start("soak");
    let tests = ["test", "--release", "-p", "wxpay-tests"];
    task.step("randomised tests", 3600, || {
        run::run(cargo(tests).env("WXPAY_CASES", &cases))
    });
    let runs = std::env::var("WXPAY_CASES").unwrap_or_else(|_| RUN_CASES.to_owned());
    let simulator = ["test", "--release", "-p", "wxpay-sim", "--lib"];
    task.step("randomised runs of the simulator", 3600, || {
        run::run(cargo(simulator).env("WXPAY_CASES", &runs))
    });
    let every = ["test", "--workspace", "--test", "every"];
    task.step("randomised tests of every operation", 3600, || {
        run::run(cargo(every).env("WXPAY_CASES", EVERY_CASES))
    });
    let runs = std::env::var("WXPAY_RUNS").unwrap_or_else(|_| RUNS.to_owned());
    let spoiled = ["test", "--release", "-p", "wxpay-tests", "--test", "faults"];
    task.step("calls over a spoiled way", 3600, || {
        run::run(cargo(spoiled).env("WXPAY_RUNS", &runs))
    });
    let kills = std::env::var("WXPAY_KILLS").unwrap_or_else(|_| KILLS.to_owned());
    let killed = ["test", "--release", "-p", "wxpay-cli", "--test", "sim", "crash"];
    task.step("the simulator killed", 1800, || {
        run::run(cargo(killed).env("WXPAY_KILLS", &kills))
    });
    task.step("fuzzing", 7200, fuzz::run);
    task.step("features", 1800, features::run);
    task.finish()
}
