//! A complaint, from the user's words to the merchant's last, over real sockets.

#![expect(clippy::unwrap_used, reason = "an answer that does not come is a failed test")]

use http::Method;
use serde_json::{Value, json};
use wxpay_hyper::Client;
use wxpay_proto::v3::Call;
use wxpay_sim::{ComplaintMove, Grievance, OrderRef};

use crate::receiver::Receiver;
use crate::support::{APPID, client};

const COMPLAINTS: &str = "/v3/merchant-service/complaints-v2";

async fn call(client: &Client, method: Method, target: &str, body: Value) -> Value {
    let mut call = Call::new(method, target);
    if !body.is_null() {
        call = call.body(body.to_string());
    }
    let answer = client.send(&call).await.unwrap();
    answer.json().unwrap_or_default()
}

#[tokio::test]
async fn a_user_complains_and_the_merchant_answers_until_it_is_done() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let mchid = merchant.id().as_str();
    let order = json!({
        "appid": APPID,
        "mchid": mchid,
        "description": "茶",
        "out_trade_no": "K20260001",
        "notify_url": receiver.url,
        "amount": { "total": 888 },
    });
    call(&client, Method::POST, "/v3/pay/transactions/native", order).await;
    simulator.pay(&OrderRef::order("K20260001")).unwrap();
    receiver.told(&simulator, merchant).await;
    let url = json!({ "url": receiver.url });
    let urls = "/v3/merchant-service/complaint-notifications";
    call(&client, Method::POST, urls, url).await;

    let order = OrderRef::order("K20260001");
    let grievance = Grievance::new("没有收到").refund(888);
    let made = simulator.control(|platform, clocks| platform.complain(&order, &grievance, clocks));
    let id = made.unwrap();
    let one = format!("{COMPLAINTS}/{id}");
    let mut told = async |event: &str, action: &str| {
        let told = receiver.told(&simulator, merchant).await;
        let about = json!({ "complaint_id": id, "action_type": action });
        assert_eq!(told, (event.to_owned(), about));
    };
    told("COMPLAINT.CREATE", "CREATE_COMPLAINT").await;
    let found = call(&client, Method::GET, &one, Value::Null).await;
    assert_eq!(found["complaint_state"], "PENDING");
    assert_eq!(found["complaint_order_info"][0]["out_trade_no"], "K20260001");

    let reply = json!({ "complainted_mchid": mchid, "response_content": "今天补发" });
    call(&client, Method::POST, &format!("{one}/response"), reply).await;
    told("COMPLAINT.STATE_CHANGE", "MERCHANT_RESPONSE").await;
    let thanks = ComplaintMove::Reply("谢谢".to_owned());
    let moved = simulator.control(|platform, clocks| platform.move_complaint(&id, &thanks, clocks));
    moved.unwrap();
    told("COMPLAINT.STATE_CHANGE", "USER_RESPONSE").await;
    let done = json!({ "complainted_mchid": mchid });
    call(&client, Method::POST, &format!("{one}/complete"), done).await;
    told("COMPLAINT.STATE_CHANGE", "MERCHANT_CONFIRM_COMPLETE").await;
    let found = call(&client, Method::GET, &one, Value::Null).await;
    assert_eq!(found["complaint_state"], "PROCESSED");
    let history = format!("{one}/negotiation-historys");
    let history = call(&client, Method::GET, &history, Value::Null).await;
    assert_eq!(history["total_count"], 4);
    assert!(receiver.is_silent());
}
