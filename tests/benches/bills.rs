//! A bill of a million rows, made as it is read, so that only the reader's memory counts.
//!
//! `cargo bench -p wxpay-tests --bench bills`

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::print_stdout,
    reason = "the memory is printed beside criterion's figures"
)]

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wxpay_proto::bill::{BillReader, BillWriter, Trade};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileCheck, FileKey, SealedFile};

const ROWS: u64 = 1_000_000;
/// How many rows arrive at a time.
const BATCH: u64 = 1_000;

fn cells() -> [&'static str; 27] {
    [
        "2019-02-19 18:19:32",
        "wxab8acd895ab1638a",
        "1921000401",
        "0",
        "",
        "4200000263201902167700134902",
        "autotest_1234567890",
        "oHkLxtw2PABCDEFGHIJKLMNOPQRS",
        "NATIVE",
        "SUCCESS",
        "OTHERS",
        "CNY",
        "0.03",
        "0.00",
        "0",
        "0",
        "0.00",
        "0.00",
        "",
        "",
        "名称,带逗号",
        "",
        "0.01000",
        "39.00%",
        "0.03",
        "0.00",
        "",
    ]
}

/// The parts of a bill: its beginning, a thousand rows, and its end.
fn bill() -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut writer = BillWriter::new(Trade::ALL).expect("names");
    let header = writer.take();
    for _ in 0..BATCH {
        writer.row(cells()).expect("a row");
    }
    let batch = writer.take();
    let count = ROWS.to_string();
    let end = writer.summary(Trade::SUMMARY, [count.as_str(), "0", "0", "0", "0", "0", "0"]);
    (header, batch, end.expect("a summary"))
}

fn read(parts: &(Vec<u8>, Vec<u8>, Vec<u8>), typed: bool) -> u64 {
    let mut reader = BillReader::new();
    let mut fen = 0;
    reader.push(&parts.0);
    for _ in 0..ROWS / BATCH {
        reader.push(black_box(&parts.1));
        while let Some(row) = reader.next_row() {
            let row = row.expect("a row");
            fen += match typed {
                true => Trade::from_row(&row).expect("amounts").order_amount,
                false => row.fen("订单金额").expect("an amount"),
            }
            .unwrap_or(0);
        }
    }
    reader.push(&parts.2);
    let end = reader.finish().expect("a bill");
    assert!(end.is_complete() && fen == 3 * i64::try_from(ROWS).expect("a number"));
    end.rows()
}

fn bills(criterion: &mut Criterion) {
    let parts = bill();
    let size =
        parts.0.len() + parts.1.len() * usize::try_from(ROWS / BATCH).expect("a number") + parts.2.len();
    let before = peak();
    read(&parts, true);
    if let (Some(before), Some(after)) = (before, peak()) {
        println!(
            "a bill of {ROWS} rows and {} MiB raised the peak of memory by {} KiB",
            size >> 20,
            after - before
        );
    }

    let mut group = criterion.benchmark_group("bill_of_a_million_rows");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(size as u64));
    group.bench_function("bare_lines", |bencher| {
        let batch = String::from_utf8(parts.1.clone()).expect("UTF-8");
        bencher.iter(|| {
            (0..ROWS / BATCH)
                .map(|_| black_box(&batch).lines().count())
                .sum::<usize>()
        });
    });
    group.bench_function("rows", |bencher| bencher.iter(|| read(&parts, false)));
    group.bench_function("trades", |bencher| bencher.iter(|| read(&parts, true)));
    group.finish();

    // Proof beside reading: the digest alone, and decryption with the digest behind it.
    let batch = parts.1.repeat(16);
    let mut group = criterion.benchmark_group("proof_of_a_file");
    group.throughput(Throughput::Bytes(batch.len() as u64));
    let digest = FileDigest::new("SHA1", &"00".repeat(20)).expect("a digest");
    group.bench_function("bare_sha1", |bencher| {
        bencher.iter(|| digest.check(black_box(&batch)).is_err())
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            let mut check = FileCheck::new(&digest, 1 << 30);
            for chunk in batch.chunks(16 * 1024) {
                check.push(chunk);
                while check.next_piece().expect("a piece").is_some() {}
            }
            check.finish().is_err()
        });
    });
    let key = FileKey::new([7; 32]).expect("a key");
    let sealed = key.seal("be3c1d9a5f7e", b"", &batch).expect("sealed");
    group.bench_function("decrypt", |bencher| {
        bencher.iter(|| {
            let mut file = SealedFile::new(&key, "be3c1d9a5f7e").expect("a nonce");
            for chunk in sealed.chunks(16 * 1024) {
                file.push(chunk);
                while file.next_piece().expect("a piece").is_some() {}
            }
            file.finish().expect("genuine").length()
        });
    });
    group.finish();
}

/// The peak of this process's memory in KiB, where the system tells it.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = bills
}
criterion_main!(benches);
