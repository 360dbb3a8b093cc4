//! `wxpay demo`: the journey from an operation to a verified answer, over real TLS, against a simulator in this process.

mod attacks;
mod combine;
mod error;
mod global;
mod stage;
mod untyped;
mod v2_combine;
mod wire;

use std::io::{self, BufWriter};

use error::DemoError;
use stage::Stage;
use wxpay_sim::Simulator;

use crate::report::{Report, Style};

/// What to do next, told at the end.
const NEXT: &str = "\
What to do next:
  wxpay demo --verbose        every message that was signed, and the headers
  wxpay demo --json           the same steps for machines
  docs/guide/first-call.md    from your key files to a first answer
  tests/examples/blocking.rs  the core in a blocking program, without tokio
In your tests: wxpay_sim::Simulator::start() gives a base address, credentials and a clock that can be turned.";

/// Runs all chapters; true when every step went as it should.
pub(crate) fn run(style: Style) -> Result<bool, DemoError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let simulator = Simulator::start()?;
    let report = Report::new(BufWriter::new(io::stdout()), style);
    runtime.block_on(async {
        let mut stage = Stage::new(&simulator, report)?;
        stage.report.chapter(&format!(
            "A simulator of WeChat Pay (微信支付) listens on {}; every request below goes to it over TLS.",
            simulator.base_url()
        ))?;
        combine::run(&mut stage).await?;
        v2_combine::run(&mut stage).await?;
        global::run(&mut stage).await?;
        untyped::run(&mut stage).await?;
        attacks::run(&mut stage).await?;
        Ok(stage.report.finish(NEXT)?)
    })
}
