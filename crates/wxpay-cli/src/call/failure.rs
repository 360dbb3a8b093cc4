//! What went wrong with a call, and what to do about it.

use serde_json::{Map, Value};
use wxpay_hyper::{Error, Failure};
use wxpay_proto::{ApiError, Outcome};
use wxpay_types::schema::OperationInfo;

use super::name::NAME;
use super::settle;
use crate::ended::Ended;

/// Says it to standard error.
pub(super) fn tell(info: &OperationInfo, values: &Map<String, Value>, error: &Error) -> Ended {
    let name = &info.name;
    let outcome = error.outcome();
    eprintln!("{name}: {}", in_words(outcome));
    match error.failure() {
        Failure::Exchange(wxpay_proto::Error::Refused(refusal)) => tell_refusal(refusal),
        other => {
            let text = other.to_string();
            let text = text.strip_prefix(NAME).unwrap_or(&text);
            eprintln!("{}", text.trim_start_matches([':', ' ']));
            if let Failure::Exchange(wxpay_proto::Error::Unverified {
                status, request_id, ..
            }) = other
            {
                eprintln!("status: {status}");
                tell_request_id(request_id.as_deref());
            }
        }
    }
    if outcome == Outcome::Unknown {
        eprintln!("{}", settle::advice(info, values));
    }
    outcome.into()
}

fn in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "not sent",
        Outcome::Refused => "refused",
        Outcome::Unknown => "outcome unknown: it may have been executed",
    }
}

fn tell_refusal(refusal: &ApiError) {
    eprintln!(
        "status: {}{}",
        refusal.status,
        if refusal.authentic {
            ", signed"
        } else {
            ", not signed"
        }
    );
    let lines = [
        ("code", refusal.code.as_deref()),
        ("message", refusal.message.as_deref()),
        ("field", refusal.field()),
        ("issue", refusal.issue()),
        ("advice", refusal.advice()),
    ];
    for (name, text) in lines {
        if let Some(text) = text {
            eprintln!("{name}: {text}");
        }
    }
    tell_request_id(refusal.request_id.as_deref());
}

fn tell_request_id(id: Option<&str>) {
    eprintln!("Request-ID: {}", id.unwrap_or("(none)"));
}
