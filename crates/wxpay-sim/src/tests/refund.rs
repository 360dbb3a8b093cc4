use http::Method;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, PARTNER, SUB_MERCHANT, native, partner_jsapi, refund};
use super::client::{Table, combine};
use crate::{OrderRef, RefundOutcome, RefundRef, RefundShown, Settings, SettleError};

const REFUNDS: &str = "/v3/refund/domestic/refunds";
const QUERY: &str = "/v3/pay/transactions/out-trade-no/A00001?mchid=1900007291";

/// A table with a paid order A00001 of 100 fen.
fn paid(settings: Settings) -> Table {
    let mut table = Table::of(settings, |profile| profile.merchant());
    table
        .post("/v3/pay/transactions/native", &native("A00001"))
        .unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    table
}

fn invalid(inner: u64) -> (u16, String, u64) {
    (400, "INVALID_REQUEST".to_owned(), inner)
}

#[test]
fn a_refund_is_processed_succeeds_by_the_clock_and_is_repeated_without_effect() {
    let mut table = paid(Settings::default());
    let first = table.post(REFUNDS, &refund("R1", "A00001", 30, 100)).unwrap();
    assert_eq!(first["status"], "PROCESSING");
    assert_eq!(first.get("success_time"), None);
    assert_eq!(
        first["amount"],
        json!({ "total": 100, "refund": 30, "payer_total": 100, "payer_refund": 30, "settlement_refund": 30,
                "settlement_total": 100, "discount_refund": 0, "currency": "CNY" })
    );
    assert_eq!(table.get(QUERY).unwrap()["trade_state"], "REFUND");
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 70);
    assert_eq!(
        table.post(REFUNDS, &refund("R1", "A00001", 30, 100)).unwrap(),
        first
    );
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 70);
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R1", "A00001", 31, 100)),
        invalid(268_498_688)
    );
    table.wait(3);
    let target = format!("{REFUNDS}/R1");
    let after = table.get(&target).unwrap();
    assert_eq!(after["status"], "SUCCESS");
    assert_eq!(after["success_time"], "2023-11-15T06:13:23+08:00");
    let unknown = format!("{REFUNDS}/R2");
    assert_eq!(
        table.refusal(Method::GET, &unknown, &Value::Null).1,
        "RESOURCE_NOT_EXISTS"
    );
}

#[test]
fn refunds_never_exceed_the_payment_and_keep_their_distance() {
    let mut table = paid(Settings::default());
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R1", "A00001", 30, 99)),
        invalid(268_498_688)
    );
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R1", "A00001", 101, 100)),
        invalid(268_435_464)
    );
    table.post(REFUNDS, &refund("R1", "A00001", 60, 100)).unwrap();
    let soon = (429, "FREQUENCY_LIMITED".to_owned(), 268_447_840);
    assert_eq!(table.refuse_post(REFUNDS, &refund("R2", "A00001", 40, 100)), soon);
    table.wait(60);
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R2", "A00001", 41, 100)),
        invalid(268_435_464)
    );
    table.post(REFUNDS, &refund("R2", "A00001", 40, 100)).unwrap();
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 0);
    table
        .post("/v3/pay/transactions/native", &native("A00002"))
        .unwrap();
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R3", "A00002", 1, 100)).1,
        "INVALID_REQUEST"
    );
    assert_eq!(table.refuse_post(REFUNDS, &refund("R3", "A00003", 1, 100)).0, 404);
}

#[test]
fn an_order_has_fifty_refunds_and_a_year() {
    let settings = Settings {
        refund_interval: 0,
        ..Settings::default()
    };
    let mut table = paid(settings.clone());
    for index in 0..50 {
        table
            .post(REFUNDS, &refund(&format!("R{index}"), "A00001", 1, 100))
            .unwrap();
    }
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R50", "A00001", 1, 100)),
        invalid(268_435_464)
    );
    let mut table = paid(settings);
    table.wait(365 * 86_400);
    table.post(REFUNDS, &refund("R1", "A00001", 1, 100)).unwrap();
    table.wait(1);
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R2", "A00001", 1, 100)),
        invalid(268_447_914)
    );
}

#[test]
fn a_merchant_without_money_refunds_nothing() {
    let mut table = paid(Settings::default());
    table.platform.set_balance(MERCHANT, 29);
    let refusal = table.refuse_post(REFUNDS, &refund("R1", "A00001", 30, 100));
    assert_eq!((refusal.0, refusal.1.as_str()), (403, "NOT_ENOUGH"));
    table.platform.set_balance(MERCHANT, 30);
    table.post(REFUNDS, &refund("R1", "A00001", 30, 100)).unwrap();
}

#[test]
fn a_closed_refund_gives_everything_back_and_an_abnormal_one_goes_elsewhere() {
    let settings = Settings {
        refund_interval: 0,
        refund_seconds: None,
        refund_shown: RefundShown::OnSuccess,
        ..Settings::default()
    };
    let mut table = paid(settings);
    let id = table.post(REFUNDS, &refund("R1", "A00001", 100, 100)).unwrap()["refund_id"].clone();
    assert_eq!(table.get(QUERY).unwrap()["trade_state"], "SUCCESS");
    let named = RefundRef::new("R1");
    let settle = |table: &mut Table, named: &RefundRef, outcome| {
        table.platform.settle_refund(named, outcome, table.clocks)
    };
    let apply = format!("{REFUNDS}/{}/apply-abnormal-refund", id.as_str().unwrap());
    let elsewhere = json!({ "out_refund_no": "R1", "type": "MERCHANT_BANK_CARD" });
    assert_eq!(table.refuse_post(&apply, &elsewhere), invalid(268_447_914));
    settle(&mut table, &named, RefundOutcome::Abnormal).unwrap();
    assert_eq!(table.get(&format!("{REFUNDS}/R1")).unwrap()["status"], "ABNORMAL");
    let answer = table.post(&apply, &elsewhere).unwrap();
    assert_eq!(
        (&answer["status"], &answer["channel"]),
        (&json!("PROCESSING"), &json!("OTHER_BANKCARD"))
    );
    settle(&mut table, &named, RefundOutcome::Closed).unwrap();
    assert_eq!(
        settle(&mut table, &named, RefundOutcome::Success),
        Err(SettleError::Settled {
            number: "R1".to_owned()
        })
    );
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 100);
    table.post(REFUNDS, &refund("R2", "A00001", 100, 100)).unwrap();
    settle(&mut table, &RefundRef::new("R2"), RefundOutcome::Success).unwrap();
    assert_eq!(table.get(QUERY).unwrap()["trade_state"], "REFUND");
    assert_eq!(
        settle(&mut table, &RefundRef::new("R9"), RefundOutcome::Success),
        Err(SettleError::Unknown {
            number: "R9".to_owned()
        })
    );
}

#[test]
fn a_coupon_takes_its_share_of_every_refund() {
    let settings = Settings {
        refund_interval: 0,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    let mut body = native("A00001");
    body["goods_tag"] = json!("WXG");
    body["amount"]["total"] = json!(33);
    table.post("/v3/pay/transactions/native", &body).unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 30);
    let parts: Vec<i64> = (0..3)
        .map(|index| {
            let answer = table
                .post(REFUNDS, &refund(&format!("R{index}"), "A00001", 11, 33))
                .unwrap();
            answer["amount"]["payer_refund"].as_i64().unwrap()
        })
        .collect();
    assert_eq!(parts, [10, 10, 10]);
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 0);
}

#[test]
fn parts_of_a_combined_order_are_refunded_one_by_one() {
    let mut table = Table::merchant();
    table
        .post("/v3/combine-transactions/jsapi", &combine("P1"))
        .unwrap();
    table.pay(&OrderRef::combine("P1")).unwrap();
    table.post(REFUNDS, &refund("R1", "P1_0001", 100, 100)).unwrap();
    let order = table.get("/v3/combine-transactions/out-trade-no/P1").unwrap();
    assert_eq!(order["sub_orders"][0]["trade_state"], "REFUND");
    assert_eq!(order["sub_orders"][1]["trade_state"], "SUCCESS");
}

#[test]
fn a_partner_names_its_sub_merchant() {
    let mut table = Table::partner();
    table
        .post("/v3/pay/partner/transactions/jsapi", &partner_jsapi("A00001"))
        .unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    let mut body = refund("R1", "A00001", 1, 100);
    assert_eq!(table.refuse_post(REFUNDS, &body).2, 268_443_704);
    body["sub_mchid"] = json!("1900000111");
    assert_eq!(table.refuse_post(REFUNDS, &body).2, 268_447_845);
    body["sub_mchid"] = json!(SUB_MERCHANT);
    table.post(REFUNDS, &body).unwrap();
    table
        .get(&format!("{REFUNDS}/R1?sub_mchid={SUB_MERCHANT}"))
        .unwrap();
    assert_eq!(
        table
            .refusal(Method::GET, &format!("{REFUNDS}/R1"), &Value::Null)
            .0,
        400
    );
    assert_eq!(table.platform.balance(SUB_MERCHANT, "CNY"), 99);
    assert_eq!(table.platform.balance(PARTNER, "CNY"), 0);
}
