//! The fuzzers' functions on a stable compiler: over the corpus, the inputs of the vectors, and changes of both.

#![expect(clippy::expect_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wxpay_tests::cases::cases;
use wxpay_tests::fuzz::TARGETS;
use wxpay_tests::seeds::seeds;

/// The committed corpus of a target.
fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fuzz/corpus")
        .join(target);
    let entries = fs::read_dir(folder)
        .expect("a corpus")
        .map(|entry| entry.expect("a file"));
    entries
        .map(|entry| fs::read(entry.path()).expect("its content"))
        .collect()
}

/// A change of an input: a byte set, put in or left out, or a part repeated or cut off.
#[derive(Clone, Debug)]
enum Change {
    Set(prop::sample::Index, u8),
    Insert(prop::sample::Index, u8),
    Remove(prop::sample::Index),
    Repeat(prop::sample::Index, prop::sample::Index),
    Cut(prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<prop::sample::Index>;
    let byte = || {
        prop_oneof![
            any::<u8>(),
            prop::sample::select(b"\0\n\r \"&',-.0:;<=>[]{}\xef\xff".to_vec())
        ]
    };
    prop_oneof![
        (at(), byte()).prop_map(|(at, byte)| Change::Set(at, byte)),
        (at(), byte()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        at().prop_map(Change::Remove),
        (at(), at()).prop_map(|(from, to)| Change::Repeat(from, to)),
        at().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let end = bytes.len() + 1;
    match change {
        Change::Set(at, byte) => {
            if let Some(found) = bytes.get_mut(at.index(end)) {
                *found = *byte;
            }
        }
        Change::Insert(at, byte) => bytes.insert(at.index(end), *byte),
        Change::Remove(at) if !bytes.is_empty() => drop(bytes.remove(at.index(end - 1))),
        Change::Remove(_) => {}
        Change::Repeat(from, to) => {
            let (from, to) = (from.index(end), to.index(end));
            bytes.extend_from_within(from.min(to)..from.max(to));
        }
        Change::Cut(at) => bytes.truncate(at.index(end)),
    }
}

#[test]
fn every_target_has_a_corpus_and_survives_it() {
    for (name, target) in TARGETS {
        let (committed, more) = (corpus(name), seeds(name));
        assert!(
            committed.len() >= 4 && more.len() >= 4,
            "{name}: {} and {}",
            committed.len(),
            more.len()
        );
        for input in committed.iter().chain(&more) {
            target(input);
        }
    }
}

#[test]
fn every_target_survives_changes_of_its_corpus() {
    for (name, target) in TARGETS {
        let seeds = [corpus(name), seeds(name)].concat();
        let input = (prop::sample::select(seeds), prop::collection::vec(change(), 1..6)).prop_map(
            |(mut input, changes)| {
                for change in &changes {
                    apply(&mut input, change);
                }
                input
            },
        );
        // What a case costs: some targets sign with RSA first, two backends read each key file, and a password takes some
        // thousand rounds.
        let cost = match name {
            "key_files" | "p12" => 20,
            "v3_answer" | "v3_refusal" | "notification" | "certificates" => 5,
            _ => 1,
        };
        let config = Config {
            cases: cases(cost) * 4,
            failure_persistence: None,
            ..Config::default()
        };
        let run = TestRunner::new(config).run(&input, |input| {
            target(&input);
            Ok(())
        });
        assert!(run.is_ok(), "{name}: {}", run.expect_err("it failed"));
    }
}

/// The committed targets of cargo-fuzz are the ones that run here.
#[test]
fn every_target_has_a_program_for_the_fuzzer() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("the manifest");
    assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    for (name, _) in TARGETS {
        assert!(
            manifest.contains(&format!("path = \"fuzz_targets/{name}.rs\"")),
            "{name}"
        );
        let program =
            fs::read_to_string(folder.join(format!("fuzz_targets/{name}.rs"))).expect("the program");
        assert!(
            program.contains(&format!("wxpay_tests::fuzz::{name}(bytes)")),
            "{name}"
        );
    }
}
