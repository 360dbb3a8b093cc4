//! `wxpay doctor`: whether an account's files, keys and clock are in order; it reads, and never moves money.

mod files;
mod finding;
mod online;
mod permissions;

use std::io::Write;

use crate::ended::{Ended, NotSent};
use crate::moment;
use crate::profile::{self, Keys, Role};
use finding::Findings;
use online::Region;

/// What `wxpay doctor` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Look at the files alone; nothing is sent.
    #[arg(long, conflicts_with = "simulator")]
    offline: bool,
    /// Ask a simulator that is started for this, with one of its own accounts.
    #[arg(long, conflicts_with = "profile")]
    simulator: bool,
    /// Whose account of the simulator's.
    #[arg(
        long = "as",
        value_name = "ROLE",
        default_value = "merchant",
        requires = "simulator"
    )]
    role: Role,
    /// Whose certificates are asked for.
    #[arg(long, value_name = "NAME", default_value = "mainland")]
    region: Region,
    /// As JSON, an object a check.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let now = moment::now();
    let mut findings = Findings::new(out, arguments.json);
    if arguments.simulator {
        let account = profile::simulated(arguments.role)?;
        online::check(account, arguments.region, &mut findings)?;
        return findings.finish();
    }
    let reader = arguments.keys.reader()?;
    files::check(&reader, now, &mut findings)?;
    permissions::check(&reader, &mut findings)?;
    if arguments.offline {
        findings.skipped("network", "not asked (--offline)")?;
    } else {
        match reader.v3_account() {
            Ok(account) => online::check(account, arguments.region, &mut findings)?,
            Err(_) => findings.skipped("network", "not asked: correct what failed above first")?,
        }
    }
    findings.finish()
}
