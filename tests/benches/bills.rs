//! A bill of a million rows, made as it is read, so that only the reader's memory counts.
//!
//! `cargo bench -p wxpay-tests --bench bills`

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on fails")]
#![expect(
    clippy::print_stdout,
    reason = "the memory is printed beside criterion's figures"
)]

use std::hint::black_box;
use std::io::{Read as _, Write as _};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use sha1::{Digest as _, Sha1};
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

fn packed((header, batch, end): &(Vec<u8>, Vec<u8>, Vec<u8>)) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let batches = std::iter::repeat_n(batch, usize::try_from(ROWS / BATCH).expect("a number"));
    for part in std::iter::once(header).chain(batches).chain([end]) {
        packer.write_all(part).expect("it packs");
    }
    packer.finish().expect("it packs")
}

fn sha1((header, batch, end): &(Vec<u8>, Vec<u8>, Vec<u8>)) -> FileDigest {
    let mut hash = Sha1::new();
    hash.update(header);
    (0..ROWS / BATCH).for_each(|_| hash.update(batch));
    hash.update(end);
    let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    FileDigest::new("SHA1", &hex).expect("a digest")
}

/// What a record needs of a row, and nothing that outlives it.
struct Bare<'a> {
    texts: [&'a str; 21],
    fen: [i64; 6],
}

/// The same work by hand, for this one form of bill: unpack, hash, cut lines, cut cells, check that they are UTF-8, read
/// the amounts. No cell is copied, no error is told, and another column in the bill would be read as something else.
fn pipeline(packed: &[u8]) -> u64 {
    let mut unpacked = flate2::bufread::GzDecoder::new(packed);
    let (mut hash, mut buffer, mut kept) = (Sha1::new(), vec![0; 256 * 1024], 0);
    let (mut rows, mut fen) = (0, 0);
    loop {
        let read = unpacked.read(&mut buffer[kept..]).expect("it unpacks");
        if read == 0 {
            break;
        }
        hash.update(&buffer[kept..kept + read]);
        let (filled, mut at) = (kept + read, 0);
        while let Some(length) = memchr::memchr(b'\n', &buffer[at..filled]) {
            let line = &buffer[at..at + length - 1];
            at += length + 1;
            if line.first() == Some(&b'`')
                && let Some(row) = bare(std::str::from_utf8(line).expect("UTF-8"))
            {
                fen += black_box(&row).fen[4];
                black_box(row.texts);
                rows += 1;
            }
        }
        buffer.copy_within(at..filled, 0);
        kept = filled - at;
    }
    black_box(hash.finalize());
    assert_eq!((rows, fen), (ROWS, 3 * i64::try_from(ROWS).expect("a number")));
    rows
}

fn bare(line: &str) -> Option<Bare<'_>> {
    const AMOUNTS: [usize; 6] = [12, 13, 16, 17, 24, 25];
    let mut row = Bare {
        texts: [""; 21],
        fen: [0; 6],
    };
    let (mut texts, mut amounts, mut at, mut index) = (0, 0, 1, 0);
    let marks = memchr::memchr_iter(b'`', line.as_bytes());
    let ends = marks
        .filter(|mark| *mark > 1 && line.as_bytes()[mark - 1] == b',')
        .map(|mark| mark - 1);
    for end in ends.chain([line.len()]) {
        let cell = &line[at..end];
        at = end + 2;
        if AMOUNTS.contains(&index) {
            let digits = cell.bytes().filter(|b| *b != b'.');
            *row.fen.get_mut(amounts)? =
                digits.fold(0, |sum, digit| sum * 10 + i64::from(digit.wrapping_sub(b'0')));
            amounts += 1;
        } else {
            *row.texts.get_mut(texts)? = cell;
            texts += 1;
        }
        index += 1;
    }
    // The summary has fewer cells.
    (index == 27).then_some(row)
}

fn unpack(packed: &[u8], digest: &FileDigest, typed: bool) -> u64 {
    let mut check = FileCheck::new(digest, 1 << 30);
    let mut reader = BillReader::new();
    let mut fen = 0;
    for chunk in packed.chunks(16 * 1024) {
        check.push(chunk);
        while let Some(piece) = check.next_piece().expect("a piece") {
            reader.push(piece.claimed());
            while let Some(row) = reader.next_row() {
                let row = row.expect("a row");
                fen += match typed {
                    true => Trade::from_row(&row).expect("amounts").order_amount,
                    false => row.fen("订单金额").expect("an amount"),
                }
                .unwrap_or(0);
            }
        }
    }
    let _ = check.finish().expect("the right digest");
    assert!(reader.finish().expect("a bill").is_complete());
    assert_eq!(fen, 3 * i64::try_from(ROWS).expect("a number"));
    ROWS
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

    // The whole way of a downloaded bill: unpacked, its SHA-1 made, its rows read into records.
    let packed = packed(&parts);
    let digest = sha1(&parts);
    let mut group = criterion.benchmark_group("packed_bill_of_a_million_rows");
    group.sample_size(10);
    group.throughput(Throughput::Bytes(size as u64));
    group.bench_function("bare_pipeline", |bencher| bencher.iter(|| pipeline(&packed)));
    group.bench_function("rows", |bencher| bencher.iter(|| unpack(&packed, &digest, false)));
    group.bench_function("trades", |bencher| {
        bencher.iter(|| unpack(&packed, &digest, true))
    });
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
