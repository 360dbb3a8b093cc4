//! Fund-flow bills against the balance, after runs that proptest makes up.

use http::Method;
use proptest::prelude::*;
use serde_json::Value;
use wxpay_proto::bill::{BillReader, FundFlow};
use wxpay_proto::{TimeText, UnixTime};

use super::bodies::MERCHANT;
use super::client::{START, Table};
use super::steps::{Step, config, steps};
use crate::Settings;

/// What came in less what left by the bill of a day; nothing when there is none.
fn moved(table: &mut Table, day: i64) -> Option<i64> {
    let day = TimeText::beijing(UnixTime::from_secs(START + day * 86_400)).to_string();
    let target = format!("/v3/bill/fundflowbill?bill_date={}", &day[..10]);
    let request = table.request(Method::GET, &target, &Value::Null);
    let response = table.handle(&request);
    if response.status() != 200 {
        return None;
    }
    let asked: Value = serde_json::from_slice(response.body()).unwrap();
    let url = asked["download_url"].as_str().unwrap();
    let target = url.strip_prefix("https://api.mch.weixin.qq.com").unwrap();
    let request = table.request(Method::GET, target, &Value::Null);
    let bill = table.handle(&request);
    let mut reader = BillReader::new();
    reader.push(bill.body());
    let mut sum = 0;
    while let Some(row) = reader.next_row() {
        let flow = FundFlow::from_row(&row.unwrap()).unwrap();
        let came = flow.direction.as_deref() == Some("收入");
        let amount = flow.amount.unwrap();
        sum += if came { amount } else { -amount };
    }
    reader.finish().unwrap();
    Some(sum)
}

proptest! {
    #![proptest_config(config(8))]

    #[test]
    fn the_fund_flow_bills_of_all_days_are_the_balance(steps in steps()) {
        let mut table = Table::of(
            Settings { refund_interval: 0, ..Settings::default() },
            |profile| profile.merchant(),
        );
        let mut days = 0;
        for step in &steps {
            if let Step::Wait(seconds) = step {
                days += seconds / 86_400 + 1;
            }
            // Older bills are not kept.
            if days > 80 {
                break;
            }
            table.step(step);
        }
        table.wait(2 * 86_400);
        let sum: i64 = (0..=days).filter_map(|day| moved(&mut table, day)).sum();
        prop_assert_eq!(sum, table.platform.balance(MERCHANT, "CNY"));
    }
}
