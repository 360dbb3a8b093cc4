//! `wxpay bill`: bills (账单) as tables, records and totals.

mod columns;
mod decimal;
mod kind;
mod output;
mod read;
mod totals;

use std::io::Write;

use crate::ended::{Ended, NotSent};

/// What `wxpay bill` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Reads a bill, packed or not, of any length.
    ///
    /// Ends with 0 when every row was read and the totals are those of the bill's summary, 1 when a row could not be read,
    /// something is missing or differs, and 2 when it could not be looked at.
    Read(read::Arguments),
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    match &arguments.what {
        What::Read(arguments) => read::run(arguments, out),
    }
}
