//! Who calls: a profile file that names the merchant's key files, and an account made of it.

mod account;
mod file;
mod flags;
mod load;
mod reader;
mod signing;
mod simulated;

use std::io::Write;
use std::path::PathBuf;

pub(crate) use account::Account;
pub(crate) use flags::Keys;
pub(crate) use load::load;
pub(crate) use reader::Reader;
pub(crate) use signing::Signing;
pub(crate) use simulated::{Role, simulated};

use crate::ended::{Ended, NotSent};

/// What `wxpay profile` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Print a profile file to start from.
    #[arg(long, required_unless_present = "file", conflicts_with = "file")]
    example: bool,
    /// Read this profile and every file that it names, and tell what there is; nothing is sent.
    file: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    match &arguments.file {
        Some(path) => {
            let reader = Reader::open(path)?;
            let account = reader.account()?;
            for line in account.describe() {
                writeln!(out, "{line}")?;
            }
            let api_v3_key = reader.api_v3_key()?.map_or("none", |_| "given");
            writeln!(out, "APIv3 key: {api_v3_key}")?;
            // A client is made of it, so that what a client refuses is told here too.
            account.into_client()?;
        }
        None => write!(out, "{}", file::EXAMPLE)?,
    }
    Ok(Ended::Done)
}
