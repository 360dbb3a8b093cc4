//! The four operations that the project grew from, end to end.

use wxpay_proto::{JsonText, Outcome, VerifiedBy};
use wxpay_sim::{OrderRef, RepeatedClose, Settings, Setup, Simulator};
use wxpay_types::global::transactions as global;
use wxpay_types::hk::transactions as hk;
use wxpay_types::v2::combine::{
    CloseCombinedOrder, CombinedOrder, Order as V2Order, SceneInfo, SubOrder, SubOrderList,
};
use wxpay_types::v3::combine_transactions::TradeState;

use crate::support::{APPID, Order, client};

#[tokio::test]
async fn a_combined_order_is_created_queried_paid_and_queried() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    // The number holds every character that is allowed and must be escaped or not.
    let order = Order::new(&simulator, "P2026_-|*1");
    let created = client.send(&order.create()).await.unwrap();
    assert!(created.code_url.as_deref().unwrap().starts_with("weixin://"));

    let unpaid = client.send(&order.query()).await.unwrap();
    assert_eq!(unpaid.combine_out_trade_no.as_deref(), Some(order.number));
    let states: Vec<_> = unpaid
        .sub_orders
        .iter()
        .map(|s| s.trade_state.clone().unwrap())
        .collect();
    assert_eq!(states, [TradeState::Notpay, TradeState::Notpay]);
    assert!(
        unpaid
            .sub_orders
            .iter()
            .all(|s| s.transaction_id.is_none() && s.success_time.is_none())
    );

    simulator.pay(&OrderRef::combine(order.number)).unwrap();
    let paid = client.send(&order.query()).await.unwrap();
    assert!(matches!(paid.verified_by(), VerifiedBy::PlatformKey(_)));
    for sub_order in &paid.sub_orders {
        assert_eq!(sub_order.trade_state, Some(TradeState::Success));
        assert!(sub_order.success_time.as_ref().unwrap().parse().is_ok());
        assert_eq!(sub_order.attach.as_deref(), Some("深圳分店 & <co>"));
        assert_eq!(sub_order.amount.as_ref().unwrap().total_amount, Some(888));
    }
    assert!(paid.combine_payer_info.as_ref().unwrap().openid.is_some());

    let error = client.send(&order.close()).await.unwrap_err();
    assert_eq!(
        error.api_error().unwrap().kind(),
        Some(wxpay_proto::ErrorCode::OrderPaid)
    );
    assert_eq!(error.outcome(), Outcome::Refused);
}

#[tokio::test]
async fn a_combined_order_is_closed_twice() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let order = Order::new(&simulator, "P20260002");
    client.send(&order.create()).await.unwrap();
    for _ in 0..2 {
        let closed = client.send(&order.close()).await.unwrap();
        assert_eq!(closed.status(), 204);
        assert!(closed.body().is_empty());
    }
    let state = client.send(&order.query()).await.unwrap().sub_orders[0]
        .trade_state
        .clone();
    assert_eq!(state, Some(TradeState::Closed));
}

#[tokio::test]
async fn the_other_behaviour_of_a_repeated_close_is_known_by_name() {
    let mut settings = Settings::default();
    settings.v3_repeated_close = RepeatedClose::OrderClosed;
    let mut setup = Setup::default();
    setup.settings = settings;
    let simulator = Simulator::start_with(setup).unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let order = Order::new(&simulator, "P20260003");
    client.send(&order.create()).await.unwrap();
    client.send(&order.close()).await.unwrap();
    let error = client.send(&order.close()).await.unwrap_err();
    assert!(error.is_already_closed());
    assert_eq!(error.api_error().unwrap().code.as_deref(), Some("ORDER_CLOSED"));
    assert_eq!(error.api_error().unwrap().status, 400);
}

#[tokio::test]
async fn a_v2_combined_order_is_closed_after_its_minute() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let client = client(&simulator, partner);
    let (mchid, number) = (partner.id().as_str(), "V20260001");
    let order = V2Order::default()
        .appid(APPID)
        .mch_id(mchid)
        .sub_mch_id(&partner.sub_merchants()[0])
        .body("<茶> & \"]]>\"")
        .attach("a")
        .fee_type("CNY")
        .total_fee(88);
    let orders = vec![
        order.clone().out_trade_no("V20260001-1"),
        order.out_trade_no("V20260001-2"),
    ];
    let create = CombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no(number)
        .spbill_create_ip("8.8.8.8")
        .notify_url("https://shop.example/notify")
        .trade_type("NATIVE")
        .scene_info(JsonText::new(&SceneInfo::default().payer_client_ip("14.17.22.32")).unwrap())
        .sub_order_list(JsonText::new(&SubOrderList::default().order_num(2).order_list(orders)).unwrap());
    client.send(&create).await.unwrap();

    let named = ["V20260001-1", "V20260001-2"].map(|n| SubOrder::default().mchid(mchid).out_trade_no(n));
    let close = CloseCombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no(number)
        .sub_order_list(JsonText::new(&named.to_vec()).unwrap());
    let early = client.send(&close).await.unwrap_err();
    assert_eq!(early.outcome(), Outcome::Refused);
    assert!(
        early.api_error().unwrap().authentic,
        "v2 signs its business failures"
    );

    simulator.turn_business_clock(61);
    let closed = client.send(&close).await.unwrap();
    assert!(matches!(
        closed.verified_by(),
        VerifiedBy::ApiV2Key {
            algorithm: wxpay_proto::crypto::Algorithm::HmacSha256,
            ..
        }
    ));
    let again = client.send(&close).await.unwrap_err();
    assert!(again.is_already_closed());
    assert_eq!(again.api_error().unwrap().code.as_deref(), Some("ORDERCLOSED"));
}

/// Creates a global order and tells its transaction id.
macro_rules! global_order {
    ($client:expr, $number:expr, $who:expr) => {{
        let order = global::NativePrepay::default()
            .out_trade_no($number)
            .description("茶")
            .notify_url("https://shop.example/notify")
            .trade_type("NATIVE")
            .merchant_category_code("1011")
            .amount(global::Amount::default().total(888).currency("HKD"));
        $client.send(&$who(order)).await.unwrap();
    }};
}

#[tokio::test]
async fn global_orders_are_closed_by_a_merchant_at_all_four_addresses() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let mchid = merchant.id().as_str();
    let mut ids = Vec::new();
    for number in ["G20260001", "G20260002", "G20260003", "G20260004"] {
        global_order!(client, number, |o: global::NativePrepay| o
            .appid("wx8888888888888888")
            .mchid(mchid));
        let query = global::QueryByOutTradeNo::default()
            .out_trade_no(number)
            .mchid(mchid);
        ids.push(client.send(&query).await.unwrap().id.clone().unwrap());
    }
    let by_id = global::CloseById::default().transaction_id(&ids[0]).mchid(mchid);
    assert_eq!(
        client.send(&by_id).await.unwrap_err().outcome(),
        Outcome::Refused,
        "too early"
    );
    simulator.turn_business_clock(301);
    client.send(&by_id).await.unwrap();
    client
        .send(
            &global::CloseByOutTradeNo::default()
                .out_trade_no("G20260002")
                .mchid(mchid),
        )
        .await
        .unwrap();
    client
        .send(&hk::CloseById::default().transaction_id(&ids[2]).mchid(mchid))
        .await
        .unwrap();
    let last = hk::CloseByOutTradeNo::default()
        .out_trade_no("G20260004")
        .mchid(mchid);
    client.send(&last).await.unwrap();
    assert!(client.send(&last).await.unwrap_err().is_already_closed());
    for (id, number) in ids
        .iter()
        .zip(["G20260001", "G20260002", "G20260003", "G20260004"])
    {
        let found = client
            .send(&hk::QueryById::default().transaction_id(id).mchid(mchid))
            .await
            .unwrap();
        assert_eq!(found.out_trade_no.as_deref(), Some(number));
        assert_eq!(
            found.trade_state.as_ref().map(|state| state.as_str()),
            Some("CLOSED")
        );
    }
}

#[tokio::test]
async fn global_orders_are_closed_by_an_institution_at_all_four_addresses() {
    let simulator = Simulator::start().unwrap();
    let institution = simulator.profile().institution();
    let client = client(&simulator, institution);
    let (sp_mchid, sub_mchid) = (institution.id().as_str(), institution.sub_merchants()[0].as_str());
    let mut ids = Vec::new();
    for number in ["I20260001", "I20260002", "I20260003", "I20260004"] {
        global_order!(client, number, |o: global::NativePrepay| o
            .sp_appid("wx8888888888888888")
            .sp_mchid(sp_mchid)
            .sub_mchid(sub_mchid));
        let query = hk::QueryByOutTradeNo::default()
            .out_trade_no(number)
            .sp_mchid(sp_mchid)
            .sub_mchid(sub_mchid);
        ids.push(client.send(&query).await.unwrap().id.clone().unwrap());
    }
    simulator.turn_business_clock(301);
    let close = global::CloseById::default()
        .transaction_id(&ids[0])
        .sp_mchid(sp_mchid)
        .sub_mchid(sub_mchid);
    client.send(&close).await.unwrap();
    let close = global::CloseByOutTradeNo::default()
        .out_trade_no("I20260002")
        .sp_mchid(sp_mchid)
        .sub_mchid(sub_mchid);
    client.send(&close).await.unwrap();
    let close = hk::CloseById::default()
        .transaction_id(&ids[2])
        .sp_mchid(sp_mchid)
        .sub_mchid(sub_mchid);
    client.send(&close).await.unwrap();
    let close = hk::CloseByOutTradeNo::default()
        .out_trade_no("I20260004")
        .sp_mchid(sp_mchid)
        .sub_mchid(sub_mchid);
    client.send(&close).await.unwrap();
}
