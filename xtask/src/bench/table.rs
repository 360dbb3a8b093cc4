//! The table of `docs/performance.md`, from what the benchmarks have left behind.

use std::path::PathBuf;

use serde_json::Value;

use crate::run::root;

/// A row: what is measured beside which primitive, as criterion names them; `{}` is the backend.
struct Row {
    work: &'static str,
    primitive: &'static str,
    measured: &'static str,
}

const fn row(work: &'static str, primitive: &'static str, measured: &'static str) -> Row {
    Row {
        work,
        primitive,
        measured,
    }
}

/// Rows of a signature's backend.
const SIGNED: [Row; 7] = [
    row(
        "build and sign a request",
        "v3_sign_{}/bare_rsa",
        "v3_sign_{}/request",
    ),
    row(
        "verify and parse an answer of 586 bytes",
        "v3_verify_{}/bare_rsa",
        "v3_verify_{}/answer",
    ),
    row(
        "the same, beside a key read each time",
        "v3_verify_{}/bare_rsa_of_a_key_in_bytes",
        "v3_verify_{}/answer",
    ),
    row(
        "open a notification of 532 bytes",
        "v3_notification_of_532_bytes_{}/bare_rsa",
        "v3_notification_of_532_bytes_{}/open",
    ),
    row(
        "the same, beside a key read each time",
        "v3_verify_{}/bare_rsa_of_a_key_in_bytes",
        "v3_notification_of_532_bytes_{}/open",
    ),
    row(
        "open a notification of 1932 bytes",
        "v3_notification_of_1932_bytes_{}/bare_rsa",
        "v3_notification_of_1932_bytes_{}/open",
    ),
    row(
        "the same, beside a key read each time",
        "v3_verify_{}/bare_rsa_of_a_key_in_bytes",
        "v3_notification_of_1932_bytes_{}/open",
    ),
];

/// Rows that no backend is part of, or AWS-LC alone.
const OTHERS: [Row; 7] = [
    row(
        "a call, the client's processor time",
        "call_alone/bare_of_the_processor",
        "call_alone/call_of_the_processor",
    ),
    row(
        "the same by hand, nothing parsed",
        "call_alone/bare_of_the_processor",
        "call_alone/by_hand_of_the_processor",
    ),
    row(
        "a call beside the one by hand",
        "call_alone/by_hand_of_the_processor",
        "call_alone/call_of_the_processor",
    ),
    row(
        "a call, by the clock, with the server",
        "call_alone/bare_by_the_clock",
        "call_alone/call_by_the_clock",
    ),
    row(
        "32 calls in flight, processor time each",
        "calls_32_in_flight/bare_of_the_processor",
        "calls_32_in_flight/call_of_the_processor",
    ),
    row(
        "v2: read and verify 40 fields, typed",
        "v2_answer_of_40_fields/bare_pairs_and_md5",
        "v2_answer_of_40_fields/typed",
    ),
    row(
        "packed bill of a million rows, typed",
        "packed_bill_of_a_million_rows/bare_pipeline",
        "packed_bill_of_a_million_rows/trades",
    ),
];

/// Prints a row for each piece of work whose two figures are there.
pub(super) fn print() -> Result<(), String> {
    let mut printed = 0;
    eprintln!(
        "{:<42} {:>14} {:>14} {:>7}",
        "", "primitive, µs", "measured, µs", "ratio"
    );
    for backend in ["AwsLc", "RustCrypto"] {
        eprintln!("{backend}");
        for row in &SIGNED {
            printed += usize::from(line(row, backend));
        }
        if backend == "AwsLc" {
            for row in &OTHERS {
                printed += usize::from(line(row, backend));
            }
            busy();
        }
    }
    if printed == 0 {
        return Err("no benchmark has left anything behind".to_owned());
    }
    Ok(())
}

fn line(row: &Row, backend: &str) -> bool {
    let of = |name: &str| undisturbed(&name.replace("{}", backend));
    let (Some(primitive), Some(measured)) = (of(row.primitive), of(row.measured)) else {
        return false;
    };
    let ratio = measured / primitive;
    let (primitive, measured) = (primitive / 1000.0, measured / 1000.0);
    eprintln!("{:<42} {primitive:>14.2} {measured:>14.2} {ratio:>7.3}", row.work);
    true
}

/// How much of the time of two cores is RSA, with 32 calls in flight.
fn busy() {
    let of = |name: &str| undisturbed(&format!("calls_32_in_flight/{name}"));
    let all = (
        of("bare_of_the_processor"),
        of("call_of_the_processor"),
        of("call_by_the_clock"),
    );
    if let (Some(bare), Some(processor), Some(clock)) = all {
        let (client, cores) = (100.0 * bare / processor, 100.0 * bare / (2.0 * clock));
        eprintln!(
            "RSA: {client:.0} % of the client's processor time, {cores:.0} % of both cores' (with the server)"
        );
    }
}

/// Where criterion puts what it finds.
pub(super) fn folder() -> PathBuf {
    root().join("target/criterion")
}

/// What a benchmark's last run took when nothing disturbed it, in nanoseconds: the fastest twentieth of its samples. A
/// machine that is shared slows down in the middle of a run, and medians of two benchmarks are then of two machines.
fn undisturbed(name: &str) -> Option<f64> {
    let path = folder().join(name).join("new/sample.json");
    let text = std::fs::read_to_string(path).ok()?;
    let sample: Value = serde_json::from_str(&text).ok()?;
    let numbers = |name: &str| sample[name].as_array()?.iter().map(Value::as_f64).collect();
    let (times, iterations): (Option<Vec<f64>>, Option<Vec<f64>>) = (numbers("times"), numbers("iters"));
    let (times, iterations) = (times?, iterations?);
    let mut each: Vec<f64> = times
        .iter()
        .zip(&iterations)
        .map(|(time, count)| time / count)
        .collect();
    each.sort_by(f64::total_cmp);
    each.get(each.len() / 20).copied()
}
