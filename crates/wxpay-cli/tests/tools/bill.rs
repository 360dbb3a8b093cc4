//! `wxpay bill read`.

use std::io::Write as _;

use serde_json::Value;
use wxpay_proto::bill::{BillWriter, FundFlow};

use crate::vectors::{bytes, vector};
use crate::world::World;

const TRADE: &str = "\u{FEFF}交易时间,商户订单号,交易状态,商品名称,手续费,订单金额,退款金额,新的一列\r\n";

/// A trade bill with these rows and a summary of its own.
fn trade(rows: &[&str], summary: &str) -> Vec<u8> {
    let names = "总交易单数,手续费总金额,订单总金额,退款总金额";
    format!("{TRADE}{}\r\n{names}\r\n{summary}\r\n", rows.join("\r\n")).into_bytes()
}

const ROWS: [&str; 2] = [
    "`2019-02-19 18:19:32,`A1,`SUCCESS,`名称,带逗号,`0.01001,`0.10,`0.00,`x",
    "`2019-02-19 18:19:33,`A2,`REFUND,`伞\"大\",`-0.00001,`0.00,`0.20,`y",
];
const SUMMARY: &str = "`2,`0.01,`0.10,`0.20";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn published_bills_are_read_packed_and_plain_and_checked_by_their_digest() {
    let world = World::new("bill-vectors");
    for name in ["trade_bill_plain", "trade_bill_gzip", "trade_bill_hash_uppercase"] {
        let inputs = &vector("bill", name)["inputs"];
        world.write("bill", &bytes(&inputs["content_base64"]));
        let digest = format!(
            "{}:{}",
            inputs["hash_type"].as_str().unwrap(),
            inputs["hash_value"].as_str().unwrap()
        );
        let run = world.run(&["bill", "read", "bill", "--digest", &digest, "--format", "csv"]);
        let run = run.ends(0).says("the digest is the one that was told");
        if name == "trade_bill_plain" {
            let expected = &vector("bill", name)["expected"];
            let columns: Vec<_> = expected["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(|name| name.as_str().unwrap())
                .collect();
            assert_eq!(run.text().lines().next().unwrap(), columns.join(","));
            assert_eq!(
                run.text().lines().count(),
                1 + expected["rows"].as_array().unwrap().len()
            );
        }
        let wrong = "SHA1:0000000000000000000000000000000000000000";
        let run = world
            .run(&["bill", "read", "bill", "--digest", wrong, "--totals"])
            .ends(1);
        run.says("do not use it");
    }
}

#[test]
fn rows_come_as_table_json_and_csv() {
    let world = World::new("bill-formats");
    let bill = trade(&ROWS, SUMMARY);
    for input in [bill.clone(), gzip(&bill)] {
        let run = world.pipe(&["bill", "read"], &input).ends(0);
        let lines = run.text();
        let lines: Vec<_> = lines.lines().collect();
        assert!(
            lines[0].starts_with("交易时间             商户订单号"),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("2019-02-19 18:19:32  A1 ") && lines[1].contains("  SUCCESS "));
        assert_eq!(lines.len(), 3);

        let run = world
            .pipe(&["bill", "read", "-", "--format", "json"], &input)
            .ends(0);
        let rows: Vec<Value> = run
            .text()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(rows[0]["order_amount"], 10);
        assert_eq!(rows[0]["fee"], "0.01001");
        assert_eq!(rows[0]["description"], "名称,带逗号");
        assert_eq!(rows[1]["other"], serde_json::json!([["新的一列", "y"]]));

        let run = world.pipe(&["bill", "read", "--format", "csv"], &input).ends(0);
        let wanted = format!(
            "{}2019-02-19 18:19:32,A1,SUCCESS,\"名称,带逗号\",0.01001,0.10,0.00,x\r\n\
             2019-02-19 18:19:33,A2,REFUND,\"伞\"\"大\"\"\",-0.00001,0.00,0.20,y\r\n",
            TRADE.trim_start_matches('\u{FEFF}')
        );
        assert_eq!(run.text(), wanted);
        let arguments = [
            "bill",
            "read",
            "--format",
            "csv",
            "--columns",
            "新的一列,商户订单号",
        ];
        let run = world.pipe(&arguments, &input).ends(0);
        assert_eq!(run.text(), "新的一列,商户订单号\r\nx,A1\r\ny,A2\r\n");
    }
}

#[test]
fn totals_are_those_of_the_summary_or_it_is_told() {
    let world = World::new("bill-totals");
    let run = world
        .pipe(&["bill", "read", "--totals"], &trade(&ROWS, SUMMARY))
        .ends(0);
    run.shows("trade bill (交易账单), 2 rows\n")
        .shows("手续费总金额: 0.01 (as in the summary)\n")
        .shows("退款总金额: 0.20 (as in the summary)\n");
    let wrong = trade(&ROWS, "`2,`0.01,`0.11,`0.20");
    let run = world.pipe(&["bill", "read", "--totals"], &wrong).ends(1);
    run.shows("订单总金额: 0.10 (DIFFERS: the summary says 0.11)")
        .says("订单总金额: the rows add up to 0.10, and the summary says 0.11");
    // Nobody has to ask for totals to be told.
    world
        .pipe(&["bill", "read"], &wrong)
        .ends(1)
        .says("the rows add up to 0.10");
    let missing = trade(&ROWS[..1], SUMMARY);
    world
        .pipe(&["bill", "read"], &missing)
        .ends(1)
        .says("the summary counts 2 rows, and 1 were read");
    let cut = format!("{TRADE}{}\r\n", ROWS[0]);
    world
        .pipe(&["bill", "read"], cut.as_bytes())
        .ends(1)
        .says("there is no summary");
    let arguments = ["bill", "read", "--totals", "--format", "json"];
    let run = world.pipe(&arguments, &trade(&ROWS, SUMMARY)).ends(0);
    let last: Value = serde_json::from_str(run.text().lines().last().unwrap()).unwrap();
    assert_eq!(
        (&last["rows"], &last["summary"]["订单总金额"]),
        (&2.into(), &"0.10".into())
    );
}

#[test]
fn a_bad_row_is_named_and_does_not_end_the_reading() {
    let world = World::new("bill-bad");
    let rows = [
        ROWS[0],
        "`2019-02-19 18:19:32,`too,`few",
        "`2019-02-19 18:19:32,`A3,`SUCCESS,`x,`0,`0.105,`0,`z",
        ROWS[1],
    ];
    let bill = trade(&rows, "`4,`0.01,`0.10,`0.20");
    for format in ["json", "csv", "table", "none"] {
        let run = world.pipe(&["bill", "read", "--format", format], &bill).ends(1);
        let run = run.says("line 3 of the bill: 3 cells for 8 columns");
        let run = run.says("line 4, column 订单金额, of the bill: \"0.105\"");
        if format != "none" {
            run.shows("A1").shows("A2");
        }
    }
}

#[test]
fn fund_flow_bills_and_unknown_ones_are_read() {
    let world = World::new("bill-fund-flow");
    let mut writer = BillWriter::new(FundFlow::COLUMNS).unwrap();
    for (direction, amount) in [("收入", 100), ("支出", 30), ("收入", 5)] {
        let mut flow = FundFlow::default();
        flow.booking_time = Some("2019-02-19 18:19:32".into());
        flow.direction = Some(direction.to_owned());
        flow.amount = Some(amount);
        writer.record(&flow).unwrap();
    }
    let bill = writer
        .summary(FundFlow::SUMMARY, ["3", "2", "1.05", "1", "0.30"])
        .unwrap();
    let run = world.pipe(&["bill", "read", "--totals"], &bill).ends(0);
    run.shows("fund-flow bill (资金账单), 3 rows\n")
        .shows("收入笔数: 2.00 (as in the summary)\n")
        .shows("支出金额: 0.30 (as in the summary)\n");
    let run = world.pipe(&["bill", "read", "--format", "json"], &bill).ends(0);
    assert_eq!(run.text().lines().count(), 3);
    let other = "甲,乙\n`1,`2\n总交易单数\n`1\n";
    let run = world
        .pipe(&["bill", "read", "--format", "json"], other.as_bytes())
        .ends(0);
    assert_eq!(run.text(), "{\"甲\":\"1\",\"乙\":\"2\"}\n");
}

#[test]
fn a_day_without_orders_is_a_bill_and_a_refusal_is_none() {
    let world = World::new("bill-empty");
    let empty = format!("{TRADE}总交易单数,订单总金额\r\n`0,`0.00\r\n");
    let run = world
        .pipe(&["bill", "read", "--format", "csv"], empty.as_bytes())
        .ends(0);
    assert_eq!(run.text(), TRADE.trim_start_matches('\u{FEFF}'));
    let refusal = vector("v2_response", "download_bill_error")["inputs"]["body"]
        .as_str()
        .unwrap();
    world
        .pipe(&["bill", "read"], refusal.as_bytes())
        .ends(1)
        .says("No Bill Exist")
        .says("20002");
    for (input, said) in [
        (&b""[..], "column names are expected"),
        (b"`1,`2\n", "column names are expected"),
    ] {
        world.pipe(&["bill", "read"], input).ends(1).says(said);
    }
    let half = gzip(&trade(&ROWS, SUMMARY));
    world
        .pipe(&["bill", "read"], &half[..half.len() / 2])
        .ends(1)
        .says("unpacked");
}

#[test]
fn what_cannot_be_looked_at_ends_with_2() {
    let world = World::new("bill-cannot");
    let bill = trade(&ROWS, SUMMARY);
    for (arguments, said) in [
        (&["bill", "read", "none"][..], "none: "),
        (
            &["bill", "read", "--columns", "甲"],
            "the bill has no column 甲; it has 交易时间,",
        ),
        (&["bill", "read", "--digest", "abc"], "--digest abc"),
        (&["bill", "read", "--digest", "MD5:00"], "--digest MD5:00"),
        (&["bill", "read", "--format", "xml"], "--format"),
    ] {
        world.pipe(arguments, &bill).ends(2).says(said);
    }
}

/// The memory of the command does not grow with the bill.
#[cfg(target_os = "linux")]
#[test]
fn a_long_bill_is_read_in_little_memory() {
    let world = World::new("bill-long");
    // Long cells make a long bill of few rows: more than the memory that is allowed below.
    let (count, name) = (60_000, "伞".repeat(500));
    let mut bill = TRADE.as_bytes().to_vec();
    for number in 0..count {
        let row = format!("`2019-02-19 18:19:32,`A{number},`SUCCESS,`{name},`0.01,`0.10,`0.00,`x\r\n");
        bill.extend_from_slice(row.as_bytes());
    }
    let names = "总交易单数,手续费总金额,订单总金额,退款总金额";
    bill.extend_from_slice(format!("{names}\r\n`{count},`600.00,`6000.00,`0.00\r\n").as_bytes());
    let packed = gzip(&bill);
    world.write("bill.gz", &packed);
    let limit = 48 << 10;
    // The shell's limit holds for the command: an allocation beyond it fails.
    let script = format!(
        "ulimit -v {limit} && exec '{}' bill read bill.gz --totals",
        env!("CARGO_BIN_EXE_wxpay")
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &script])
        .current_dir(&world.folder)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        output.status.code(),
        Some(0),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(
        bill.len() > limit << 10 && text.contains("订单总金额: 6000.00 (as in the summary)"),
        "{text}"
    );
}
