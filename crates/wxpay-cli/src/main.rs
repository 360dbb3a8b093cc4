//! The `wxpay` command.

mod bill;
mod call;
mod captured;
mod control;
mod decrypt;
mod demo;
mod digest;
mod doctor;
mod ended;
mod explain;
mod input;
mod listen;
mod members;
mod moment;
mod operations;
mod padding;
mod plain_text;
mod pointer;
mod profile;
mod qr;
mod report;
mod roots;
mod seal;
mod sign;
mod sim;
mod stopped;
mod subject;
mod trigger;
mod verify;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// What scripts go by; docs/guide/command.md tells it for each command.
const EXIT_CODES: &str = "\
Exit codes:
  0  it was done, it is genuine, nothing failed
  1  WeChat Pay refused; or it was looked at, and the answer is no
  2  nothing was sent, nothing could be looked at: usage, profile, a file
  3  a call may have been executed: query, never repeat blindly";

/// WeChat Pay (微信支付) from the command line.
#[derive(Debug, Parser)]
#[command(name = "wxpay", version, after_help = EXIT_CODES)]
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
    /// Signs a request, fields of v2, parameters for a front end, or a message; sends nothing.
    ///
    /// What is to be sent goes to standard output, and the message that was signed to standard error. Ends with 0 when it
    /// is signed, and with 2 when it cannot be.
    Sign(sign::Arguments),
    /// Tells whether a saved message is genuine: an answer, a notification, a message of v2, a request of your own.
    ///
    /// Ends with 0 when it is, 1 when it is not, and 2 when that could not be looked at.
    Verify(verify::Arguments),
    /// Tells why the signature of a saved message fails, or why a request was refused with SIGN_ERROR.
    ///
    /// Ends with 0 when nothing is wrong, 1 when causes were found, proven or suspected, and 2 when it could not be looked
    /// at.
    Explain(explain::Arguments),
    /// Opens what WeChat Pay encrypts: notifications, certificates, refund notifications of v2, fields, bills.
    ///
    /// Ends with 0 when it is open, 1 when the key does not open it, and 2 when it could not be tried.
    Decrypt(decrypt::Arguments),
    /// Encrypts fields (敏感信息) for WeChat Pay.
    Seal(seal::Arguments),
    /// Checks an account: its files, keys, dates, and at WeChat Pay its clock and signatures. It never moves money.
    ///
    /// Ends with 0 when nothing failed (warnings may be there), 1 when a check failed, and 2 when it could not be looked at.
    Doctor(doctor::Arguments),
    /// Reads bills (账单): as a table, as JSON or CSV, with totals.
    Bill(bill::Arguments),
    /// Tells what a profile file looks like, or checks one.
    Profile(profile::Arguments),
    /// Runs a simulator of WeChat Pay for programs in any language, with keys of its own.
    ///
    /// Ends with 0 when it was told to stop, and 2 when it cannot start.
    Sim(sim::Arguments),
    /// Sends a notification (回调通知) of any documented type, signed and encrypted, without a server.
    ///
    /// Ends with 0 when the reply counts (200 or 204 within 5 s), 1 when it does not, and 2 when nothing was sent.
    Trigger(trigger::Arguments),
    /// Prints the notifications that a running simulator sends, and forwards them byte for byte.
    ///
    /// Ends with 0 when it was told to stop, and 2 when there is no simulator.
    Listen(listen::Arguments),
    /// Looks at a running simulator, or changes it: has orders paid, transfers confirmed, the clock turned.
    ///
    /// Ends with 0 when it was done, 1 when the simulator refused, and 2 when there is none.
    Control(control::Arguments),
}

fn main() -> ExitCode {
    let ended = match Arguments::parse().command {
        Command::Demo { verbose, json } => return demonstrate(verbose, json),
        Command::Operations(arguments) => operations::run(&arguments, &mut io::stdout().lock()),
        Command::Call(arguments) => call::run(&arguments, &mut io::stdout().lock()),
        Command::Sign(arguments) => sign::run(&arguments, &mut io::stdout().lock()),
        Command::Verify(arguments) => verify::run(&arguments, &mut io::stdout().lock()),
        Command::Explain(arguments) => explain::run(&arguments, &mut io::stdout().lock()),
        Command::Decrypt(arguments) => decrypt::run(&arguments, &mut io::stdout().lock()),
        Command::Seal(arguments) => seal::run(&arguments, &mut io::stdout().lock()),
        Command::Doctor(arguments) => doctor::run(&arguments, &mut io::stdout().lock()),
        Command::Bill(arguments) => bill::run(&arguments, &mut io::stdout().lock()),
        Command::Profile(arguments) => profile::run(&arguments, &mut io::stdout().lock()),
        Command::Sim(arguments) => sim::run(&arguments, &mut io::stdout().lock()),
        Command::Listen(arguments) => listen::run(&arguments, &mut io::stdout().lock()),
        Command::Control(arguments) => control::run(&arguments, &mut io::stdout().lock()),
        Command::Trigger(arguments) => trigger::run(&arguments, &mut io::stdout().lock()),
    };
    ended.map_or_else(|problem| problem.tell(), ExitCode::from)
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

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_of_every_command_fit_together() {
        super::Arguments::command().debug_assert();
    }
}
