//! The benchmarks, each beside the bare primitive. What they say holds for one machine and one hour; the ratios are what
//! `docs/performance.md` keeps.

use crate::run::{self, Task, cargo};

pub(crate) fn run() -> Result<(), String> {
    let mut task = Task::start("bench");
    for name in ["signing", "bills"] {
        task.step(name, 240, || {
            run::run(&mut cargo(["bench", "-p", "wxpay-tests", "--bench", name]))
        });
    }
    task.finish()
}
