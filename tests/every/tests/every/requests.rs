//! A full request of every operation: what is sent says exactly what is documented, is signed, and hides secrets.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Map, Value};
use wxpay_catalogue::kind::Kind;
use wxpay_catalogue::model::{Family, Op, Place, Protocol, Returns};
use wxpay_every::ask::{Full, MERCHANT, SIGNING, full, without};
use wxpay_every::catalogue::kind;
use wxpay_every::compose::PNG;
use wxpay_every::entry::{Ask, Entry, Sent};
use wxpay_every::flat;
use wxpay_every::mutate;
use wxpay_every::sent::{self, Body, Part, Seen};
use wxpay_every::side::sealing_id;
use wxpay_proto::Sensitive;
use wxpay_proto::crypto::{Backend, Padding};
use wxpay_tests::cases::cases;
use wxpay_tests::journey::PLATFORM;
use wxpay_tests::keys::private_key;

use crate::facts::DEFAULT_HOST;

/// A case of one operation, with its signature, is a case of a thousand operations.
const COST: u32 = 16;

pub(crate) fn look(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let asked = full(family, op);
    match sent(&asked, entry) {
        Ok(sent) => {
            let mut problems = secrets(family, &asked, &sent, entry);
            problems.extend(says(family, op, &asked, &sent));
            problems
        }
        Err(problem) => vec![problem],
    }
}

/// The same with fields dropped: what is not given is not sent.
pub(crate) fn parts_of_it(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let asked = full(family, op);
    let stored = Value::Object(asked.stored.clone());
    let can_go: Vec<String> = mutate::pointers(&stored)
        .into_iter()
        .filter(|at| can_go(op, &stored, at))
        .collect();
    if can_go.is_empty() {
        return Vec::new();
    }
    let count = can_go.len();
    let gone = prop::sample::subsequence(can_go, 0..=count);
    let config = Config {
        cases: cases(COST),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&gone, |gone| {
        let asked = without(family, op, &asked, &gone);
        let sent = match sent(&asked, entry) {
            Ok(sent) => sent,
            Err(problem) if is_surely_needed(&problem, &gone) => return Ok(()),
            Err(problem) => return Err(TestCaseError::fail(problem)),
        };
        let problems = says(family, op, &asked, &sent);
        prop_assert!(problems.is_empty(), "{}", problems.join("; "));
        Ok(())
    });
    match outcome {
        Ok(()) => Vec::new(),
        Err(TestError::Fail(reason, gone)) => vec![format!("{reason} without {gone:?}")],
        Err(error) => vec![error.to_string()],
    }
}

/// Whether one of these was refused to be left out, because the catalogue is sure of it.
fn is_surely_needed(problem: &str, gone: &[String]) -> bool {
    let is_named = |at: &String| problem.contains(&format!("{at} (")) || problem.contains(&format!("{at}:"));
    problem.contains("missing; nothing was sent") && gone.iter().any(is_named)
}

/// A member of an object, unless there is no request without it: a part of the path, the file, who signs.
pub(crate) fn can_go(op: &Op, stored: &Value, at: &str) -> bool {
    let (owner, name) = at.rsplit_once('/').unwrap_or_default();
    let is_member = stored.pointer(owner).is_some_and(Value::is_object);
    let is_needed = owner.is_empty()
        && (MERCHANT.contains(&name)
            || op.params.get(name).is_some_and(|field| {
                field.place == Some(Place::Path) || matches!(kind(field), Kind::File | Kind::Json(_))
            }));
    let is_inside_a_file = stored
        .pointer(owner)
        .is_some_and(|owner| owner.get("media_type").is_some());
    is_member && !at.is_empty() && !is_needed && !is_inside_a_file
}

pub(crate) fn sent(asked: &Full, entry: &Entry) -> Result<Sent, String> {
    let json = Value::Object(asked.stored.clone()).to_string();
    (entry.ask)(&Ask::new(&json))
}

/// What is wrong with what was sent.
fn says(family: &Family, op: &Op, asked: &Full, sent: &Sent) -> Vec<String> {
    // A page without a signature is an address and nothing else.
    let is_signed = op.returns != Some(Returns::Page) || op.params.contains_key("sign");
    match sent::read(family.protocol, &sent.request, is_signed) {
        Ok(seen) => differences(family, op, asked, sent, &seen),
        Err(problem) => vec![problem],
    }
}

fn differences(family: &Family, op: &Op, asked: &Full, sent: &Sent, seen: &Seen) -> Vec<String> {
    let mut problems = Vec::new();
    let mut same = |what: &str, wanted: String, found: String| {
        if wanted != found {
            problems.push(format!("{what}: {found} instead of {wanted}"));
        }
    };
    let request = &sent.request;
    let host = request.uri().host().unwrap_or_default().to_owned();
    same(
        "host",
        op.host.as_deref().unwrap_or(DEFAULT_HOST).to_owned(),
        host,
    );
    same("method", op.method.clone(), request.method().to_string());
    let opened = |at: &str, text: &str| open(op, asked, at, text);
    let segments: Vec<String> = seen.segments.clone();
    same("path", format!("{:?}", asked.segments), format!("{segments:?}"));
    let query: Vec<(String, String)> = seen
        .query
        .iter()
        .map(|(name, text)| (name.clone(), opened(&format!("/{name}"), text)))
        .collect();
    same("query", format!("{:?}", asked.query), format!("{query:?}"));
    for (name, value) in &asked.headers {
        let found = sent::header(request, name).unwrap_or_default();
        same(name, value.clone(), found.to_owned());
    }
    problems.extend(body(family, op, asked, &seen.body));
    problems
}

fn body(family: &Family, op: &Op, asked: &Full, seen: &Body) -> Vec<String> {
    let nothing = Map::new();
    let wanted = asked.body.as_ref();
    match seen {
        Body::Empty => match wanted {
            Some(wanted) if family.protocol != Protocol::V2 || !wanted.is_empty() => {
                vec!["no body".to_owned()]
            }
            _ => Vec::new(),
        },
        Body::Json(found) => {
            let mut found = found.clone();
            for (at, _) in &asked.secrets {
                if let Some(Value::String(text)) = found.pointer_mut(at) {
                    *text = open(op, asked, at, text);
                }
            }
            json(&Value::Object(wanted.unwrap_or(&nothing).clone()), &found, "")
        }
        Body::Fields(found) => {
            let wanted = flat::fields(wanted.unwrap_or(&nothing));
            let mut problems = fields(op, asked, &wanted, found);
            problems.extend(signing(family, op, found));
            problems
        }
        Body::Parts(found) => parts(family, op, wanted.unwrap_or(&nothing), found, asked),
    }
}

fn fields(op: &Op, asked: &Full, wanted: &flat::Fields, found: &flat::Fields) -> Vec<String> {
    let found: BTreeMap<_, _> = found
        .iter()
        .filter(|(name, _)| !SIGNING.contains(&name.as_str()))
        .map(|(name, text)| (name.clone(), open(op, asked, &format!("/{name}"), text)))
        .collect();
    let (wanted, found) = (texts(wanted), texts(&found));
    json(&wanted, &found, "")
}

/// The fields that the core adds to v2's are those that are documented.
fn signing(family: &Family, op: &Op, found: &flat::Fields) -> Vec<String> {
    let body = op.request.as_deref().and_then(|name| family.objects.get(name));
    if op.request.as_deref() == Some("any") {
        return Vec::new();
    }
    let is_documented = |name: &str| body.unwrap_or(&op.params).contains_key(name);
    let differs = |name: &&str| is_documented(name) != found.contains_key(*name);
    let wrong = SIGNING.into_iter().filter(differs);
    wrong
        .map(|name| format!("/{name}: documented: {}", is_documented(name)))
        .collect()
}

fn texts(fields: &flat::Fields) -> Value {
    fields
        .iter()
        .map(|(name, text)| (name.clone(), Value::String(text.clone())))
        .collect()
}

fn parts(family: &Family, op: &Op, wanted: &Map<String, Value>, found: &[Part], asked: &Full) -> Vec<String> {
    let mut problems = Vec::new();
    let is_v2 = family.protocol == Protocol::V2;
    let ours = |part: &&Part| is_v2 && SIGNING.contains(&part.name.as_str());
    let mut names: Vec<&str> = found
        .iter()
        .filter(|part| !ours(part))
        .map(|part| part.name.as_str())
        .collect();
    names.sort_unstable();
    let mut documented: Vec<&str> = wanted.keys().map(String::as_str).collect();
    documented.sort_unstable();
    if names != documented {
        problems.push(format!("parts: {names:?} instead of {documented:?}"));
    }
    for part in found {
        let Some(field) = op.params.get(&part.name) else {
            continue;
        };
        let Some(wanted) = wanted.get(&part.name) else {
            continue;
        };
        let text = String::from_utf8_lossy(&part.content).into_owned();
        match kind(field) {
            Kind::File if part.content != PNG || part.file_name.as_deref() != Some("a.png") => {
                problems.push(format!("/{}: another file", part.name));
            }
            Kind::File => {}
            Kind::Json(_) => {
                let mut found: Value = serde_json::from_str(&text).unwrap_or_default();
                let at = format!("/{}", part.name);
                for (pointer, _) in &asked.secrets {
                    let inner = pointer
                        .strip_prefix(&at)
                        .and_then(|inner| found.pointer_mut(inner));
                    if let Some(Value::String(text)) = inner {
                        *text = open(op, asked, pointer, text);
                    }
                }
                problems.extend(json(wanted, &found, &at));
            }
            _ => {
                let wanted = wxpay_every::compose::text_of(wanted);
                if text != wanted {
                    problems.push(format!("/{}: {text} instead of {wanted}", part.name));
                }
            }
        }
    }
    problems
}

/// What differs between two values, each with its pointer. Null is not the same as nothing.
fn json(wanted: &Value, found: &Value, at: &str) -> Vec<String> {
    match (wanted, found) {
        (Value::Object(wanted), Value::Object(found)) => {
            let names: BTreeSet<&String> = wanted.keys().chain(found.keys()).collect();
            let differ = |name: &String| match (wanted.get(name), found.get(name)) {
                (Some(wanted), Some(found)) => json(wanted, found, &format!("{at}/{name}")),
                (Some(_), None) => vec![format!("{at}/{name}: is missing")],
                (None, found) => vec![format!("{at}/{name}: {found:?}, which nobody documents")],
            };
            names.into_iter().flat_map(differ).collect()
        }
        (Value::Array(wanted), Value::Array(found)) if wanted.len() == found.len() => {
            let pairs = wanted.iter().zip(found).enumerate();
            pairs
                .flat_map(|(n, (wanted, found))| json(wanted, found, &format!("{at}/{n}")))
                .collect()
        }
        _ if wanted == found => Vec::new(),
        _ => vec![format!("{at}: {found} instead of {wanted}")],
    }
}

/// The plaintext of what was sent for a sensitive field; any other text as it is.
fn open(op: &Op, asked: &Full, at: &str, text: &str) -> String {
    if asked.secrets.iter().all(|(secret, _)| secret != at) {
        return text.to_owned();
    }
    let padding = op
        .cipher
        .as_ref()
        .map_or(Padding::OaepSha1, |_| Padding::Pkcs1v15);
    let mut field = Sensitive::new(text);
    match field.open_with(padding, &private_key(PLATFORM, Backend::AwsLc)) {
        Ok(()) => field.expose().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    }
}

/// Every sensitive field is shown, nothing of it is sent in clear, and none may be left unsealed.
fn secrets(family: &Family, asked: &Full, sent: &Sent, entry: &Entry) -> Vec<String> {
    let mut problems = Vec::new();
    let (mut wanted, mut shown) = (asked.secrets.clone(), sent.secrets.clone());
    wanted.sort();
    shown.sort();
    if wanted != shown {
        problems.push(format!("the sensitive fields {shown:?} instead of {wanted:?}"));
    }
    let target = sent.request.uri().to_string();
    let target = percent_encoding::percent_decode_str(&target)
        .decode_utf8_lossy()
        .into_owned();
    let body = String::from_utf8_lossy(sent.request.body());
    let headers = sent.request.headers().values();
    let headers: String = headers
        .map(|value| String::from_utf8_lossy(value.as_bytes()))
        .collect();
    let json = Value::Object(asked.stored.clone()).to_string();
    for (at, plaintext) in &asked.secrets {
        let encoded = STANDARD.encode(plaintext);
        if [plaintext, &encoded].iter().any(|text| {
            [&*body, &target, &headers]
                .iter()
                .any(|sent| sent.contains(text.as_str()))
        }) {
            problems.push(format!("{at}: plaintext is sent"));
        }
        let ask = Ask {
            json: json.as_bytes(),
            unsealed: Some(at),
        };
        if (entry.ask)(&ask).is_ok() {
            problems.push(format!("{at}: is sent unsealed"));
        }
    }
    let key = sent::header(&sent.request, "wechatpay-serial");
    if !asked.secrets.is_empty() && family.protocol != Protocol::V2 && key != Some(sealing_id().as_str()) {
        problems.push(format!(
            "Wechatpay-Serial: {key:?}, which is not the key of the sensitive fields"
        ));
    }
    problems
}
