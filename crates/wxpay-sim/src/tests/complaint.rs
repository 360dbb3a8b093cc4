use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use wxpay_proto::ApiV3Key;
use wxpay_proto::v3::UnverifiedNotification;

use super::bodies::{MERCHANT, SUB_MERCHANT, native, partner_jsapi, refund};
use super::client::{Table, refused};
use super::control::control;
use crate::{
    ComplaintError, ComplaintMove, Grievance, OrderRef, Platform, Profile, Reply, Settings, Simulator,
    Trouble,
};

const URLS: &str = "/v3/merchant-service/complaint-notifications";
pub(super) const COMPLAINTS: &str = "/v3/merchant-service/complaints-v2";
const TODAY: &str = "begin_date=2023-11-15&end_date=2023-11-15";

impl Table {
    /// A paid order of 100 fen, and somebody who listens for complaints.
    pub(super) fn sold() -> Self {
        let mut table = Self::merchant();
        table
            .post("/v3/pay/transactions/native", &native("A00001"))
            .unwrap();
        table.pay(&OrderRef::order("A00001")).unwrap();
        let url = json!({ "url": "https://merchant.example/complaints" });
        table.post(URLS, &url).unwrap();
        for delivery in table.platform.poll(table.clocks) {
            table.taken(&delivery.id);
        }
        table
    }

    fn taken(&mut self, id: &crate::DeliveryId) {
        let reply = Reply::Answered {
            status: 200,
            body: Bytes::new(),
        };
        assert!(self.platform.delivered(id, &reply, self.clocks));
    }

    pub(super) fn complain(&mut self, grievance: &Grievance) -> String {
        let order = OrderRef::order("A00001");
        self.platform.complain(&order, grievance, self.clocks).unwrap()
    }

    fn complaint(&mut self, id: &str) -> Value {
        self.get(&format!("{COMPLAINTS}/{id}")).unwrap()
    }

    fn history(&mut self, id: &str) -> Vec<String> {
        let target = format!("{COMPLAINTS}/{id}/negotiation-historys?limit=50");
        let history = self.get(&target).unwrap();
        let rows = history["data"].as_array().unwrap();
        let kinds = rows.iter().rev().map(|row| row["operate_type"].as_str().unwrap());
        kinds.map(str::to_owned).collect()
    }

    /// What was told since the last time: event and action, opened with the merchant's key.
    fn complaints_told(&mut self) -> Vec<(String, String)> {
        let deliveries = self.platform.poll(self.clocks);
        let told = deliveries.iter().map(|delivery| {
            assert_eq!(delivery.request.uri(), "https://merchant.example/complaints");
            let request = &delivery.request;
            let received = UnverifiedNotification::receive(request.headers(), request.body().clone());
            let keys = self.platform.profile().platform_keys();
            let verified = received.verify(&keys, self.clocks.wire).unwrap();
            let opened = verified
                .open(&ApiV3Key::new(self.merchant.api_v3_key()).unwrap())
                .unwrap();
            let resource: Value = opened.json().unwrap();
            let action = resource["action_type"].as_str().unwrap();
            (opened.event_type().to_owned(), action.to_owned())
        });
        let told = told.collect();
        for delivery in deliveries {
            self.taken(&delivery.id);
        }
        told
    }

    fn moves(&mut self, id: &str, what: ComplaintMove) -> Result<(), ComplaintError> {
        self.platform.move_complaint(id, &what, self.clocks)
    }
}

fn changed(action: &str) -> Vec<(String, String)> {
    vec![("COMPLAINT.STATE_CHANGE".to_owned(), action.to_owned())]
}

pub(super) fn reply(text: &str) -> Value {
    json!({ "complainted_mchid": MERCHANT, "response_content": text })
}

#[test]
fn a_complaint_is_made_answered_and_completed() {
    let mut table = Table::sold();
    let grievance = Grievance::new("反馈一个重复扣费的问题").phone("18500000000");
    let id = table.complain(&grievance.trouble(Trouble::ServiceNotWork));
    let created = ("COMPLAINT.CREATE".to_owned(), "CREATE_COMPLAINT".to_owned());
    assert_eq!(table.complaints_told(), [created]);
    let complaint = table.complaint(&id);
    assert_eq!(complaint["complaint_state"], "PENDING");
    assert_eq!(complaint["complaint_order_info"][0]["out_trade_no"], "A00001");
    assert_eq!(complaint["incoming_user_response"], true);
    assert_eq!(complaint["problem_type"], "SERVICE_NOT_WORK");
    assert_eq!(
        table.open_field(complaint["payer_phone"].as_str().unwrap()),
        "18500000000"
    );
    let target = format!("{COMPLAINTS}/{id}/response");
    table.post(&target, &reply("已与用户沟通解决")).unwrap();
    assert_eq!(table.complaints_told(), changed("MERCHANT_RESPONSE"));
    let complaint = table.complaint(&id);
    assert_eq!(complaint["complaint_state"], "PROCESSING");
    assert_eq!(complaint["incoming_user_response"], false);
    table.moves(&id, ComplaintMove::Reply("谢谢".to_owned())).unwrap();
    assert_eq!(table.complaints_told(), changed("USER_RESPONSE"));
    assert_eq!(table.complaint(&id)["incoming_user_response"], true);
    let target = format!("{COMPLAINTS}/{id}/complete");
    let body = json!({ "complainted_mchid": MERCHANT });
    table.post(&target, &body).unwrap();
    table.post(&target, &body).unwrap();
    assert_eq!(
        table.complaints_told(),
        changed("MERCHANT_CONFIRM_COMPLETE"),
        "a repetition tells nothing"
    );
    assert_eq!(table.complaint(&id)["complaint_state"], "PROCESSED");
    let over = Err(ComplaintError::Over { id: id.clone() });
    assert_eq!(table.moves(&id, ComplaintMove::Reply(String::new())), over);
    table
        .moves(&id, ComplaintMove::Continue("还没有解决".to_owned()))
        .unwrap();
    assert_eq!(table.complaints_told(), changed("CONTINUE_COMPLAINT"));
    let complaint = table.complaint(&id);
    assert_eq!(complaint["complaint_state"], "PENDING");
    assert_eq!(complaint["user_complaint_times"], 2);
    table.moves(&id, ComplaintMove::Withdraw).unwrap();
    assert_eq!(table.complaints_told(), []);
    assert_eq!(
        table.history(&id),
        [
            "USER_CREATE_COMPLAINT",
            "MERCHANT_RESPONSE",
            "USER_RESPONSE",
            "MERCHANT_CONFIRM_COMPLETE",
            "USER_CONTINUE_COMPLAINT",
            "USER_REVOKE_COMPLAINT",
        ]
    );
}

#[test]
fn a_refund_that_a_user_asks_for_is_refused_granted_and_made() {
    let mut table = Table::sold();
    let id = table.complain(&Grievance::new("退款").refund(100));
    assert_eq!(table.complaint(&id)["apply_refund_amount"], 100);
    let target = format!("{COMPLAINTS}/{id}/update-refund-progress");
    let refusal = refused(table.post(&target, &json!({ "action": "REJECT" })).unwrap_err());
    assert_eq!(refusal.field(), Some("/reject_reason"));
    let reject = json!({ "action": "REJECT", "reject_reason": "商品已使用" });
    table.post(&target, &reject).unwrap();
    let approve = json!({ "action": "APPROVE", "launch_refund_day": 0 });
    table.post(&target, &approve).unwrap();
    assert_eq!(table.complaint(&id)["complaint_full_refunded"], false);
    table
        .post("/v3/refund/domestic/refunds", &refund("R1", "A00001", 100, 100))
        .unwrap();
    table.wait(3);
    let told = table.platform.poll(table.clocks);
    assert_eq!(told.len(), 5, "three actions, the refund, and that all is back");
    assert_eq!(table.complaint(&id)["complaint_full_refunded"], true);
    assert_eq!(
        table.history(&id)[1..],
        [
            "MERCHANT_REFUSE_RERUND",
            "MERCHANT_APPROVE_REFUND",
            "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE"
        ]
    );
    let other = table.complain(&Grievance::new("服务"));
    let target = format!("{COMPLAINTS}/{other}/update-refund-progress");
    assert_eq!(table.refuse_post(&target, &approve).1, "INVALID_REQUEST");
}

#[test]
fn complaints_are_listed_by_day_and_page() {
    let mut table = Table::sold();
    let ids: Vec<String> = (0..3)
        .map(|index| {
            table.wait(1);
            table.complain(&Grievance::new(format!("{index}")))
        })
        .collect();
    let listed = |list: &Value| -> Vec<String> {
        let data = list["data"].as_array().unwrap();
        data.iter()
            .map(|row| row["complaint_id"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = table.get(&format!("{COMPLAINTS}?{TODAY}")).unwrap();
    assert_eq!(
        (list["total_count"].as_i64(), list["limit"].as_i64()),
        (Some(3), Some(10))
    );
    let newest: Vec<String> = ids.iter().rev().cloned().collect();
    assert_eq!(listed(&list), newest);
    let page = table
        .get(&format!(
            "{COMPLAINTS}?{TODAY}&limit=1&offset=1&complainted_mchid={MERCHANT}"
        ))
        .unwrap();
    assert_eq!(listed(&page), newest[1..2]);
    let before = "begin_date=2023-11-13&end_date=2023-11-14";
    assert_eq!(
        table.get(&format!("{COMPLAINTS}?{before}")).unwrap()["total_count"],
        0
    );
    for (query, field) in [
        ("begin_date=2023-11-15".to_owned(), "end_date"),
        ("begin_date=2023-10-15&end_date=2023-11-15".to_owned(), "end_date"),
        ("begin_date=2023-11-16&end_date=2023-11-15".to_owned(), "end_date"),
        (format!("{TODAY}&limit=51"), "limit"),
        (format!("{TODAY}&offset=-1"), "offset"),
    ] {
        let error = refused(table.get(&format!("{COMPLAINTS}?{query}")).unwrap_err());
        assert_eq!(error.field(), Some(field), "{query}");
    }
}

#[test]
fn addresses_are_created_changed_and_removed() {
    let mut table = Table::merchant();
    let url = |url: &str| json!({ "url": url });
    let one = url("https://merchant.example/one");
    let status = |error| refused(error).status;
    assert_eq!(status(table.get(URLS).unwrap_err()), 404);
    let put = table.call(Method::PUT, URLS, &one);
    assert_eq!(status(put.unwrap_err()), 404);
    let created = table.post(URLS, &one).unwrap();
    assert_eq!(
        created,
        json!({ "mchid": MERCHANT, "url": "https://merchant.example/one" })
    );
    assert_eq!(table.post(URLS, &one).unwrap(), created, "repeated");
    let two = url("https://merchant.example/two");
    assert_eq!(table.refuse_post(URLS, &two).1, "INVALID_REQUEST");
    table.call(Method::PUT, URLS, &two).unwrap();
    assert_eq!(table.get(URLS).unwrap()["url"], "https://merchant.example/two");
    assert_eq!(
        table.refuse_post(URLS, &url("http://a.example/")).1,
        "PARAM_ERROR"
    );
    let gone = table.call(Method::DELETE, URLS, &Value::Null).unwrap();
    assert_eq!(gone.status, 204);
    assert_eq!(status(table.get(URLS).unwrap_err()), 404);
}

#[test]
fn partners_see_the_complaints_about_those_they_act_for() {
    let mut table = Table::partner();
    table
        .post("/v3/pay/partner/transactions/jsapi", &partner_jsapi("A00001"))
        .unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    let id = table.complain(&Grievance::new("质量"));
    assert_eq!(table.complaint(&id)["complainted_mchid"], SUB_MERCHANT);
    let target = format!("{COMPLAINTS}/{id}/complete");
    let wrong = json!({ "complainted_mchid": MERCHANT });
    assert_eq!(table.refuse_post(&target, &wrong).1, "PARAM_ERROR");
    table
        .post(&target, &json!({ "complainted_mchid": SUB_MERCHANT }))
        .unwrap();
    table.merchant = table.platform.profile().merchant().clone();
    let other = table.refusal(Method::GET, &format!("{COMPLAINTS}/{id}"), &Value::Null);
    assert_eq!(
        (other.0, other.1.as_str()),
        (404, "RESOURCE_NOT_EXISTS"),
        "others do not"
    );
}

#[test]
fn what_cannot_be_complained_of() {
    let mut table = Table::merchant();
    let order = OrderRef::order("A00001");
    let unknown = ComplaintError::UnknownOrder { order: order.clone() };
    let complain = |table: &mut Table| {
        let grievance = Grievance::new("质量");
        table.platform.complain(&order, &grievance, table.clocks)
    };
    assert_eq!(complain(&mut table), Err(unknown));
    table
        .post("/v3/pay/transactions/native", &native("A00001"))
        .unwrap();
    let unpaid = ComplaintError::Unpaid { order: order.clone() };
    assert_eq!(complain(&mut table), Err(unpaid));
    let unknown = ComplaintError::Unknown { id: "1".to_owned() };
    assert_eq!(table.moves("1", ComplaintMove::Withdraw), Err(unknown));
}

#[test]
fn complaints_survive_a_restart() {
    let mut table = Table::sold();
    let id = table.complain(&Grievance::new("质量"));
    let target = format!("{COMPLAINTS}/{id}/response");
    table.post(&target, &reply("您好")).unwrap();
    let (complaint, history) = (table.complaint(&id), table.history(&id));
    let changes = table.platform.take_changes();
    table.platform = Platform::restore(Profile::test(), Settings::default(), changes).unwrap();
    assert_eq!(table.complaint(&id), complaint);
    assert_eq!(table.history(&id), history);
    assert_eq!(
        table.get(URLS).unwrap()["url"],
        "https://merchant.example/complaints"
    );
}

#[tokio::test]
async fn users_complain_by_control() {
    let simulator = Simulator::start().unwrap();
    let made = json!({ "number": "A00001", "detail": "质量", "refund": 1 });
    let (status, problem) = control(&simulator, "complaints/create", Some(made.clone())).await;
    assert_eq!(
        (status, &problem["error"]),
        (404, &json!("there is no order A00001"))
    );
    let wrong = json!({ "number": "A00001", "detail": "质量", "problem_type": "NONE" });
    assert_eq!(control(&simulator, "complaints/create", Some(wrong)).await.0, 400);
    let body = super::client::combine("P1");
    super::https::call(
        &simulator,
        Method::POST,
        "/v3/combine-transactions/native",
        &body,
        b"http/1.1",
    )
    .await;
    simulator.pay(&OrderRef::combine("P1")).unwrap();
    let made = json!({ "number": "P1_0001", "detail": "质量", "refund": 1 });
    let (status, made) = control(&simulator, "complaints/create", Some(made)).await;
    assert_eq!(status, 200, "{made}");
    for (path, text, status) in [
        ("complaints/reply", Some("请回复"), 200),
        ("complaints/reply", None, 400),
        ("complaints/withdraw", None, 200),
        ("complaints/reply", Some("请回复"), 409),
        ("complaints/continue", Some("请回复"), 200),
    ] {
        let mut body = json!({ "id": made["id"] });
        if let Some(text) = text {
            body["text"] = json!(text);
        }
        assert_eq!(control(&simulator, path, Some(body)).await.0, status, "{path}");
    }
    let (_, complaints) = control(&simulator, "complaints", None).await;
    assert_eq!(complaints[0]["state"], "PENDING");
    assert_eq!(complaints[0]["history"].as_array().unwrap().len(), 4);
}
