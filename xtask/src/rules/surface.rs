//! Whoever uses the transport must not have to use what it is built on: no type of hyper, rustls or tokio stands in its
//! public signatures, but at the seams where users put in a connector or a reader of their own.

use super::code::shipped;
use super::finding::Finding;
use super::imports::imports;
use super::tree::{Tree, numbered};

const TRANSPORT: &str = "crates/wxpay-hyper/src/";
const HIDDEN: [&str; 7] = [
    "hyper",
    "hyper_rustls",
    "hyper_util",
    "rustls",
    "rustls_native_certs",
    "tokio",
    "tokio_rustls",
];
/// Asked for: they take any stream of bytes, and tokio's traits are what says that something is one.
const SEAMS: [&str; 3] = ["fn connector<", "async fn reader(", "fn reader_once("];
const PUBLIC: [&str; 7] = [
    "fn ",
    "async fn ",
    "const fn ",
    "struct ",
    "enum ",
    "trait ",
    "type ",
];

pub(super) fn nothing_underneath_shows(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files.iter().filter(|file| file.path.starts_with(TRANSPORT)) {
        let code = shipped(&file.path, &file.text);
        let mut names: Vec<String> = HIDDEN.map(str::to_owned).into();
        for import in imports(&code) {
            if import
                .segments
                .first()
                .is_some_and(|first| HIDDEN.contains(&first.as_str()))
            {
                names.extend(import.alias.or_else(|| import.segments.last().cloned()));
            }
        }
        let mut inside = false;
        for (number, line) in numbered(&code) {
            let text = line.trim_start();
            if let Some(item) = text.strip_prefix("pub ") {
                let seam = SEAMS.iter().any(|seam| item.starts_with(seam));
                inside = !seam && PUBLIC.iter().any(|kind| item.starts_with(kind));
                // A public field ends with its line.
                if !inside && item.contains(": ") && item.ends_with(',') {
                    findings.extend(shows(item, &names).map(|name| found(&file.path, number, name)));
                }
            }
            if !inside {
                continue;
            }
            let signature = text.split(['{', ';']).next().unwrap_or_default();
            findings.extend(shows(signature, &names).map(|name| found(&file.path, number, name)));
            inside = !text.contains(['{', ';']);
        }
    }
    findings
}

fn shows<'a>(text: &str, names: &'a [String]) -> Option<&'a String> {
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    words.find_map(|word| names.iter().find(|name| *name == word))
}

fn found(path: &str, line: usize, name: &str) -> Finding {
    Finding::new(
        path,
        line,
        format!("`{name}` shows in a public signature: wrap it, or keep it inside"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<usize> {
        let tree = Tree::of([("crates/wxpay-hyper/src/a.rs", text)]);
        let findings = nothing_underneath_shows(&tree);
        findings.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_type_from_underneath_is_found_wherever_it_shows() {
        assert_eq!(
            lines("use hyper::body::Incoming;\npub fn f(\n    x: u8,\n    body: Incoming,\n) {}"),
            [4]
        );
        assert_eq!(lines("pub struct A(pub tokio::net::TcpStream);"), [1]);
        assert_eq!(lines("pub type A = Vec<rustls::Error>;"), [1]);
        assert_eq!(
            lines("use rustls::Error as Tls;\npub struct A {\n    pub error: Tls,\n}"),
            [3]
        );
    }

    #[test]
    fn inside_and_at_the_seam_they_may_stand() {
        let text = "use tokio::io::AsyncRead;\n\
            pub(crate) fn f(x: impl AsyncRead) {}\n\
            pub fn g() {\n    hyper::x();\n}\n\
            struct B(hyper::Error);\n\
            pub fn connector<C: AsyncRead>(c: C) {}\n\
            pub fn reader_once(r: impl AsyncRead) {}\n";
        assert_eq!(lines(text), [0_usize; 0]);
    }
}
