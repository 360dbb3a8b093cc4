//! Sensitive fields: sealed by the transport itself, opened and checked by the simulator.

use wxpay_sim::Simulator;
use wxpay_types::v3::combine_transactions::{
    AppPrepay, AppPrepayCombinePayerInfo, AppPrepaySubOrder, Identity, SceneInfo,
};

use crate::support::{Order, client};

#[tokio::test]
async fn plaintext_is_sealed_on_the_way_and_never_on_the_wire() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let native = Order::new(&simulator, "E20260001").create();
    let sub_orders: Vec<_> = native
        .sub_orders
        .iter()
        .map(|s| AppPrepaySubOrder {
            mchid: s.mchid.clone(),
            sub_mchid: s.sub_mchid.clone(),
            out_trade_no: s.out_trade_no.clone(),
            attach: s.attach.clone(),
            description: s.description.clone(),
            amount: s.amount.clone(),
            ..AppPrepaySubOrder::default()
        })
        .collect();
    let identity = Identity::default()
        .r#type("IDCARD")
        .number("110102199003077758")
        .name("张三");
    let create = AppPrepay {
        combine_appid: native.combine_appid,
        combine_mchid: native.combine_mchid,
        combine_out_trade_no: native.combine_out_trade_no,
        notify_url: native.notify_url,
        ..AppPrepay::default()
    }
    .scene_info(SceneInfo::default().payer_client_ip("14.17.22.32"))
    .sub_orders(sub_orders)
    .combine_payer_info(AppPrepayCombinePayerInfo::default().identity(identity));
    let created = client.send(&create).await.unwrap();
    assert!(created.prepay_id.is_some());

    let sent = simulator.log().pop().unwrap().request;
    let body = String::from_utf8(sent.body().to_vec()).unwrap();
    assert!(
        !body.contains("张三") && !body.contains("110102199003077758"),
        "{body}"
    );
    assert_eq!(
        sent.headers()["wechatpay-serial"],
        simulator.profile().platform_public_key().id().as_str()
    );
    // What was given is untouched: it can be sent again, sealed afresh.
    client.send(&create).await.unwrap();
}
