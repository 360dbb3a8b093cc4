//! `wxpay decrypt`: opens what WeChat Pay encrypts.

mod field;
mod file;
mod resource;
mod v2;

use std::io::Write;
use std::path::PathBuf;

use serde_json::Value;

use crate::captured;
use crate::ended::{Ended, NotSent};
use crate::input;
use crate::padding::PaddingName;
use crate::pointer;
use crate::profile::Keys;

/// What `wxpay decrypt` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A notification (with its headers or its body alone), an answer with certificates, v2's XML, one encrypted field, or
    /// an encrypted bill. Standard input when nothing is said.
    #[arg(value_name = "FILE", default_value = "-")]
    input: PathBuf,
    /// Decrypt this text of a JSON answer in its place, by a JSON pointer or dots; may be given more than once.
    #[arg(long, value_name = "PATH")]
    field: Vec<String>,
    /// The padding of encrypted fields: OAEP unless the operation's page says otherwise.
    #[arg(long, value_name = "NAME", default_value = "oaep")]
    padding: PaddingName,
    #[command(flatten)]
    bill: file::BillArgs,
    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let keys = arguments.keys.reader()?;
    if arguments.bill.is_meant() {
        return file::run(&arguments.bill, &arguments.input, &keys);
    }
    let bytes = input::read(&arguments.input)?;
    if let Some(ciphertext) = field::alone(&bytes) {
        return field::one(ciphertext, arguments.padding, &keys, out);
    }
    let captured = captured::parse(&bytes)?;
    for note in &captured.notes {
        eprintln!("note: {note}");
    }
    if captured.is_xml() {
        return v2::run(&captured.body, &keys, out);
    }
    let mut document = pointer::document(&captured.body)?;
    if !arguments.field.is_empty() {
        return field::several(&mut document, &arguments.field, arguments.padding, &keys, out);
    }
    if let Some(resource) = document.get("resource").filter(|resource| resource.is_object()) {
        return resource::notification(resource, &keys, out);
    }
    match document.get("data") {
        Some(Value::Array(entries)) => resource::certificates(entries, &keys, out),
        _ if document.get("ciphertext").is_some() => resource::notification(&document, &keys, out),
        _ => Err(NotSent::new(
            "nothing here is encrypted in a form that is known: wanted is a notification with `resource`, an answer of \
             /v3/certificates, v2's XML with `req_info`, base64 of one field, or a JSON answer and --field",
        )),
    }
}
