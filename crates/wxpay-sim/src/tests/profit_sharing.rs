use std::collections::BTreeMap;

use http::Method;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, PARTNER, SUB_MERCHANT, native, partner_jsapi};
use super::client::{APPID, Table, combine, refused};
use crate::{OrderRef, Settings};

pub(super) const ORDERS: &str = "/v3/profitsharing/orders";
pub(super) const RETURNS: &str = "/v3/profitsharing/return-orders";
/// A merchant that gets shares and learns of them.
pub(super) const RECEIVER: &str = PARTNER;

fn told() -> Settings {
    let url = "https://receiver.example/shares".to_owned();
    Settings {
        split_notify_urls: BTreeMap::from([(RECEIVER.to_owned(), url)]),
        ..Settings::default()
    }
}

pub(super) fn receiver(kind: &str, account: &str) -> Value {
    json!({ "appid": APPID, "type": kind, "account": account, "relation_type": "PARTNER" })
}

pub(super) fn share(account: &str, amount: i64) -> Value {
    json!({ "type": "MERCHANT_ID", "account": account, "amount": amount, "description": "分给商户" })
}

impl Table {
    /// A table with a payment of 1,000 fen that can be shared, a minute old, and its receiver. Gives its id too.
    pub(super) fn shareable(settings: Settings) -> (Self, String) {
        let mut table = Self::of(settings, |profile| profile.merchant());
        let mut body = native("A00001");
        body["amount"]["total"] = json!(1000);
        body["settle_info"] = json!({ "profit_sharing": true });
        table.post("/v3/pay/transactions/native", &body).unwrap();
        table.pay(&OrderRef::order("A00001")).unwrap();
        table.wait(60);
        table.add(&receiver("MERCHANT_ID", RECEIVER));
        let order = table.get("/v3/pay/transactions/out-trade-no/A00001?mchid=1900007291");
        let id = order.unwrap()["transaction_id"].as_str().unwrap().to_owned();
        (table, id)
    }

    fn add(&mut self, receiver: &Value) {
        self.post("/v3/profitsharing/receivers/add", receiver).unwrap();
    }

    pub(super) fn left(&mut self, id: &str) -> i64 {
        let answer = self.get(&format!("/v3/profitsharing/transactions/{id}/amounts"));
        answer.unwrap()["unsplit_amount"].as_i64().unwrap()
    }

    pub(super) fn money_of(&self, mchid: &str) -> i64 {
        self.platform.balance(mchid, "CNY")
    }
}

pub(super) fn split(number: &str, id: &str, shares: &[Value], unfreeze: bool) -> Value {
    json!({
        "appid": APPID,
        "transaction_id": id,
        "out_order_no": number,
        "receivers": shares,
        "unfreeze_unsplit": unfreeze,
    })
}

pub(super) fn give_back(number: &str, order: &str, amount: i64) -> Value {
    json!({
        "out_order_no": order,
        "out_return_no": number,
        "return_mchid": RECEIVER,
        "amount": amount,
        "description": "用户退款",
    })
}

#[test]
fn a_refund_asks_for_what_was_shared_first() {
    const REFUNDS: &str = "/v3/refund/domestic/refunds";
    let settings = Settings {
        refund_interval: 0,
        ..Settings::default()
    };
    let (mut table, id) = Table::shareable(settings);
    table.platform.set_balance(MERCHANT, 5000);
    let shared = split("S1", &id, &[share(RECEIVER, 200)], false);
    table.post(ORDERS, &shared).unwrap();
    table.wait(3);
    let refund = |number: &str, amount| super::bodies::refund(number, "A00001", amount, 1000);
    table.post(REFUNDS, &refund("R1", 700)).unwrap();
    let refusal = table.refuse_post(REFUNDS, &refund("R2", 101));
    assert_eq!(
        refusal.1, "INVALID_REQUEST",
        "100 fen of the payment are the merchant's"
    );
    table.post(RETURNS, &give_back("B1", "S1", 200)).unwrap();
    assert_eq!(
        table.refuse_post(REFUNDS, &refund("R2", 300)).1,
        "INVALID_REQUEST",
        "on its way is not back"
    );
    table.wait(3);
    table.post(REFUNDS, &refund("R2", 300)).unwrap();
}

#[test]
fn a_payment_is_shared_told_returned_and_released() {
    let (mut table, id) = Table::shareable(told());
    assert_eq!(table.left(&id), 1000);
    let body = split("S1", &id, &[share(RECEIVER, 200)], false);
    let first = table.post(ORDERS, &body).unwrap();
    assert_eq!(first["state"], "PROCESSING");
    assert_eq!(first["receivers"][0]["result"], "PENDING");
    assert_eq!(table.post(ORDERS, &body).unwrap(), first);
    assert_eq!(
        (
            table.money_of(MERCHANT),
            table.money_of(RECEIVER),
            table.left(&id)
        ),
        (800, 0, 800)
    );
    let other = split("S1", &id, &[share(RECEIVER, 201)], false);
    assert_eq!(table.refuse_post(ORDERS, &other).2, 268_498_688);
    table.wait(3);
    let query = format!("{ORDERS}/S1?transaction_id={id}");
    let after = table.get(&query).unwrap();
    assert_eq!(
        (&after["state"], &after["order_id"]),
        (&json!("FINISHED"), &first["order_id"])
    );
    assert_eq!(after["receivers"][0]["result"], "SUCCESS");
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (800, 200));
    table.post(RETURNS, &give_back("B1", "S1", 50)).unwrap();
    assert_eq!(
        table.refuse_post(RETURNS, &give_back("B2", "S1", 151)).1,
        "NOT_ENOUGH"
    );
    table.wait(3);
    let returned = table.get(&format!("{RETURNS}/B1?out_order_no=S1")).unwrap();
    assert_eq!(
        (&returned["result"], &returned["order_id"]),
        (&json!("SUCCESS"), &first["order_id"])
    );
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (850, 150));
    let release = json!({ "transaction_id": id, "out_order_no": "S2", "description": "解冻全部剩余资金" });
    let released = table.post("/v3/profitsharing/orders/unfreeze", &release).unwrap();
    assert_eq!(released["receivers"][0]["amount"], 800);
    assert_eq!(released["receivers"][0]["account"], MERCHANT);
    table.wait(3);
    assert_eq!(
        (
            table.money_of(MERCHANT),
            table.money_of(RECEIVER),
            table.left(&id)
        ),
        (850, 150, 0)
    );
    let body = split("S3", &id, &[share(RECEIVER, 1)], false);
    assert_eq!(table.refuse_post(ORDERS, &body).2, 268_447_914);
    let mut told: Vec<(String, String, Value)> = Vec::new();
    for notified in table.platform.notifications() {
        if notified.mchid == RECEIVER {
            let resource: Value = serde_json::from_str(&notified.resource).unwrap();
            told.push((
                notified.event_type,
                notified.url,
                resource["receiver"]["amount"].clone(),
            ));
        }
    }
    let url = "https://receiver.example/shares".to_owned();
    let expected = [("PROFITSHARING.SUCCESS", 200), ("PROFITSHARING.RETURN", 50)];
    assert_eq!(
        told,
        expected.map(|(event, amount)| (event.to_owned(), url.clone(), json!(amount)))
    );
    table.merchant = table.platform.profile().partner().clone();
    let deliveries = table.platform.poll(table.clocks);
    assert!(
        deliveries
            .iter()
            .any(|delivery| delivery.request.uri().host() == Some("receiver.example"))
    );
}

#[test]
fn only_what_is_to_be_shared_is_shared_and_within_limits() {
    let (mut table, id) = Table::shareable(Settings::default());
    let refuse = |table: &mut Table, shares: &[Value]| {
        let refusal = table.refuse_post(ORDERS, &split("S1", &id, shares, false));
        (refusal.0, refusal.1)
    };
    let rule = (403, "RULE_LIMIT".to_owned());
    let invalid = (400, "INVALID_REQUEST".to_owned());
    assert_eq!(refuse(&mut table, &[share(RECEIVER, 301)]), rule);
    assert_eq!(
        refuse(&mut table, &[share(RECEIVER, 1001)]),
        (403, "NOT_ENOUGH".to_owned())
    );
    assert_eq!(refuse(&mut table, &[share("1900000100", 1)]), invalid);
    assert_eq!(
        refuse(&mut table, &[share(RECEIVER, 1), share(RECEIVER, 2)]),
        invalid
    );
    assert_eq!(refuse(&mut table, &[]), invalid);
    assert_eq!(
        refuse(&mut table, &[share(RECEIVER, 0)]),
        (400, "PARAM_ERROR".to_owned())
    );
    for index in 0..50 {
        let body = split(&format!("S{index}"), &id, &[share(RECEIVER, 1)], false);
        table.post(ORDERS, &body).unwrap();
    }
    let body = split("S50", &id, &[share(RECEIVER, 1)], false);
    assert_eq!(table.refuse_post(ORDERS, &body).1, "RULE_LIMIT");
    table.wait(30 * 86_400);
    assert_eq!(table.left(&id), 0);
    table
        .post("/v3/pay/transactions/native", &native("A00002"))
        .unwrap();
    table.pay(&OrderRef::order("A00002")).unwrap();
    table.wait(60);
    let order = table
        .get("/v3/pay/transactions/out-trade-no/A00002?mchid=1900007291")
        .unwrap();
    let id = order["transaction_id"].as_str().unwrap();
    let refusal = table.refuse_post(ORDERS, &split("S51", id, &[share(RECEIVER, 1)], false));
    assert_eq!(refusal, (400, "INVALID_REQUEST".to_owned(), 268_435_461));
}

#[test]
fn a_minute_lies_between_payment_and_sharing() {
    let settings = Settings {
        split_after: 61,
        ..Settings::default()
    };
    let (mut table, id) = Table::shareable(settings);
    let body = split("S1", &id, &[share(RECEIVER, 1)], true);
    assert_eq!(table.refuse_post(ORDERS, &body).2, 268_447_840);
    table.wait(1);
    table.post(ORDERS, &body).unwrap();
    assert_eq!(table.left(&id), 0, "the rest was to be released");
}

#[test]
fn receivers_are_added_with_sealed_names_and_a_deleted_one_gets_nothing() {
    let (mut table, id) = Table::shareable(Settings::default());
    let mut person = receiver("PERSONAL_OPENID", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o");
    person["name"] = json!(table.seal_field("张三"));
    let answer = table.post("/v3/profitsharing/receivers/add", &person).unwrap();
    assert_eq!(table.open_field(answer["name"].as_str().unwrap()), "张三");
    let mut custom = receiver("MERCHANT_ID", RECEIVER);
    custom["relation_type"] = json!("CUSTOM");
    let error = refused(
        table
            .post("/v3/profitsharing/receivers/add", &custom)
            .unwrap_err(),
    );
    assert_eq!(error.field(), Some("/custom_relation"));
    table
        .post(ORDERS, &split("S1", &id, &[share(RECEIVER, 200)], false))
        .unwrap();
    let gone = json!({ "appid": APPID, "type": "MERCHANT_ID", "account": RECEIVER });
    table.post("/v3/profitsharing/receivers/delete", &gone).unwrap();
    table.wait(3);
    let after = table.get(&format!("{ORDERS}/S1?transaction_id={id}")).unwrap();
    assert_eq!(after["state"], "FINISHED");
    let closed = (
        &after["receivers"][0]["result"],
        &after["receivers"][0]["fail_reason"],
    );
    assert_eq!(closed, (&json!("CLOSED"), &json!("NO_RELATION")));
    assert_eq!(
        (
            table.money_of(MERCHANT),
            table.money_of(RECEIVER),
            table.left(&id)
        ),
        (1000, 0, 1000)
    );
    assert_eq!(
        table.refuse_post(RETURNS, &give_back("B1", "S1", 1)).1,
        "INVALID_REQUEST"
    );
}

#[test]
fn a_return_fails_without_money() {
    let (mut table, id) = Table::shareable(Settings::default());
    table
        .post(ORDERS, &split("S1", &id, &[share(RECEIVER, 200)], false))
        .unwrap();
    table.wait(3);
    table.get(&format!("{ORDERS}/S1?transaction_id={id}")).unwrap();
    table.platform.set_balance(RECEIVER, 99);
    let answer = table.post(RETURNS, &give_back("B1", "S1", 100)).unwrap();
    assert_eq!(answer["result"], "PROCESSING");
    table.wait(3);
    let query = format!("{RETURNS}/B1?out_order_no=S1");
    let answer = table.get(&query).unwrap();
    assert_eq!(answer["fail_reason"], "BALANCE_NOT_ENOUGH");
    assert_eq!((table.money_of(MERCHANT), table.money_of(RECEIVER)), (800, 99));
    table.post(RETURNS, &give_back("B2", "S1", 200)).unwrap();
    let unknown = format!("{RETURNS}/B1?out_order_no=S2");
    assert_eq!(table.refusal(Method::GET, &unknown, &Value::Null).0, 404);
}

#[test]
fn parts_of_combined_orders_and_sub_merchants_payments_are_shared() {
    let mut table = Table::merchant();
    let mut body = combine("P1");
    body["sub_orders"][0]["settle_info"] = json!({ "profit_sharing": true });
    table.post("/v3/combine-transactions/jsapi", &body).unwrap();
    table.pay(&OrderRef::combine("P1")).unwrap();
    table.wait(60);
    table.add(&receiver("MERCHANT_ID", RECEIVER));
    let order = table.get("/v3/combine-transactions/out-trade-no/P1").unwrap();
    let id = |index: usize| order["sub_orders"][index]["transaction_id"].as_str().unwrap();
    table
        .post(ORDERS, &split("S1", id(0), &[share(RECEIVER, 30)], false))
        .unwrap();
    assert_eq!(table.left(id(0)), 70);
    assert_eq!(
        table
            .refuse_post(ORDERS, &split("S2", id(1), &[share(RECEIVER, 30)], false))
            .0,
        400
    );

    let mut table = Table::partner();
    let mut body = partner_jsapi("A00001");
    body["settle_info"] = json!({ "profit_sharing": true });
    table.post("/v3/pay/partner/transactions/jsapi", &body).unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    table.wait(60);
    let query = format!(
        "/v3/pay/partner/transactions/out-trade-no/A00001?sp_mchid={PARTNER}&sub_mchid={SUB_MERCHANT}"
    );
    let id = table.get(&query).unwrap()["transaction_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut own = receiver("MERCHANT_ID", PARTNER);
    own["sub_mchid"] = json!(SUB_MERCHANT);
    table.add(&own);
    let mut body = split("S1", &id, &[share(PARTNER, 30)], false);
    assert_eq!(table.refuse_post(ORDERS, &body).2, 268_443_704);
    body["sub_mchid"] = json!(SUB_MERCHANT);
    table.post(ORDERS, &body).unwrap();
    table.wait(3);
    let query = format!("{ORDERS}/S1?transaction_id={id}&sub_mchid={SUB_MERCHANT}");
    assert_eq!(table.get(&query).unwrap()["receivers"][0]["result"], "SUCCESS");
    assert_eq!((table.money_of(SUB_MERCHANT), table.money_of(PARTNER)), (70, 30));
    let config = format!("/v3/profitsharing/merchant-configs/{SUB_MERCHANT}");
    assert_eq!(table.get(&config).unwrap()["max_ratio"], 3000);
}
