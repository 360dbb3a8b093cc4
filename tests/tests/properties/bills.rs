//! Bills: what is written is read, however it is cut into chunks.

use proptest::prelude::*;
use wxpay_proto::bill::{BillError, BillProblem, BillReader, BillRecord as _, BillWriter, FundFlow, Trade};
use wxpay_proto::{DecimalText, fen_from_yuan, yuan_from_fen};
use wxpay_tests::fuzz;

use crate::{bytes, config, text};

/// What a bill was read as: columns, rows, summary, errors by line.
#[derive(Debug, PartialEq)]
struct Read {
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
    summary: Option<Vec<(String, String)>>,
    errors: Vec<BillError>,
}

/// Reads a bill that arrives in parts of these lengths, and then all that is left.
fn read(bill: &[u8], parts: &[usize]) -> Read {
    let mut reader = BillReader::new();
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    let mut rest = bill;
    for part in parts.iter().copied().chain([usize::MAX]) {
        let (chunk, after) = rest.split_at(part.min(rest.len()));
        rest = after;
        reader.push(chunk);
        if rest.is_empty() {
            reader.end();
        }
        while let Some(row) = reader.next_row() {
            match row {
                Ok(row) => rows.push((row.line(), row.iter().map(|(_, cell)| cell.to_owned()).collect())),
                Err(error) => errors.push(error),
            }
        }
    }
    let columns = reader.columns().map(str::to_owned).collect();
    let summary = match reader.finish() {
        Ok(end) => {
            assert_eq!(end.rows(), rows.len() as u64);
            let pairs = |(name, cell): (&str, &str)| (name.to_owned(), cell.to_owned());
            end.summary()
                .map(|summary| summary.row().iter().map(pairs).collect())
        }
        Err(error) => {
            errors.push(error);
            None
        }
    };
    Read {
        columns,
        rows,
        summary,
        errors,
    }
}

fn parts() -> impl Strategy<Value = Vec<usize>> {
    prop::collection::vec(prop_oneof![3 => 0..4_usize, 1 => 0..200_usize], 0..40)
}

fn cell() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => text(3),
        2 => prop::sample::select(vec!["`", ",", ",,", "``", "名称", "0.00", "\u{FEFF}", ",`"]).prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat())
}

fn fits(cell: &str) -> bool {
    !cell.contains(['\r', '\n']) && !cell.contains(",`")
}

fn names(most: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set("[\u{4e00}-\u{4fff}A-Z]{1,4}[ ()`]?", 1..=most)
        .prop_map(|names| names.into_iter().collect())
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_written_is_read(
        (columns, rows) in names(6).prop_flat_map(|names| {
            let row = prop::collection::vec(cell(), names.len());
            (Just(names), prop::collection::vec(row, 0..8))
        }),
        (summary_names, summary) in names(4).prop_flat_map(|names| {
            let cells = prop::collection::vec(cell().prop_filter("writable", |cell| fits(cell)), names.len());
            (Just(names), cells)
        }),
        parts in parts(),
    ) {
        let mut writer = BillWriter::new(&columns).expect("names");
        let mut bill = Vec::new();
        let mut wanted = Vec::new();
        for row in &rows {
            let written = writer.row(row);
            prop_assert_eq!(written.is_ok(), row.iter().all(|cell| fits(cell)), "{:?}", row);
            if written.is_ok() {
                wanted.push((wanted.len() as u64 + 2, row.clone()));
            }
            bill.extend(writer.take());
        }
        bill.extend(writer.summary(&summary_names, &summary).expect("a summary"));
        let found = read(&bill, &parts);
        prop_assert_eq!(&found.columns, &columns);
        prop_assert_eq!(&found.rows, &wanted);
        prop_assert_eq!(found.summary, Some(summary_names.into_iter().zip(summary).collect()));
        prop_assert_eq!(found.errors, []);
        // Line feeds alone, and no byte order mark: the same.
        let plain = String::from_utf8(bill).expect("UTF-8").replace("\r\n", "\n");
        prop_assert_eq!(read(plain.trim_start_matches('\u{FEFF}').as_bytes(), &parts).rows, wanted);
    }

    #[test]
    fn chunks_never_change_what_is_read(
        lines in prop::collection::vec(
            prop_oneof![cell(), Just("`a,`b".to_owned()), Just("A,B".to_owned()), Just("`1,`2".to_owned())], 0..10),
        damage in bytes(6),
        at in any::<prop::sample::Index>(),
        parts in parts(),
    ) {
        let mut bill = lines.join("\n").into_bytes();
        let at = at.index(bill.len() + 1);
        bill.splice(at..at, damage);
        prop_assert_eq!(read(&bill, &parts), read(&bill, &[]));
    }

    #[test]
    fn no_bytes_panic(bytes in bytes(200)) {
        fuzz::bill_file(&bytes);
    }

    #[test]
    fn a_trade_is_written_as_it_was_read(
        amounts in prop::collection::vec(-1_000_000_000_000_i64..1_000_000_000_000, 6),
        fee in "-?[0-9]{1,6}\\.[0-9]{5}",
        name in cell().prop_filter("writable", |cell| fits(cell)),
    ) {
        let mut trade = Trade::default();
        trade.description = Some(name.clone()).filter(|name| !name.is_empty());
        trade.fee = Some(DecimalText::new(fee));
        trade.sub_mchid = Some("1900000109".to_owned());
        (trade.settlement_amount, trade.coupon_amount) = (Some(amounts[0]), Some(amounts[1]));
        (trade.refund_amount, trade.coupon_refund_amount) = (Some(amounts[2]), Some(amounts[3]));
        (trade.order_amount, trade.refund_requested) = (Some(amounts[4]), Some(amounts[5]));
        let mut columns = Trade::REFUND.to_vec();
        columns.push("将来的列");
        let mut empty = trade.clone();
        empty.other.push(("将来的列".to_owned(), name));
        let mut writer = BillWriter::new(&columns).expect("names");
        writer.record(&empty).expect("a row");
        let bill = writer.summary(Trade::SUMMARY, ["1.0"; 7]).expect("a summary");
        let mut reader = BillReader::new();
        reader.push(&bill);
        let row = reader.next_row().expect("a row").expect("a good row");
        let found = Trade::from_row(&row).expect("amounts");
        prop_assert_eq!(&found, &empty);
        for column in columns {
            prop_assert_eq!(row.get(column).unwrap_or_default(), found.cell(column).unwrap_or_default());
        }
    }

    #[test]
    fn yuan_and_fen_agree(fen in any::<i64>()) {
        prop_assert_eq!(fen_from_yuan(&yuan_from_fen(fen)), Ok(fen));
        let yuan = DecimalText::new(yuan_from_fen(fen));
        prop_assert_eq!(yuan.scaled(5), Ok(i128::from(fen) * 1000));
        prop_assert_eq!(yuan.scaled(1).is_ok(), fen % 10 == 0);
    }
}

#[test]
fn errors_name_line_and_column() {
    let bill = "订单金额,手续费\n`0.01,`0.01000\n`1\n`0.015,`x\n`0.02,`0.01\n总交易单数\n`3\n";
    let mut reader = BillReader::new();
    reader.push(bill.as_bytes());
    let mut shown = Vec::new();
    while let Some(row) = reader.next_row() {
        match row.and_then(|row| Trade::from_row(&row)) {
            Ok(trade) => shown.push(format!("{:?}", trade.order_amount)),
            Err(error) => shown.push(error.to_string()),
        }
    }
    assert_eq!(shown[0], "Some(1)");
    assert_eq!(shown[1], "line 3 of the bill: 1 cells for 2 columns");
    assert!(
        shown[2].starts_with("line 4, column 订单金额, of the bill: \"0.015\""),
        "{}",
        shown[2]
    );
    assert_eq!(shown[3], "Some(2)");
    let end = reader.finish().expect("a bill");
    assert!(end.is_complete());
    assert_eq!(end.rows(), 3);
}

#[test]
fn an_empty_day_is_a_bill() {
    for bill in [
        "\u{FEFF}交易时间,商户号\r\n总交易单数,订单总金额\r\n`0,`0.00\r\n",
        "A\n总交易单数\n`0.0",
    ] {
        let found = read(bill.as_bytes(), &[]);
        assert_eq!((found.rows.len(), found.errors.len()), (0, 0));
    }
    let mut reader = BillReader::new();
    reader.push("交易时间,商户号\r\n".as_bytes());
    assert!(reader.next_row().is_none());
    let end = reader.finish().expect("headers alone");
    assert!(end.summary().is_none() && !end.is_complete());
}

#[test]
fn what_is_no_bill_is_told() {
    for (bytes, wanted) in [
        (&b""[..], BillProblem::NoHeader),
        (b"\n\r\n", BillProblem::NoHeader),
        (b"`a,`b\n`c,`d\n", BillProblem::NoHeader),
        (b"\x1f\x8b\x08", BillProblem::NotUtf8 { at: 1 }),
        (b"A\n\xB9\xAB\n", BillProblem::NotUtf8 { at: 0 }),
        (b"A\nB\nC\n`1", BillProblem::NoRow),
        (b"A\nB\n`1\n`2\n", BillProblem::AfterSummary),
    ] {
        let found = read(bytes, &[]);
        assert_eq!(
            found.errors.first().map(|error| &error.problem),
            Some(&wanted),
            "{found:?}"
        );
    }
    let mut endless = b"A\n`".to_vec();
    endless.resize(3 << 20, b'x');
    endless.extend(b"\n`1\n");
    for parts in [vec![], vec![100_000; 40]] {
        let found = read(&endless, &parts);
        assert!(matches!(
            found.errors[..],
            [BillError {
                line: 2,
                problem: BillProblem::TooLong { .. },
                ..
            }]
        ));
        assert_eq!(found.rows, [(3, vec!["1".to_owned()])]);
    }
}

#[test]
fn fund_flows_and_older_columns_are_read() {
    let bill = "记账时间,收支金额(元),账户结余（元）,备注,二级商户号\n`2021-02-01 13:54:01,`0.01,`-0.22,`退款,含手续费,`19\n";
    let mut reader = BillReader::new();
    reader.push(bill.as_bytes());
    let row = reader.next_row().expect("a row").expect("a good row");
    let flow = FundFlow::from_row(&row).expect("amounts");
    assert_eq!((flow.amount, flow.balance), (Some(1), Some(-22)));
    assert_eq!(flow.remark.as_deref(), Some("退款,含手续费"));
    assert_eq!(flow.other, [("二级商户号".to_owned(), "19".to_owned())]);
    let time = flow.booking_time.expect("a time").parse().expect("Beijing time");
    assert_eq!(time.as_secs(), 1_612_158_841);

    let mut reader = BillReader::new();
    reader.push("子商户号,总金额,企业红包金额\n`1,`45.0,`0\n".as_bytes());
    let trade = Trade::from_row(&reader.next_row().expect("a row").expect("a good row")).expect("amounts");
    assert_eq!(
        (trade.sub_mchid.as_deref(), trade.total, trade.coupon_amount),
        (Some("1"), Some(4500), Some(0))
    );
}
