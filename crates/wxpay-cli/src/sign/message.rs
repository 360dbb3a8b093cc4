//! A message that another program made.

use std::io::Write;
use std::path::PathBuf;

use wxpay_proto::crypto::Signer as _;

use crate::ended::NotSent;
use crate::input;
use crate::profile::Keys;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The message (待签名串), byte for byte, its last line feed included; standard input when nothing is said.
    #[arg(value_name = "FILE", default_value = "-")]
    message: PathBuf,
    #[command(flatten)]
    keys: Keys,
}

pub(super) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), NotSent> {
    let keys = arguments.keys.reader()?;
    let key = keys.merchant_key()?;
    let message = input::read(&arguments.message)?;
    if !message.ends_with(b"\n") {
        eprintln!("the message does not end in a line feed; every message of v3 does");
    }
    let signature = key
        .sign(key.algorithm(), &message)
        .map_err(|error| NotSent::new(error.to_string()))?;
    writeln!(out, "{}", signature.to_base64())?;
    Ok(())
}
