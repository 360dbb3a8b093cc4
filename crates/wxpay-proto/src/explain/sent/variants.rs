//! Messages that programs sign in the place of the right one.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::Sent;
use crate::explain::CauseKind;
use crate::explain::rewrites::candidates;

/// What was done to one part of the message.
type Change = (CauseKind, &'static str);

/// One part of the message as it may have been, and what was done to it; nothing for the right one.
type Part<'a> = (Option<Change>, Cow<'a, [u8]>);

/// How the parts are put together.
type Form = (Option<Change>, fn(&[&[u8]; 5]) -> Vec<u8>);

/// What stays in a path and a query when it is encoded anew.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/')
    .remove(b'?')
    .remove(b'=')
    .remove(b'&');

const FORMS: [Form; 7] = [
    (None, |parts| lines(parts, b"\n")),
    (
        Some((
            CauseKind::MessageForm,
            "the message has no line feed at its end; each of the five parts is followed by one, an empty body too",
        )),
        |parts| parts.join(&b'\n'),
    ),
    (
        Some((
            CauseKind::MessageForm,
            "the message has CRLF between its lines, and a line feed alone is wanted",
        )),
        |parts| lines(parts, b"\r\n"),
    ),
    (
        Some((
            CauseKind::MessageForm,
            "the message has the two characters \\n between its lines, and line feeds are wanted: quotes that do not \
             interpret escapes",
        )),
        |parts| lines(parts, b"\\n"),
    ),
    (
        Some((
            CauseKind::MessageForm,
            "the message has nothing between its parts, and a line feed is wanted after each",
        )),
        |parts| parts.concat(),
    ),
    (
        Some((
            CauseKind::MessageForm,
            "the message has the nonce in front of the timestamp; the timestamp comes first",
        )),
        |[method, target, timestamp, nonce, body]| lines(&[method, target, nonce, timestamp, body], b"\n"),
    ),
    (
        Some((
            CauseKind::MessageForm,
            "the message is that of an answer (timestamp, nonce, body); a request's begins with method and target",
        )),
        |[_, _, timestamp, nonce, body]| [*timestamp, b"\n", nonce, b"\n", body, b"\n"].concat(),
    ),
];

fn lines(parts: &[&[u8]; 5], end: &[u8]) -> Vec<u8> {
    parts
        .iter()
        .flat_map(|part| [*part, end])
        .flatten()
        .copied()
        .collect()
}

/// A message that may have been signed.
pub(super) struct Variant<'a> {
    form: Form,
    method: &'a Part<'a>,
    target: &'a Part<'a>,
    timestamp: &'a Part<'a>,
    nonce: &'a [u8],
    body: &'a Part<'a>,
}

impl Variant<'_> {
    pub(super) fn message(&self) -> Vec<u8> {
        let (_, join) = self.form;
        join(&[
            &self.method.1,
            &self.target.1,
            &self.timestamp.1,
            self.nonce,
            &self.body.1,
        ])
    }

    /// What was done, part by part.
    pub(super) fn changes(&self) -> Vec<Change> {
        let parts = [
            self.method.0,
            self.target.0,
            self.timestamp.0,
            self.body.0,
            self.form.0,
        ];
        parts.into_iter().flatten().collect()
    }
}

/// The parts of a request's message, each as it may have been.
pub(super) struct Variants<'a> {
    methods: Vec<Part<'a>>,
    targets: Vec<Part<'a>>,
    timestamps: Vec<Part<'a>>,
    nonce: &'a [u8],
    bodies: Vec<Part<'a>>,
}

impl Variants<'_> {
    /// The first message that fits: those with one change come before those with two.
    pub(super) fn find(&self, fits: impl Fn(&[u8]) -> bool) -> Option<Vec<Change>> {
        let all = || {
            self.methods.iter().flat_map(move |method| {
                self.targets.iter().flat_map(move |target| {
                    self.timestamps.iter().flat_map(move |timestamp| {
                        self.bodies.iter().flat_map(move |body| {
                            FORMS.into_iter().map(move |form| Variant {
                                form,
                                method,
                                target,
                                timestamp,
                                nonce: self.nonce,
                                body,
                            })
                        })
                    })
                })
            })
        };
        (1..=2).find_map(|count| {
            all()
                .filter(|variant| variant.changes().len() == count)
                .find(|variant| fits(&variant.message()))
                .map(|variant| variant.changes())
        })
    }
}

/// What may have been signed in the place of a request.
pub(super) fn of<'a>(request: &Sent<'a>) -> Variants<'a> {
    let authorization = request.authorization;
    Variants {
        methods: methods(request.method),
        targets: targets(request.target),
        timestamps: timestamps(&authorization.timestamp),
        nonce: authorization.nonce_str.as_bytes(),
        bodies: bodies(request.body),
    }
}

fn methods(method: &str) -> Vec<Part<'_>> {
    let mut parts = vec![(None, Cow::Borrowed(method.as_bytes()))];
    let what = "the method in it is another one than was sent: it is written in capitals, as it is sent";
    for other in [
        method.to_ascii_lowercase().as_str(),
        "GET",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
    ] {
        add(&mut parts, CauseKind::Method, what, other.as_bytes().to_vec());
    }
    parts
}

fn targets(target: &str) -> Vec<Part<'_>> {
    let mut parts = vec![(None, Cow::Borrowed(target.as_bytes()))];
    let path = target.split('?').next().unwrap_or_default();
    let decoded: Vec<u8> = percent_decode_str(target).collect();
    let as_form = percent_decode_str(&target.replace('+', " ")).collect::<Vec<u8>>();
    let encoded = utf8_percent_encode(&String::from_utf8_lossy(&decoded), KEPT).to_string();
    let twice = target.replace('%', "%25");
    let differs = CauseKind::MessageDiffers;
    let again = CauseKind::TargetReencoded;
    let without_query =
        "the target in it lacks the query; `?` and all behind it are signed, as they are sent";
    let whole = "the target in it is the whole address; path and query alone are signed";
    let was_decoded = "the target in it was percent-decoded; what stands on the request line is signed, character by character";
    let was_encoded = "the target in it is percent-encoded differently than what was sent; sign what goes onto the request line";
    add(&mut parts, differs, without_query, path.as_bytes().to_vec());
    for host in [
        "https://api.mch.weixin.qq.com",
        "https://apihk.mch.weixin.qq.com",
        "api.mch.weixin.qq.com",
    ] {
        add(&mut parts, differs, whole, format!("{host}{target}").into_bytes());
    }
    let slash = "the target in it lacks the slash at its beginning";
    add(
        &mut parts,
        differs,
        slash,
        target.trim_start_matches('/').as_bytes().to_vec(),
    );
    let ended = "the target in it ends in another slash than what was sent";
    add(
        &mut parts,
        differs,
        ended,
        format!("{path}/{}", &target[path.len()..]).into_bytes(),
    );
    add(&mut parts, again, was_decoded, decoded);
    add(&mut parts, again, was_decoded, as_form);
    add(
        &mut parts,
        again,
        was_encoded,
        encoded.replace("%20", "+").into_bytes(),
    );
    add(
        &mut parts,
        again,
        was_encoded,
        encoded.to_ascii_lowercase().into_bytes(),
    );
    add(
        &mut parts,
        again,
        was_encoded,
        lower_case_escapes(target).into_bytes(),
    );
    add(&mut parts, again, was_encoded, encoded.into_bytes());
    add(&mut parts, again, was_encoded, twice.into_bytes());
    parts
}

/// `%E4` as `%e4`.
fn lower_case_escapes(target: &str) -> String {
    let mut escape = 0_u8;
    let lower = target.chars().map(|c| {
        let inside = escape > 0;
        escape = if c == '%' { 2 } else { escape.saturating_sub(1) };
        if inside { c.to_ascii_lowercase() } else { c }
    });
    lower.collect()
}

fn timestamps(timestamp: &str) -> Vec<Part<'_>> {
    let mut parts = vec![(None, Cow::Borrowed(timestamp.as_bytes()))];
    let what =
        "the timestamp in it is in milliseconds, and the header's is in seconds: use one text for both";
    add(
        &mut parts,
        CauseKind::Timestamp,
        what,
        format!("{timestamp}000").into_bytes(),
    );
    parts
}

fn bodies(body: &[u8]) -> Vec<Part<'_>> {
    let mut parts = vec![(None, Cow::Borrowed(body))];
    if body.is_empty() {
        let what = "the body in it is not empty, and none was sent (GET has none): sign an empty one";
        for other in ["{}", "null", "\"\"", "[]"] {
            add(
                &mut parts,
                CauseKind::MessageDiffers,
                what,
                other.as_bytes().to_vec(),
            );
        }
        return parts;
    }
    let what = "the body in it is empty, and one was sent: sign the very bytes that are sent";
    add(&mut parts, CauseKind::MessageDiffers, what, Vec::new());
    let what = "the body in it is written differently than the one that was sent: serialise once, sign those bytes and send \
                them";
    for (kind, candidate) in candidates(body) {
        add(&mut parts, kind, what, candidate);
    }
    parts
}

fn add(parts: &mut Vec<Part<'_>>, kind: CauseKind, what: &'static str, candidate: Vec<u8>) {
    if !parts.iter().any(|(_, known)| **known == *candidate) {
        parts.push((Some((kind, what)), Cow::Owned(candidate)));
    }
}
