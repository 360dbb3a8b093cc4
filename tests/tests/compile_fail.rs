//! What must not compile, and beside each case its twin that differs in one line and does.
//!
//! The twin is what proves that a case fails for its own reason and not for a slip elsewhere in it. All of them are
//! compiled at once, against the core without a backend, so that it takes seconds. Of the compiler's errors only the
//! beginning of the headline is held against `compile-fail/*.stderr`: the rest is worded anew every few releases.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

const FAIL: &str = "compile-fail";
const PASS: &str = "compile-pass";
const CASES: usize = 14;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

/// The files of a folder by their names.
fn names(name: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder(name))
        .expect("the folder")
        .map(|entry| entry.expect("a file"));
    entries
        .map(|entry| entry.file_name().into_string().expect("UTF-8"))
        .collect()
}

fn text(folder_name: &str, name: &str) -> String {
    fs::read_to_string(folder(folder_name).join(name)).expect("the file")
}

/// A package with one program for each case and each twin; cargo compiles them all.
fn package() -> PathBuf {
    let package = Path::new(env!("CARGO_TARGET_TMPDIR")).join(FAIL);
    fs::create_dir_all(&package).expect("a folder for the package");
    let core = folder("../crates/wxpay-proto");
    let mut manifest =
        String::from("[package]\nname = 'cases'\nedition = '2024'\n\n[workspace]\n\n[dependencies]\n");
    manifest.push_str("bytes = '1'\nserde = { version = '1', features = ['derive'] }\n");
    writeln!(
        manifest,
        "wxpay-proto = {{ path = '{}', default-features = false }}",
        core.display()
    )
    .expect("a String takes everything");
    for kind in [FAIL, PASS] {
        for name in names(PASS) {
            let program = name.trim_end_matches(".rs");
            let path = folder(kind).join(&name);
            writeln!(
                manifest,
                "\n[[bin]]\nname = '{kind}--{program}'\npath = '{}'",
                path.display()
            )
            .expect("a String takes everything");
        }
    }
    // Only what has changed is compiled again.
    let file = package.join("Cargo.toml");
    if fs::read_to_string(&file).ok().as_ref() != Some(&manifest) {
        fs::write(file, manifest).expect("the manifest");
    }
    // The versions of the workspace, which are on this machine already.
    fs::copy(folder("../Cargo.lock"), package.join("Cargo.lock")).expect("the lock file");
    package
}

/// What the compiler says of each program: the headlines of its errors, none for one that compiles.
fn headlines() -> BTreeMap<String, Vec<String>> {
    let package = package();
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args([
            "check",
            "--bins",
            "--keep-going",
            "--offline",
            "--message-format=json",
        ])
        .arg("--target-dir")
        .arg(package.join("target"))
        .current_dir(&package)
        .output()
        .expect("cargo");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value = serde_json::from_str(line).expect("JSON");
        let Some(program) = message["target"]["name"]
            .as_str()
            .filter(|name| name.contains("--"))
        else {
            continue;
        };
        let errors = found.entry(program.to_owned()).or_default();
        let said = &message["message"];
        if message["reason"] == "compiler-message" && said["level"] == "error" && !said["spans"][0].is_null()
        {
            let code = said["code"]["code"]
                .as_str()
                .map(|code| format!("[{code}]"))
                .unwrap_or_default();
            errors.push(format!(
                "error{code}: {}",
                said["message"].as_str().expect("a text")
            ));
        }
    }
    assert_eq!(
        found.len(),
        2 * CASES,
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    found
}

#[test]
fn every_case_has_a_twin_that_differs_in_one_line() {
    let cases = names(PASS);
    assert_eq!(cases.len(), CASES);
    let wanted = cases
        .iter()
        .flat_map(|name| [name.clone(), name.replace(".rs", ".stderr")])
        .collect();
    assert_eq!(
        names(FAIL),
        wanted,
        "a case, its error and its twin have the same name"
    );
    for name in cases {
        let (fail, pass) = (text(FAIL, &name), text(PASS, &name));
        assert_eq!(fail.lines().count(), pass.lines().count(), "{name}");
        let differing = fail.lines().zip(pass.lines()).filter(|(one, other)| one != other);
        assert_eq!(differing.count(), 1, "{name}");
    }
}

#[test]
fn the_cases_fail_and_their_twins_compile() {
    let mut problems = String::new();
    for (program, errors) in headlines() {
        let (kind, name) = program.split_once("--").expect("a program of ours");
        let right = match kind {
            PASS => errors.is_empty(),
            _ => {
                let wanted = text(FAIL, &format!("{name}.stderr"));
                matches!(&errors[..], [error] if error.starts_with(wanted.trim_end()))
            }
        };
        if !right {
            writeln!(problems, "{program}: {errors:#?}").expect("a String takes everything");
        }
    }
    assert!(problems.is_empty(), "{problems}");
}
