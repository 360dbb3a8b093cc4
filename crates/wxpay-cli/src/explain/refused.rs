//! A refusal with `SIGN_ERROR`: what WeChat Pay says it saw, against what was signed.

use std::path::Path;

use wxpay_proto::crypto::{Backend, Certificate, Signature};
use wxpay_proto::explain::{self, Cause};
use wxpay_proto::v3::read_refusal;
use wxpay_proto::{ApiError, Effect, Serial, SignInformation};

use super::ours::{self, Signed, read_signed};
use super::report::Report;
use crate::captured::{Captured, Start};
use crate::ended::NotSent;
use crate::profile::Reader;
use crate::subject::{Sent, marked};

/// The refusal, when the message is one about a signature.
pub(super) fn of(captured: &Captured) -> Option<ApiError> {
    let status = match captured.start {
        Start::Answer { status } => status,
        _ => 401,
    };
    let request_id = captured.header("request-id");
    let refusal = read_refusal("", Effect::Read, status, request_id, captured.body.clone());
    let about = refusal.code.as_deref() == Some("SIGN_ERROR") || refusal.sign_information().is_some();
    about.then_some(refusal)
}

pub(super) fn explain(refusal: &ApiError, signed: Option<&Path>, keys: &Reader) -> Result<Report, NotSent> {
    let seen = refusal.sign_information();
    let signed = signed.map(read_signed).transpose()?;
    let causes = match &signed {
        Some(Signed::Message(message)) => against_message(message, seen.as_ref(), keys)?,
        Some(Signed::Request(sent)) => against_request(sent, seen.as_ref(), keys)?,
        None => {
            let told = seen.as_ref().map_or("nothing", |_| "what stands below");
            return Err(NotSent::new(format!(
                "a refusal alone proves no cause; WeChat Pay says that it saw {told}. Give what was signed as well: \
                 --signed FILE{}",
                seen.as_ref()
                    .map(shown)
                    .map(|text| format!("\n{text}"))
                    .unwrap_or_default()
            )));
        }
    };
    let mut report = Report::new(title(refusal), causes);
    if let Some(seen) = &seen {
        report = report.fact(
            "what WeChat Pay saw (⏎ is a line feed; the body may be cut)",
            shown(seen),
        );
    }
    match &signed {
        Some(Signed::Message(message)) => report = report.fact("what was signed", marked(message)),
        Some(Signed::Request(sent)) => {
            let name = "what has to be signed for the request as it was sent";
            report = report.fact(name, marked(&sent.message()));
        }
        None => {}
    }
    Ok(report)
}

fn title(refusal: &ApiError) -> String {
    let code = refusal.code.as_deref().unwrap_or("no code");
    let message = refusal.message.as_deref().unwrap_or("no message");
    let id = refusal.request_id.as_deref().unwrap_or("none");
    format!("{code}: {message} (Request-ID {id})")
}

/// The message as another program printed it.
fn against_message(
    message: &[u8],
    seen: Option<&SignInformation>,
    keys: &Reader,
) -> Result<Vec<Cause>, NotSent> {
    let certificate = keys.signer_certificate(false).ok();
    let mut signed = explain::Signed::new(message);
    if let Some(certificate) = &certificate {
        signed = signed.certificate(certificate, Backend::AwsLc);
    }
    Ok(explain::request(&signed, seen))
}

/// The request as it left this side.
fn against_request(
    sent: &Sent,
    seen: Option<&SignInformation>,
    keys: &Reader,
) -> Result<Vec<Cause>, NotSent> {
    // Everything that the request itself tells comes first; its age does not matter any more.
    let mut causes = match keys.signer_certificate(sent.target.starts_with("/brand/")) {
        Ok(_) => ours::explain(sent, keys, None)?.causes,
        Err(_) => Vec::new(),
    };
    let itself = causes.iter().any(|cause| cause.proven);
    let message = sent.message();
    let signature = Signature::from_base64(&sent.authorization.signature).ok();
    let serial = Serial::new(&sent.authorization.serial_no).ok();
    let certificate: Option<Certificate> = keys.signer_certificate(sent.target.starts_with("/brand/")).ok();
    let mut signed = explain::Signed::new(&message);
    if let Some(serial) = &serial {
        signed = signed.serial(serial);
    }
    if let Some(certificate) = &certificate {
        signed = signed.certificate(certificate, Backend::AwsLc);
        if let Some(signature) = signature.as_ref().filter(|_| !itself) {
            signed = signed.signature(signature);
        }
    }
    causes.extend(explain::request(&signed, seen));
    // With a cause at hand, what cannot be more than a suspicion leads astray.
    if causes.iter().any(|cause| cause.proven) {
        causes.retain(|cause| cause.proven);
    }
    Ok(without_repetitions(causes))
}

fn shown(seen: &SignInformation) -> String {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "(not told)".to_owned());
    let length = seen
        .sign_message_length
        .map_or_else(|| "(not told)".to_owned(), |length| format!("{length} bytes"));
    let message = seen.truncated_sign_message.as_deref().unwrap_or("(not told)");
    format!(
        "{} {}, a message of {length}:\n{}",
        text(&seen.method),
        text(&seen.url),
        marked(message.as_bytes())
    )
}

/// Causes that two ways found are told once.
fn without_repetitions(causes: Vec<Cause>) -> Vec<Cause> {
    let mut kept: Vec<Cause> = Vec::new();
    for cause in causes {
        if !kept.contains(&cause) {
            kept.push(cause);
        }
    }
    kept.sort_by_key(|cause| !cause.proven);
    kept
}
