use bytes::Bytes;
use serde_json::{Value, json};
use wxpay_proto::v3::{NotificationError, OpenedNotification, UnverifiedNotification};
use wxpay_proto::{ApiV3Key, VerifyError};

use super::bodies::{codepay, native, refund};
use super::client::{Table, combine};
use crate::{Delivery, OrderRef, RefundOutcome, RefundRef, Reply, Settings, Unruly};

impl Table {
    fn deliveries(&mut self) -> Vec<Delivery> {
        self.platform.poll(self.clocks)
    }

    fn reply(&mut self, delivery: &Delivery, status: u16) -> bool {
        let body = Bytes::from_static(b"{\"code\":\"FAIL\",\"message\":\"no\"}");
        self.platform
            .delivered(&delivery.id, &Reply::Answered { status, body }, self.clocks)
    }

    fn open(&self, delivery: &Delivery) -> Result<OpenedNotification, NotificationError> {
        let request = &delivery.request;
        let received = UnverifiedNotification::receive(request.headers(), request.body().clone());
        let verified = received.verify(&self.platform.profile().platform_keys(), self.clocks.wire)?;
        verified.open(&ApiV3Key::new(self.merchant.api_v3_key()).unwrap())
    }
}

fn paid(settings: Settings) -> Table {
    let mut table = Table::of(settings, |profile| profile.merchant());
    table
        .post("/v3/pay/transactions/native", &native("A00001"))
        .unwrap();
    assert!(table.deliveries().is_empty());
    table.pay(&OrderRef::order("A00001")).unwrap();
    table
}

#[test]
fn a_payment_is_told_as_the_query_tells_it() {
    let mut table = paid(Settings::default());
    let deliveries = table.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].request.uri(), "https://merchant.example/paid");
    assert_eq!(deliveries[0].request.method(), "POST");
    let opened = table.open(&deliveries[0]).unwrap();
    assert_eq!(opened.event_type(), "TRANSACTION.SUCCESS");
    assert_eq!(opened.original_type(), Some("transaction"));
    assert_eq!(opened.id().len(), 36);
    let told: Value = opened.json().unwrap();
    let asked = table.get("/v3/pay/transactions/out-trade-no/A00001?mchid=1900007291");
    assert_eq!(told, asked.unwrap());
    assert!(table.deliveries().is_empty(), "one attempt at a time");
    assert!(table.reply(&deliveries[0], 204));
    table.wait(86_400);
    assert!(table.deliveries().is_empty());
    let log = table.platform.notifications();
    assert!(log[0].delivered && log[0].attempts[0].acknowledged);
    assert_eq!(log[0].about, "order 1900007291/A00001");
}

#[test]
fn an_unacknowledged_notification_comes_again_by_its_schedule_and_then_no_more() {
    let mut table = paid(Settings::default());
    let mut attempts = 0;
    let mut ids = std::collections::BTreeSet::new();
    let start = table.clocks.business;
    loop {
        let deliveries = table.deliveries();
        let [delivery] = deliveries.as_slice() else {
            panic!("{} deliveries", deliveries.len());
        };
        attempts += 1;
        ids.insert(table.open(delivery).unwrap().id().to_owned());
        assert!(!table.reply(delivery, if attempts % 2 == 0 { 201 } else { 500 }));
        let Some(next) = table.platform.next_due() else {
            break;
        };
        let wait = next.seconds_since(table.clocks.business);
        table.wait(wait - 1);
        assert!(table.deliveries().is_empty());
        table.wait(1);
    }
    assert_eq!((attempts, ids.len()), (16, 1));
    assert_eq!(table.clocks.business.seconds_since(start), 24 * 3600 + 240);
    let log = table.platform.notifications();
    assert!(log[0].given_up && !log[0].delivered);
    assert_eq!(log[0].attempts.len(), 16);
    assert_eq!(log[0].attempts[1].status, Some(201));
    assert!(log[0].attempts[1].reply.as_ref().unwrap().contains("FAIL"));
}

#[test]
fn an_attempt_without_a_reply_is_one() {
    let mut table = paid(Settings::default());
    let first = table.deliveries().remove(0);
    table.wait(15);
    let second = table.deliveries().remove(0);
    assert_eq!((first.id.attempt, second.id.attempt), (1, 2));
    let late = Reply::Failed {
        problem: "5 s went by".to_owned(),
    };
    assert!(!table.platform.delivered(&first.id, &late, table.clocks));
    assert!(table.reply(&second, 200));
    assert_eq!(table.platform.next_due(), None);
}

#[test]
fn duplicates_probes_and_disorder_come_on_request() {
    let settings = Settings {
        notifications: Unruly {
            duplicates: 1,
            probe_first: true,
            ..Unruly::default()
        },
        ..Settings::default()
    };
    let mut table = paid(settings);
    let deliveries = table.deliveries();
    assert_eq!(deliveries.len(), 3);
    let error = table.open(&deliveries[0]).unwrap_err();
    assert!(
        matches!(
            &error,
            NotificationError::Unverified {
                source: VerifyError::Probe,
                ..
            }
        ),
        "{error}"
    );
    let ids: Vec<String> = deliveries[1..]
        .iter()
        .map(|delivery| table.open(delivery).unwrap().id().to_owned())
        .collect();
    assert_eq!(ids[0], ids[1]);
    table.reply(&deliveries[0], 200);
    assert!(
        !table.platform.notifications()[0].delivered,
        "a probe's acknowledgement ends nothing"
    );
    table.reply(&deliveries[2], 200);
    assert!(table.platform.notifications()[0].delivered);
    assert!(table.platform.resend(&ids[0], false, table.clocks));
    assert!(!table.platform.resend("nobody", false, table.clocks));
    assert_eq!(table.deliveries().len(), 1);

    let settings = Settings {
        notifications: Unruly {
            newest_first: true,
            ..Unruly::default()
        },
        ..Settings::default()
    };
    let mut table = paid(settings);
    table.wait(1);
    table
        .post("/v3/pay/transactions/native", &native("A00002"))
        .unwrap();
    table.pay(&OrderRef::order("A00002")).unwrap();
    let second = table.deliveries().remove(0);
    let told: Value = table.open(&second).unwrap().json().unwrap();
    assert_eq!(told["out_trade_no"], "A00002");

    let mut table = paid(Settings::default());
    let id = table.platform.notifications()[0].id.clone();
    assert!(table.platform.hold(&id, 100, table.clocks));
    table.wait(99);
    assert!(table.deliveries().is_empty());
    table.wait(1);
    assert_eq!(table.deliveries().len(), 1);
}

#[test]
fn a_combined_order_is_told_once_and_refunds_by_their_outcome() {
    let mut table = Table::merchant();
    table
        .post("/v3/combine-transactions/jsapi", &combine("P1"))
        .unwrap();
    table.pay(&OrderRef::combine("P1")).unwrap();
    let deliveries = table.deliveries();
    assert_eq!(deliveries.len(), 1);
    let told: Value = table.open(&deliveries[0]).unwrap().json().unwrap();
    assert_eq!(
        told,
        table.get("/v3/combine-transactions/out-trade-no/P1").unwrap()
    );
    table.reply(&deliveries[0], 200);

    let refunds = "/v3/refund/domestic/refunds";
    table.post(refunds, &refund("R1", "P1_0001", 40, 100)).unwrap();
    assert!(
        table.deliveries().is_empty(),
        "nothing is told before it has succeeded"
    );
    table.wait(3);
    let delivery = table.deliveries().remove(0);
    let opened = table.open(&delivery).unwrap();
    assert_eq!(opened.event_type(), "REFUND.SUCCESS");
    let told: Value = opened.json().unwrap();
    assert_eq!(told["refund_status"], "SUCCESS");
    assert_eq!(told.get("status"), None);
    assert_eq!(
        told["amount"],
        json!({ "total": 100, "refund": 40, "payer_total": 100, "payer_refund": 40 })
    );
    table.reply(&delivery, 200);
    let mut silent = refund("R2", "P1_0002", 40, 100);
    silent.as_object_mut().unwrap().remove("notify_url");
    table.post(refunds, &silent).unwrap();
    table.wait(3);
    assert!(table.deliveries().is_empty(), "nobody is told without an address");
    table.wait(60);
    table.post(refunds, &refund("R3", "P1_0002", 40, 100)).unwrap();
    let named = RefundRef::new("R3");
    table
        .platform
        .settle_refund(&named, RefundOutcome::Abnormal, table.clocks)
        .unwrap();
    let delivery = table.deliveries().remove(0);
    assert_eq!(table.open(&delivery).unwrap().event_type(), "REFUND.ABNORMAL");
}

#[test]
fn a_notification_to_no_address_fails_and_stays_in_the_log() {
    let mut table = Table::merchant();
    let mut body = native("A00001");
    body["notify_url"] = json!("https://mer chant");
    table.post("/v3/pay/transactions/native", &body).unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    assert!(table.deliveries().is_empty());
    let log = table.platform.notifications();
    assert!(log[0].attempts[0].reply.as_ref().unwrap().contains("no address"));
    table
        .post("/v3/pay/transactions/codepay", &codepay("A00002", 1))
        .unwrap();
    assert_eq!(table.platform.notifications().len(), 1);
}
