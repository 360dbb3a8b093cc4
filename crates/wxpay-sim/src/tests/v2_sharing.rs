use serde_json::{Value, json};
use wxpay_proto::SignTypeRule;
use wxpay_proto::v2::Fields;

use super::bodies::MERCHANT;
use super::client::{APPID, Table, refused};
use super::profit_sharing::{ORDERS, RECEIVER, share};
use crate::Settings;

impl Table {
    /// A call of v2's profit sharing, with what each of them has.
    fn sharing(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Fields, String> {
        let fields = [&[("appid", APPID), ("mch_id", MERCHANT)], fields].concat();
        let told = self.v2_by(SignTypeRule::HmacOnly, path, &fields);
        told.map_err(|error| refused(error).code.clone().unwrap_or_default())
    }
}

fn receivers(amount: i64) -> String {
    Value::from(vec![share(RECEIVER, amount)]).to_string()
}

#[test]
fn v2_shares_the_payments_that_v3_shares() {
    let (mut table, id) = Table::shareable(Settings::default());
    let part = receivers(200);
    let fields = [
        ("transaction_id", id.as_str()),
        ("out_order_no", "S1"),
        ("receivers", part.as_str()),
    ];
    let first = table.sharing("/secapi/pay/multiprofitsharing", &fields).unwrap();
    assert_eq!(
        table.sharing("/secapi/pay/multiprofitsharing", &fields).unwrap()["order_id"],
        first["order_id"],
        "repeated"
    );
    let other = receivers(201);
    let mut changed = fields;
    changed[2].1 = &other;
    assert_eq!(
        table
            .sharing("/secapi/pay/multiprofitsharing", &changed)
            .unwrap_err(),
        "INVALID_REQUEST"
    );
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (800, 0));
    table.wait(3);
    let found = table.sharing("/pay/profitsharingquery", &fields[..2]).unwrap();
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (800, 200));
    assert_eq!(found["status"], "FINISHED");
    let shares: Value = serde_json::from_str(&found["receivers"]).unwrap();
    assert_eq!(
        (&shares[0]["result"], &shares[0]["amount"]),
        (&json!("SUCCESS"), &json!(200))
    );
    let same = table.get(&format!("{ORDERS}/S1?transaction_id={id}")).unwrap();
    assert_eq!(same["order_id"], json!(first["order_id"]));
    let back = [
        ("out_order_no", "S1"),
        ("out_return_no", "B1"),
        ("return_account_type", "MERCHANT_ID"),
        ("return_account", RECEIVER),
        ("return_amount", "50"),
        ("description", "用户退款"),
    ];
    let asked = table.sharing("/secapi/pay/profitsharingreturn", &back).unwrap();
    assert_eq!(asked["result"], "PROCESSING");
    table.wait(3);
    let returned = table
        .sharing("/pay/profitsharingreturnquery", &back[..2])
        .unwrap();
    assert_eq!(
        (returned["result"].as_str(), &returned["return_no"]),
        ("SUCCESS", &asked["return_no"])
    );
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (850, 150));
    let finish = [
        ("transaction_id", id.as_str()),
        ("out_order_no", "S2"),
        ("description", "分账已完成"),
    ];
    table.sharing("/secapi/pay/profitsharingfinish", &finish).unwrap();
    let left = table.v2_by(
        SignTypeRule::HmacOnly,
        "/pay/profitsharingorderamountquery",
        &[("mch_id", MERCHANT), ("transaction_id", &id)],
    );
    assert_eq!(left.unwrap()["unsplit_amount"], "0");
    let mut late = fields;
    late[1].1 = "S3";
    assert_eq!(
        table
            .sharing("/secapi/pay/multiprofitsharing", &late)
            .unwrap_err(),
        "INVALID_REQUEST"
    );
}

#[test]
fn v2_adds_receivers_and_shares_once() {
    let (mut table, id) = Table::shareable(Settings::default());
    let receiver = json!({ "type": "MERCHANT_ID", "account": RECEIVER, "relation_type": "PARTNER" });
    let receiver = receiver.to_string();
    let named = json!({ "type": "MERCHANT_ID", "account": RECEIVER }).to_string();
    let part = receivers(300);
    let fields = [
        ("transaction_id", id.as_str()),
        ("out_order_no", "S1"),
        ("receivers", part.as_str()),
    ];
    for _ in 0..2 {
        let told = table
            .sharing("/pay/profitsharingremovereceiver", &[("receiver", &named)])
            .unwrap();
        assert!(told["receiver"].contains(RECEIVER));
    }
    assert_eq!(
        table.sharing("/secapi/pay/profitsharing", &fields).unwrap_err(),
        "RECEIVER_INVALID"
    );
    table
        .sharing("/pay/profitsharingaddreceiver", &[("receiver", &receiver)])
        .unwrap();
    table.sharing("/secapi/pay/profitsharing", &fields).unwrap();
    assert_eq!(table.left(&id), 0, "the rest is released");
    let too_much = receivers(1);
    let mut again = fields;
    (again[1].1, again[2].1) = ("S2", &too_much);
    assert_eq!(
        table.sharing("/secapi/pay/profitsharing", &again).unwrap_err(),
        "INVALID_REQUEST"
    );
}
