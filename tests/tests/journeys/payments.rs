//! Ordinary payments of merchants and partners: every way to pay, and what becomes of an order.

use serde_json::{Value, json};
use wxpay_hyper::Client;
use wxpay_proto::{ErrorCode, Outcome};
use wxpay_sim::{OrderRef, Setup, Simulator};
use wxpay_types::v3::pay_partner_transactions as partner;
use wxpay_types::v3::pay_transactions as merchant;

use crate::support::{APPID, builder, client, credentials, key, typed};

/// What all prepays of a merchant have.
fn order(simulator: &Simulator, number: &str, more: Value) -> Value {
    let mut order = json!({
        "appid": APPID, "mchid": simulator.profile().merchant().id().as_str(), "description": "茶 & \"伞\"",
        "out_trade_no": number, "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
    });
    merge(&mut order, more);
    order
}

fn merge(order: &mut Value, more: Value) {
    if let (Some(order), Value::Object(more)) = (order.as_object_mut(), more) {
        order.extend(more);
    }
}

#[tokio::test]
async fn a_merchants_prepays_of_every_kind() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    let order = |number, more| order(&simulator, number, more);
    // JSAPI is for mini programs too.
    let jsapi: merchant::JsapiPrepay = typed(order("M00001", json!({ "payer": { "openid": "oUser" } })));
    assert!(client.send(&jsapi).await.unwrap().prepay_id.is_some());
    let app: merchant::AppPrepay = typed(order("M00002", json!({})));
    assert!(client.send(&app).await.unwrap().prepay_id.is_some());
    let scene = json!({ "scene_info": { "payer_client_ip": "14.17.22.32", "h5_info": { "type": "Wap" } } });
    let h5: merchant::H5Prepay = typed(order("M00003", scene));
    let told = client.send(&h5).await.unwrap();
    assert!(
        told.h5_url
            .as_deref()
            .unwrap()
            .starts_with("https://wx.tenpay.com/")
    );
    let native: merchant::NativePrepay = typed(order("M00004", json!({})));
    let told = client.send(&native).await.unwrap();
    assert!(told.code_url.as_deref().unwrap().starts_with("weixin://"));

    // Asked for again, it is the same order; with other words it is refused.
    client.send(&native).await.unwrap();
    let dearer: merchant::NativePrepay = typed(order("M00004", json!({ "amount": { "total": 889 } })));
    let refused = client.send(&dearer).await.unwrap_err();
    assert_eq!(
        (refused.outcome(), refused.api_error().unwrap().status),
        (Outcome::Refused, 400)
    );
    assert_eq!(
        simulator.control(|platform, clocks| platform.orders(clocks).len()),
        4
    );
}

#[tokio::test]
async fn an_order_is_paid_or_closed_and_never_both() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    paid_or_closed(&simulator, &client).await;
}

#[tokio::test]
async fn the_same_by_http2() {
    let mut setup = Setup::default();
    setup.http2 = true;
    let simulator = Simulator::start_with(setup).unwrap();
    let account = simulator.profile().merchant();
    let alone = builder(&simulator).http2_only();
    let client = alone.merchant(credentials(account), key(account)).build();
    paid_or_closed(&simulator, &client.unwrap()).await;
}

#[expect(clippy::unwrap_used, reason = "a step that fails is a failed test")]
async fn paid_or_closed(simulator: &Simulator, client: &Client) {
    let mchid = simulator.profile().merchant().id().as_str();
    for number in ["M00011", "M00012"] {
        let native: merchant::NativePrepay = typed(order(simulator, number, json!({ "attach": "深圳" })));
        client.send(&native).await.unwrap();
    }
    let query = |number: &str| {
        merchant::QueryByOutTradeNo::default()
            .mchid(mchid)
            .out_trade_no(number)
    };
    let close = |number: &str| merchant::Close::default().mchid(mchid).out_trade_no(number);
    let unpaid = client.send(&query("M00011")).await.unwrap();
    assert_eq!(unpaid.trade_state, Some(merchant::TradeState::Notpay));
    assert!(unpaid.transaction_id.is_none() && unpaid.attach.is_none());

    simulator.pay(&OrderRef::order("M00011")).unwrap();
    let paid = client.send(&query("M00011")).await.unwrap();
    assert_eq!(paid.trade_state, Some(merchant::TradeState::Success));
    assert_eq!(paid.attach.as_deref(), Some("深圳"));
    let by_id = merchant::QueryById::default()
        .mchid(mchid)
        .transaction_id(paid.transaction_id.clone().unwrap());
    assert_eq!(
        client.send(&by_id).await.unwrap().out_trade_no.as_deref(),
        Some("M00011")
    );
    let late = client.send(&close("M00011")).await.unwrap_err();
    assert_eq!(late.api_error().unwrap().kind(), Some(ErrorCode::OrderPaid));

    client.send(&close("M00012")).await.unwrap();
    assert!(simulator.pay(&OrderRef::order("M00012")).is_err());
    let closed = client.send(&query("M00012")).await.unwrap();
    assert_eq!(closed.trade_state, Some(merchant::TradeState::Closed));
    let unknown = client.send(&query("M00019")).await.unwrap_err();
    assert_eq!(unknown.api_error().unwrap().status, 404);
}

#[tokio::test]
async fn a_code_is_paid_at_once_or_after_the_password_or_is_reversed() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let pay = |number: &str, total: i64| -> merchant::Codepay {
        let mut order = order(&simulator, number, json!({ "amount": { "total": total } }));
        order.as_object_mut().unwrap().remove("notify_url");
        let scene = json!({ "payer": { "auth_code": "130061098828009406" }, "scene_info": { "store_info": { "id": "0001" } } });
        merge(&mut order, scene);
        typed(order)
    };
    let query = |number: &str| {
        merchant::QueryByOutTradeNo::default()
            .mchid(mchid)
            .out_trade_no(number)
    };
    let state = async |number: &str| {
        let found = client.send(&query(number)).await.unwrap();
        found.trade_state.as_ref().unwrap().as_str().to_owned()
    };
    client.send(&pay("M00021", 100)).await.unwrap();
    assert_eq!(state("M00021").await, "SUCCESS");

    // From 1,000 yuan on the user is asked for a password.
    for number in ["M00022", "M00023"] {
        // The answer may be a refusal by name or an order that waits; the query is what counts.
        let _ = client.send(&pay(number, 100_000)).await;
        assert_eq!(state(number).await, "USERPAYING");
    }
    simulator.pay(&OrderRef::order("M00022")).unwrap();
    assert_eq!(state("M00022").await, "SUCCESS");
    let reverse: merchant::Reverse =
        typed(json!({ "appid": APPID, "mchid": mchid, "out_trade_no": "M00023" }));
    client.send(&reverse).await.unwrap();
    assert_eq!(state("M00023").await, "REVOKED");
}

#[tokio::test]
async fn a_partner_acts_for_its_sub_merchants() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().partner();
    let (client, sp_mchid) = (client(&simulator, account), account.id().as_str());
    let sub_mchid = account.sub_merchants()[0].as_str();
    let order = |number: &str, more: Value| {
        let mut order = json!({
            "sp_appid": APPID, "sp_mchid": sp_mchid, "sub_mchid": sub_mchid, "description": "茶",
            "out_trade_no": number, "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
        });
        merge(&mut order, more);
        order
    };
    let jsapi: partner::JsapiPrepay = typed(order("S00001", json!({ "payer": { "sp_openid": "oUser" } })));
    assert!(client.send(&jsapi).await.unwrap().prepay_id.is_some());
    let app: partner::AppPrepay = typed(order("S00002", json!({})));
    assert!(client.send(&app).await.unwrap().prepay_id.is_some());
    let scene = json!({ "scene_info": { "payer_client_ip": "14.17.22.32", "h5_info": { "type": "Wap" } } });
    let h5: partner::H5Prepay = typed(order("S00003", scene));
    assert!(client.send(&h5).await.unwrap().h5_url.is_some());
    let native: partner::NativePrepay = typed(order("S00004", json!({})));
    assert!(client.send(&native).await.unwrap().code_url.is_some());

    let query = |number: &str| {
        let query = partner::QueryByOutTradeNo::default().sp_mchid(sp_mchid);
        query.sub_mchid(sub_mchid).out_trade_no(number)
    };
    simulator.pay(&OrderRef::order("S00001")).unwrap();
    let paid = client.send(&query("S00001")).await.unwrap();
    assert_eq!(
        paid.trade_state.as_ref().map(|state| state.as_str()),
        Some("SUCCESS")
    );
    assert_eq!(paid.sub_mchid.as_deref(), Some(sub_mchid));
    let by_id = partner::QueryById::default()
        .sp_mchid(sp_mchid)
        .sub_mchid(sub_mchid)
        .transaction_id(paid.transaction_id.clone().unwrap());
    client.send(&by_id).await.unwrap();
    let close = partner::Close::default().sp_mchid(sp_mchid).sub_mchid(sub_mchid);
    client.send(&close.out_trade_no("S00002")).await.unwrap();
    let closed = client.send(&query("S00002")).await.unwrap();
    assert_eq!(
        closed.trade_state.as_ref().map(|state| state.as_str()),
        Some("CLOSED")
    );

    // Another's sub-merchant is none of its own.
    let mut strange = order("S00009", json!({}));
    merge(&mut strange, json!({ "sub_mchid": "1900009999" }));
    let strange: partner::NativePrepay = typed(strange);
    assert_eq!(
        client.send(&strange).await.unwrap_err().outcome(),
        Outcome::Refused
    );
}
