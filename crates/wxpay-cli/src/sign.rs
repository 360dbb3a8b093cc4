//! `wxpay sign`: the message, the signature, and what carries it; nothing is sent.

mod front_end;
mod message;
mod product;
mod request;
mod upload;
mod v2;

use std::io::Write;

use crate::ended::{Ended, NotSent};

/// What `wxpay sign` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// A request of v3: its message and its `Authorization`.
    Request(request::Arguments),
    /// An upload of v3, of which the text of `meta` is signed.
    Upload(upload::Arguments),
    /// Fields of v2, with MD5 or HMAC-SHA256.
    V2(v2::Arguments),
    /// What a front end hands to WeChat to pay (调起支付), v3 and v2.
    FrontEnd(front_end::Arguments),
    /// A message that another program made (待签名串), byte for byte.
    Message(message::Arguments),
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    match &arguments.what {
        What::Request(arguments) => request::run(arguments, out),
        What::Upload(arguments) => upload::run(arguments, out),
        What::V2(arguments) => v2::run(arguments, out),
        What::FrontEnd(arguments) => front_end::run(arguments, out),
        What::Message(arguments) => message::run(arguments, out),
    }?;
    Ok(Ended::Done)
}
