use bytes::Bytes;
use http::Method;
use proptest::prelude::*;
use serde_json::{Value, json};
use wxpay_proto::v3::UnverifiedNotification;
use wxpay_proto::{ApiV3Key, UnixTime};

use super::bodies::MERCHANT;
use super::client::{APPID, START, Table, refused};
use super::steps::config;
use crate::{Reply, TransferError, TransferOutcome, TransferRef};

pub(super) const BILLS: &str = "/v3/fund-app/mch-transfer/transfer-bills";

pub(super) fn transfer(number: &str, amount: i64) -> Value {
    json!({
        "appid": APPID,
        "out_bill_no": number,
        "transfer_scene_id": "1000",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "transfer_amount": amount,
        "transfer_remark": "2020年4月报销",
        "notify_url": "https://merchant.example/transferred",
        "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "注册会员有礼" }],
    })
}

/// A table whose merchant has 1,000 fen.
fn rich() -> Table {
    let mut table = Table::merchant();
    table.platform.set_balance(MERCHANT, 1000);
    table
}

impl Table {
    fn settle(&mut self, number: &str, outcome: &TransferOutcome) -> Result<(), TransferError> {
        self.platform
            .settle_transfer(&TransferRef::new(number), outcome, self.clocks)
    }

    fn transfer_state(&mut self, number: &str) -> String {
        let bill = self.get(&format!("{BILLS}/out-bill-no/{number}")).unwrap();
        bill["state"].as_str().unwrap().to_owned()
    }

    fn money(&self) -> i64 {
        self.platform.balance(MERCHANT, "CNY")
    }
}

#[test]
fn a_transfer_waits_for_the_user_succeeds_and_is_told() {
    let mut table = rich();
    let first = table.post(BILLS, &transfer("T1", 300)).unwrap();
    assert_eq!(first["state"], "WAIT_USER_CONFIRM");
    assert_eq!(first["package_info"].as_str().unwrap().len(), 64);
    assert_eq!(table.money(), 700);
    assert_eq!(table.post(BILLS, &transfer("T1", 300)).unwrap(), first);
    assert_eq!(table.money(), 700);
    let other = (400, "INVALID_REQUEST".to_owned(), 268_498_688);
    assert_eq!(table.refuse_post(BILLS, &transfer("T1", 301)), other);
    table.settle("T1", &TransferOutcome::Confirmed).unwrap();
    assert_eq!(table.transfer_state("T1"), "TRANSFERING");
    assert_eq!(table.platform.poll(table.clocks).len(), 0);
    assert_eq!(table.platform.next_due(), Some(UnixTime::from_secs(START + 3)));
    table.wait(3);
    let bill = table.get(&format!("{BILLS}/out-bill-no/T1")).unwrap();
    assert_eq!(bill["state"], "SUCCESS");
    assert_eq!(bill["mch_id"], MERCHANT);
    assert_eq!(bill["update_time"], "2023-11-15T06:13:23+08:00");
    let id = first["transfer_bill_no"].as_str().unwrap();
    assert_eq!(
        table.get(&format!("{BILLS}/transfer-bill-no/{id}")).unwrap(),
        bill
    );
    assert_eq!(
        table
            .post(BILLS, &transfer("T1", 300))
            .unwrap()
            .get("package_info"),
        None
    );
    assert_eq!(table.money(), 700);
    let deliveries = table.platform.poll(table.clocks);
    let request = &deliveries[0].request;
    let received = UnverifiedNotification::receive(request.headers(), request.body().clone());
    let verified = received
        .verify(&table.platform.profile().platform_keys(), table.clocks.wire)
        .unwrap();
    let opened = verified
        .open(&ApiV3Key::new(table.merchant.api_v3_key()).unwrap())
        .unwrap();
    assert_eq!(opened.event_type(), "MCHTRANSFER.BILL.FINISHED");
    let told: Value = opened.json().unwrap();
    assert_eq!(told["mchid"], MERCHANT);
    for member in [
        "out_bill_no",
        "transfer_bill_no",
        "state",
        "transfer_amount",
        "openid",
        "update_time",
    ] {
        assert_eq!(told[member], bill[member], "{member}");
    }
    let reply = Reply::Answered {
        status: 200,
        body: Bytes::new(),
    };
    assert!(table.platform.delivered(&deliveries[0].id, &reply, table.clocks));
}

#[test]
fn a_transfer_that_is_not_confirmed_fails_and_gives_its_money_back() {
    let mut table = rich();
    table.post(BILLS, &transfer("T1", 300)).unwrap();
    table.post(BILLS, &transfer("T2", 300)).unwrap();
    table.post(BILLS, &transfer("T3", 300)).unwrap();
    assert_eq!(table.money(), 100);
    table.settle("T1", &TransferOutcome::Expired).unwrap();
    let reason = "PAYEE_ACCOUNT_ABNORMAL".to_owned();
    table.settle("T2", &TransferOutcome::Confirmed).unwrap();
    table
        .settle("T2", &TransferOutcome::Failed(reason.clone()))
        .unwrap();
    table.wait(86_399);
    assert_eq!(table.transfer_state("T3"), "WAIT_USER_CONFIRM");
    table.wait(1);
    let over = TransferError::Over {
        number: "T3".to_owned(),
    };
    assert_eq!(table.settle("T3", &TransferOutcome::Confirmed), Err(over));
    for (number, reason) in [("T1", "OVERDUE_CLOSE"), ("T2", &reason), ("T3", "OVERDUE_CLOSE")] {
        let bill = table.get(&format!("{BILLS}/out-bill-no/{number}")).unwrap();
        assert_eq!(
            (&bill["state"], &bill["fail_reason"]),
            (&json!("FAIL"), &json!(reason))
        );
    }
    assert_eq!(table.money(), 1000);
    let told = table.platform.notifications();
    assert_eq!(told.len(), 3);
    assert!(told.iter().all(|told| told.resource.contains("FAIL")), "{told:?}");
    let unknown = TransferError::Unknown {
        number: "T9".to_owned(),
    };
    assert_eq!(table.settle("T9", &TransferOutcome::Confirmed), Err(unknown));
}

#[test]
fn a_transfer_is_taken_back_until_the_user_has_confirmed_it() {
    let mut table = rich();
    table.post(BILLS, &transfer("T1", 300)).unwrap();
    let cancel = |number: &str| format!("{BILLS}/out-bill-no/{number}/cancel");
    let answer = table.post(&cancel("T1"), &Value::Null).unwrap();
    assert_eq!(answer["state"], "CANCELING");
    assert_eq!(table.post(&cancel("T1"), &Value::Null).unwrap(), answer);
    assert!(table.settle("T1", &TransferOutcome::Confirmed).is_err());
    assert_eq!(table.money(), 700, "it is not final");
    table.wait(3);
    assert_eq!(table.transfer_state("T1"), "CANCELLED");
    assert_eq!(table.money(), 1000);
    table.post(BILLS, &transfer("T2", 300)).unwrap();
    table.settle("T2", &TransferOutcome::Confirmed).unwrap();
    let refusal = table.refuse_post(&cancel("T2"), &Value::Null);
    assert_eq!((refusal.0, refusal.1.as_str()), (400, "INVALID_REQUEST"));
    assert_eq!(table.refuse_post(&cancel("T9"), &Value::Null).0, 404);
}

#[test]
fn a_transfer_needs_money_and_from_some_amount_on_the_users_name() {
    let mut table = rich();
    let refusal = table.refuse_post(BILLS, &transfer("T1", 1001));
    assert_eq!((refusal.0, refusal.1.as_str()), (403, "NOT_ENOUGH"));
    assert_eq!(table.refuse_post(BILLS, &transfer("T1", 0)).1, "PARAM_ERROR");
    let mut other = transfer("T1", 1);
    other["appid"] = json!("wx0000000000000000");
    assert_eq!(table.refuse_post(BILLS, &other).1, "APPID_MCHID_NOT_MATCH");
    table.platform.set_balance(MERCHANT, 1_000_000);
    let mut large = transfer("T1", 200_000);
    let error = refused(table.post(BILLS, &large).unwrap_err());
    assert_eq!(error.field(), Some("/user_name"));
    large["user_name"] = json!(table.seal_field("张三"));
    let first = table.post(BILLS, &large).unwrap();
    large["user_name"] = json!(table.seal_field("张三"));
    assert_eq!(
        table.post(BILLS, &large).unwrap(),
        first,
        "sealed anew, the same name"
    );
    let bill = table.get(&format!("{BILLS}/out-bill-no/T1")).unwrap();
    assert_eq!(table.open_field(bill["user_name"].as_str().unwrap()), "张三");
    assert_eq!(
        table
            .refusal(Method::GET, &format!("{BILLS}/out-bill-no/T9"), &Value::Null)
            .1,
        "NOT_FOUND"
    );
}

#[derive(Clone, Debug)]
enum Act {
    Create(usize, i64),
    Cancel(usize),
    Settle(usize, TransferOutcome),
    Wait(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let outcome = prop_oneof![
        Just(TransferOutcome::Confirmed),
        Just(TransferOutcome::Expired),
        Just(TransferOutcome::Failed("ACCOUNT_FROZEN".to_owned())),
    ];
    let act = prop_oneof![
        3 => (0..3_usize, 1_i64..700).prop_map(|(number, amount)| Act::Create(number, amount)),
        1 => (0..3_usize).prop_map(Act::Cancel),
        2 => (0..3_usize, outcome).prop_map(|(number, outcome)| Act::Settle(number, outcome)),
        1 => prop_oneof![Just(1_i64), Just(3), Just(86_400)].prop_map(Act::Wait),
    ];
    prop::collection::vec(act, 1..16)
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn what_a_merchant_has_and_what_is_on_its_way_are_all_the_money_there_was(acts in acts()) {
        let mut table = rich();
        for act in &acts {
            match act {
                Act::Create(number, amount) => {
                    let body = transfer(&format!("T{number}"), *amount);
                    let request = table.request(Method::POST, BILLS, &body);
                    let _ = table.handle(&request);
                }
                Act::Cancel(number) => {
                    let target = format!("{BILLS}/out-bill-no/T{number}/cancel");
                    let request = table.request(Method::POST, &target, &Value::Null);
                    let _ = table.handle(&request);
                }
                Act::Settle(number, outcome) => {
                    let _ = table.settle(&format!("T{number}"), outcome);
                }
                Act::Wait(seconds) => table.wait(*seconds),
            }
            let mut away = 0;
            let mut ended = 0;
            for number in 0..3 {
                let target = format!("{BILLS}/out-bill-no/T{number}");
                let request = table.request(Method::GET, &target, &Value::Null);
                let response = table.handle(&request);
                if response.status() != 200 {
                    continue;
                }
                let bill: Value = serde_json::from_slice(response.body()).unwrap();
                let state = bill["state"].as_str().unwrap();
                if !matches!(state, "FAIL" | "CANCELLED") {
                    away += bill["transfer_amount"].as_i64().unwrap();
                }
                ended += usize::from(matches!(state, "SUCCESS" | "FAIL" | "CANCELLED"));
            }
            prop_assert!(table.money() >= 0);
            prop_assert_eq!(table.money() + away, 1000);
            prop_assert_eq!(table.platform.notifications().len(), ended);
        }
    }
}
