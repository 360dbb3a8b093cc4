//! The `wxpay` command.

mod demo;
mod qr;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

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
}

fn main() -> ExitCode {
    let Command::Demo { verbose, json } = Arguments::parse().command;
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
