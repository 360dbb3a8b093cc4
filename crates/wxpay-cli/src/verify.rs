//! `wxpay verify`: whether a saved message is genuine, check by check.

mod ours;
mod theirs;
mod v2;
mod verdict;

use std::io::Write;

use wxpay_proto::UnixTime;

use crate::captured::CapturedArgs;
use crate::ended::{Ended, NotSent};
use crate::moment;
use crate::profile::Keys;
use crate::subject::Subject;

/// What `wxpay verify` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    captured: CapturedArgs,
    /// Check the clock as of this moment instead of now, for an old message: Unix seconds, or
    /// 2024-01-31T12:00:00+08:00.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<UnixTime>,
    /// As JSON, for machines.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let keys = arguments.keys.reader()?;
    let captured = arguments.captured.read()?;
    let notes = captured.notes.clone();
    let subject = Subject::of(captured)?;
    let now = arguments.at.unwrap_or_else(moment::now);
    let mut verdict = match &subject {
        Subject::Theirs(captured) => theirs::verify(captured, &keys, now)?,
        Subject::V2(fields) => v2::verify(fields, &keys)?,
        Subject::Ours(sent) => ours::verify(sent, &keys, now)?,
    };
    verdict.notes.splice(0..0, notes);
    if arguments.json {
        writeln!(out, "{:#}", verdict.json(subject.name()))?;
    } else {
        verdict.write(subject.name(), out)?;
    }
    Ok(if verdict.is_genuine() {
        Ended::Done
    } else {
        Ended::Failed
    })
}
