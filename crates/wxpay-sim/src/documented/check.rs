//! Holds a request against what is documented.

use serde_json::Value;
use wxpay_types::check::{Finding, Trouble, check_value};
use wxpay_types::schema::{OperationInfo, Place, Protocol, Sure};

use super::facts::Facts;
use super::form;
use super::problem::{Location, Problem, ProblemKind};
use super::request::Request;
use super::walk;

/// Holds a request against the facts of its operation. `opened` is the request with its encrypted fields in plaintext
/// ([`open`](super::open)).
///
/// # Errors
/// The first [`Problem`]: what the operation does not know at all, then field by field in the documentation's order.
pub(crate) fn check(request: &Request<'_>, opened: &Value, facts: Facts) -> Result<(), Problem> {
    let info = request.info;
    // v2 signs what it does not know, and takes it.
    let takes_all = info.protocol == Protocol::V2;
    let strangers = request.strangers().first();
    if let Some((location, name)) = strangers.filter(|_| !takes_all && facts.count(info.sure)) {
        return Err(stranger(*location, name));
    }
    let findings = check_value(info, opened);
    let mut findings: Vec<_> = findings
        .into_iter()
        .filter(|finding| facts.count(finding.sure))
        .filter(|finding| !(takes_all && matches!(finding.trouble, Trouble::Unknown)))
        .collect();
    findings.sort_by_key(|finding| !matches!(finding.trouble, Trouble::Unknown));
    match findings.first() {
        Some(finding) => Err(problem(request, finding)),
        None => forms(request, opened, facts),
    }
}

fn stranger(location: Location, name: &str) -> Problem {
    let field = match location {
        Location::Body => format!("/{}", name.replace('~', "~0").replace('/', "~1")),
        _ => name.to_owned(),
    };
    Problem::wrong(location, &field, Value::Null, "not a parameter of this operation")
        .of_kind(ProblemKind::Unknown)
}

fn problem(request: &Request<'_>, finding: &Finding) -> Problem {
    let (pointer, kind) = match &finding.trouble {
        // The object is not wrong, what it lacks or has too much of is.
        Trouble::NotExactlyOne { fields } => {
            let first = fields.first().map(String::as_str).unwrap_or_default();
            (format!("{}/{first}", finding.pointer), ProblemKind::Wrong)
        }
        Trouble::Missing => (finding.pointer.clone(), ProblemKind::Missing),
        Trouble::Unknown => (finding.pointer.clone(), ProblemKind::Unknown),
        Trouble::TooLarge { .. } | Trouble::TooSmall { .. } => {
            (finding.pointer.clone(), ProblemKind::OutOfRange)
        }
        _ => (finding.pointer.clone(), ProblemKind::Wrong),
    };
    let (location, field) = place(request.info, &pointer);
    let value = arrived(request, &pointer);
    Problem::wrong(location, &field, value, finding.trouble.to_string()).of_kind(kind)
}

/// What the catalogue's checks do not look at: the form of times, days and addresses.
fn forms(request: &Request<'_>, opened: &Value, facts: Facts) -> Result<(), Problem> {
    let mut copy = opened.clone();
    walk::leaves(&request.info.request, &mut copy, &mut |pointer, field, value| {
        // A pattern says exactly what a format says roughly.
        let text = value
            .as_str()
            .filter(|text| !text.is_empty() && !field.sensitive && field.pattern.is_empty());
        let counts = facts.count(field.sure == Sure::Everything || request.info.sure);
        match text
            .filter(|_| counts)
            .and_then(|text| form::objection(&field.format, text))
        {
            Some(issue) => {
                let (location, field) = place(request.info, pointer);
                Err(Problem::wrong(location, &field, value.clone(), issue))
            }
            None => Ok(()),
        }
    })
}

/// Where a pointer into the operation's fields leads in the message.
pub(super) fn place(info: &OperationInfo, pointer: &str) -> (Location, String) {
    let name = pointer.trim_start_matches('/').split('/').next();
    let field = name.and_then(|name| info.request.field(name));
    let location = match field.map(|field| field.place) {
        Some(Place::Path) => Location::Url,
        Some(Place::Query) => Location::Query,
        Some(Place::Header) => Location::Header,
        _ => return (Location::Body, pointer.to_owned()),
    };
    (location, pointer.trim_start_matches('/').to_owned())
}

/// The value as it arrived, which for an encrypted field is its ciphertext.
fn arrived(request: &Request<'_>, pointer: &str) -> Value {
    let mut segments = pointer.trim_start_matches('/').splitn(2, '/');
    let first = segments.next().and_then(|name| request.values().get(name));
    let found = match segments.next() {
        Some(rest) => first.and_then(|value| value.pointer(&format!("/{rest}"))),
        None => first,
    };
    found.cloned().unwrap_or_default()
}
