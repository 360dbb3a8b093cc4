//! `wxpay explain`: why a signature fails, the causes in order, proven ones first.

mod ours;
mod refused;
mod report;

use std::io::Write;
use std::path::PathBuf;

use wxpay_proto::UnixTime;
use wxpay_proto::explain::{self, Evidence};
use wxpay_proto::v3::body_hints;

use crate::captured::{Captured, CapturedArgs};
use crate::ended::{Ended, NotSent};
use crate::input;
use crate::moment;
use crate::profile::{Keys, Reader};
use crate::subject::Subject;
use report::Report;

/// What `wxpay explain` takes.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    captured: CapturedArgs,
    /// When MESSAGE is a refusal (SIGN_ERROR): what was signed, as the message (待签名串) byte for byte, or as the request
    /// with its headers.
    #[arg(long, value_name = "FILE")]
    signed: Option<PathBuf>,
    /// Take this moment for now, for an old message: Unix seconds, or 2024-01-31T12:00:00+08:00.
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    at: Option<UnixTime>,
    /// As JSON, for machines.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    keys: Keys,
}

pub(crate) fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<Ended, NotSent> {
    let inputs = arguments.captured.inputs();
    input::only_one_stdin(inputs.iter().chain(&arguments.signed).map(PathBuf::as_path))?;
    let keys = arguments.keys.reader()?;
    let captured = arguments.captured.read()?;
    let notes = captured.notes.clone();
    let now = arguments.at.unwrap_or_else(moment::now);
    let subject = Subject::of(captured)?;
    let mut report = match &subject {
        Subject::Theirs(captured) => match refused::of(captured) {
            Some(refusal) => refused::explain(&refusal, arguments.signed.as_deref(), &keys)?,
            None => theirs(captured, &keys, now)?,
        },
        Subject::V2(fields) => {
            let key = keys.api_v2_key()?.ok_or_else(|| {
                NotSent::new(
                    "no APIv2 key is at hand: give --profile with `api_v2_key`, or --api-v2-key FILE",
                )
            })?;
            let message = wxpay_proto::v2::canonical::message(
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())),
            );
            let api_v3_key = keys.api_v3_key()?;
            let causes = explain::v2_message(fields, &key, api_v3_key.as_ref());
            Report::new("a message of v2", causes).fact("signed text, without the key", message)
        }
        Subject::Ours(sent) => ours::explain(sent, &keys, Some(now))?,
    };
    report.notes.splice(0..0, notes);
    if arguments.json {
        writeln!(out, "{:#}", report.json())?;
    } else {
        report.write(out)?;
    }
    Ok(if report.causes.is_empty() {
        Ended::Done
    } else {
        Ended::Failed
    })
}

fn theirs(captured: &Captured, keys: &Reader, now: UnixTime) -> Result<Report, NotSent> {
    let platform = keys.platform_keys()?;
    // Whether headers are missing can be told without any key.
    if platform.is_empty() && captured.headers.contains_key("wechatpay-signature") {
        return Err(NotSent::new(
            "no key of WeChat Pay's is at hand: give --profile, --public-key with --public-key-id, or \
             --platform-certificate",
        ));
    }
    // The merchant's own certificate is a suspect, and not needed.
    let merchant = keys
        .merchant()
        .ok()
        .flatten()
        .and_then(|signing| signing.certificate);
    let mut evidence = Evidence::new(&captured.headers, &captured.body, &platform, now);
    if let Some(certificate) = &merchant {
        evidence = evidence.merchant(certificate);
    }
    let api_v3_key = keys.api_v3_key()?;
    if let Some(key) = &api_v3_key {
        evidence = evidence.api_v3_key(key);
    }
    let causes = explain::answer(&evidence);
    let mut report = Report::new("an answer or notification of v3", causes);
    if !report.causes.is_empty() {
        let hints = body_hints(&captured.body).into_iter();
        report
            .notes
            .extend(hints.map(|hint| format!("about the body: {hint}")));
    }
    Ok(report)
}
