//! The `wxpay` command.

mod call;
mod demo;
mod ended;
mod operations;
mod profile;
mod qr;
mod report;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use ended::Ended;

/// WeChat Pay (微信支付) from the command line.
#[derive(Debug, Parser)]
#[command(name = "wxpay", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Sends signed requests over HTTPS to a simulator in this process and shows what protects you.
    Demo {
        /// Show each message that was signed, and the headers.
        #[arg(long)]
        verbose: bool,
        /// One JSON object a step, for machines.
        #[arg(long)]
        json: bool,
    },
    /// Lists the documented operations, or shows one of them with its fields.
    #[command(visible_alias = "operation")]
    Operations(operations::Arguments),
    /// Calls any documented operation by its name: signed, sent, its answer verified.
    ///
    /// Ends with 0 when it was done, 1 when WeChat Pay refused, 2 when nothing was sent, and 3 when it may have been
    /// executed: query then, never repeat blindly.
    Call(call::Arguments),
    /// Tells what a profile file looks like, or checks one.
    Profile(profile::Arguments),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Demo { verbose, json } => return demonstrate(verbose, json),
        Command::Operations(arguments) => operations::run(&arguments, &mut io::stdout().lock()),
        Command::Call(arguments) => call::run(&arguments, &mut io::stdout().lock()),
        Command::Profile(arguments) => profile::run(&arguments, &mut io::stdout().lock()),
    };
    ended
        .unwrap_or_else(|problem| {
            eprintln!("wxpay: {problem}");
            Ended::NotSent
        })
        .into()
}

fn demonstrate(verbose: bool, json: bool) -> ExitCode {
    let style = match (json, verbose) {
        (true, _) => report::Style::Json,
        (false, true) => report::Style::Verbose,
        (false, false) => report::Style::Plain,
    };
    match demo::run(style) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("wxpay demo: {error}");
            ExitCode::from(2)
        }
    }
}
