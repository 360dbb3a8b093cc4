//! The search itself: a secret that is put into a line, a span, an error or a file is found, in whichever form, and a text
//! without one is not complained about.

use std::fmt::Debug;
use std::io;

use log::Log as _;

use crate::listening::{Lines, Traces};
use crate::search::Search;

const SECRET: &str = "the-secret-that-was-planted-here";

fn search() -> Search {
    let mut search = Search::default();
    search.secret("a planted one", SECRET);
    search
}

#[derive(Debug, thiserror::Error)]
#[error("it did not go well")]
struct Outer {
    source: Inner,
}

#[derive(thiserror::Error)]
#[error("{0}")]
struct Inner(&'static str);

impl Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inner")
    }
}

#[test]
fn a_secret_in_a_log_line_is_found() {
    let traces = Traces::default();
    let traced = |act: &dyn Fn()| {
        let traces = Traces::default();
        tracing::subscriber::with_default(traces.clone(), act);
        search().in_text(traces.text.get().as_bytes()).len()
    };
    assert_eq!(traced(&|| tracing::info!(key = SECRET, "told")), 1);
    assert_eq!(traced(&|| tracing::trace!("told {SECRET}")), 1);
    assert_eq!(traced(&|| drop(tracing::info_span!("call", key = SECRET))), 1);
    let later = || {
        let span = tracing::info_span!("call", key = tracing::field::Empty);
        span.record("key", SECRET);
    };
    assert_eq!(traced(&later), 1);
    let bytes = || tracing::debug!(body = ?SECRET.as_bytes(), "sent");
    assert_eq!(traced(&bytes), 1);
    assert_eq!(traced(&|| tracing::info!(length = SECRET.len(), "told")), 0);
    assert!(search().in_text(traces.text.get().as_bytes()).is_empty());

    let lines = Lines::default();
    let log = |text: std::fmt::Arguments<'_>| lines.log(&log::Record::builder().args(text).build());
    log(format_args!("a handshake"));
    assert!(search().in_text(lines.0.get().as_bytes()).is_empty());
    log(format_args!("a handshake with {SECRET}"));
    assert_eq!(
        search().in_text(lines.0.get().as_bytes()),
        [r#"a planted one, after " a handshake with ""#]
    );
}

#[test]
fn a_secret_in_an_error_is_found_also_in_its_causes() {
    let clean = search();
    clean.show_error(&Outer {
        source: Inner("no reason"),
    });
    assert!(clean.in_shown().is_empty());
    let deep = search();
    deep.show_error(&Outer {
        source: Inner(SECRET),
    });
    assert_eq!(deep.in_shown().len(), 1, "{:?}", deep.in_shown());
    let debug = search();
    debug.show_error(&io::Error::other(SECRET));
    assert_eq!(debug.in_shown().len(), 1);
    let value = search();
    value.show(&Some(SECRET));
    assert_eq!(value.in_shown().len(), 1);
}

#[test]
fn a_secret_is_found_in_every_form() {
    let search = search();
    let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for text in [
        format!("Basic {SECRET}"),
        // As base64 writes it for itself.
        "dGhlLXNlY3JldC10aGF0LXdhcy1wbGFudGVkLWhlcmU=".to_owned(),
        hexadecimal,
        format!("{:?}", SECRET.as_bytes()),
        format!("{:?}", bytes::Bytes::from_static(SECRET.as_bytes())),
    ] {
        assert_eq!(search.in_text(text.as_bytes()).len(), 1, "{text}");
    }
    assert!(search.in_text(&SECRET.as_bytes()[1..]).is_empty());
}

#[test]
fn every_line_of_a_private_key_is_a_secret() {
    let mut search = Search::default();
    let lines = ["MIIEvQIBADANBgkqhkiG9w0BAQ", "EFAASCBKcwggSjAgEAAoIBAQC7"];
    let pem = format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        lines.join("\n")
    );
    search.private_key("a key", &pem);
    assert_eq!(search.len(), 2);
    for line in lines {
        assert_eq!(search.in_text(format!("read {line}").as_bytes()).len(), 1);
    }
    assert!(search.in_text(b"-----BEGIN PRIVATE KEY-----").is_empty());
}
