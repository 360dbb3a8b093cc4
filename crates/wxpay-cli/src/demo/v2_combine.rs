//! v2: the close of a combined order (合单关单), XML signed with HMAC-SHA256, which has to wait for a minute.

use std::io::Write;

use wxpay_proto::JsonText;
use wxpay_types::v2::combine::{
    CloseCombinedOrder, CombinedOrder, Order, QueryCombinedOrder, SceneInfo, SubOrder, SubOrderList,
};

use super::combine::APPID;
use super::error::DemoError;
use super::stage::{Stage, Wanted, setup};

const NUMBER: &str = "DEMO20260003";

pub(crate) async fn run<W: Write>(stage: &mut Stage<'_, W>) -> Result<(), DemoError> {
    stage
        .report
        .chapter("v2 combined order (closed to new merchants by WeChat Pay on 2021-09-01)")?;
    let partner = stage.partner.clone();
    let account = stage.simulator.profile().partner();
    let mchid = account.id().as_str();
    let sub_merchant = account.sub_merchants().first().map(String::as_str);
    let sub_merchant = sub_merchant.ok_or(DemoError::Needed("a partner with a sub-merchant"))?;

    let orders = SubOrderList::default().order_num(2).order_list(
        ["-1", "-2"]
            .map(|suffix| {
                Order::default()
                    .appid(APPID)
                    .mch_id(mchid)
                    .sub_mch_id(sub_merchant)
                    .body("茶")
                    .attach("深圳分店")
                    .out_trade_no(format!("{NUMBER}{suffix}"))
                    .fee_type("CNY")
                    .total_fee(88)
            })
            .to_vec(),
    );
    let create = CombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no(NUMBER)
        .spbill_create_ip("14.17.22.32")
        .notify_url("https://shop.example/notify")
        .trade_type("NATIVE")
        .scene_info(JsonText::new(&SceneInfo::default().payer_client_ip("14.17.22.32")).map_err(setup)?)
        .sub_order_list(JsonText::new(&orders).map_err(setup)?);
    stage
        .call(
            &partner,
            "create",
            &create,
            Wanted::Answer(&|answer| answer.code_url.clone().ok_or_else(|| "a code_url".to_owned())),
        )
        .await?;

    let sub_orders = ["-1", "-2"]
        .map(|suffix| {
            SubOrder::default()
                .mchid(mchid)
                .out_trade_no(format!("{NUMBER}{suffix}"))
        })
        .to_vec();
    let close = CloseCombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no(NUMBER)
        .sub_order_list(JsonText::new(&sub_orders).map_err(setup)?);
    let early = stage.simulator.settings().early_close_code.clone();
    stage
        .call(&partner, "close it too early", &close, Wanted::Refused(&early))
        .await?;

    stage.simulator.turn_business_clock(61);
    stage.tell("the business clock is turned by 61 s; signatures stay on real time")?;
    stage
        .call(
            &partner,
            "close it",
            &close,
            Wanted::Answer(&|_| Ok("result_code SUCCESS".to_owned())),
        )
        .await?;
    stage
        .call(&partner, "close it again", &close, Wanted::Refused("ORDERCLOSED"))
        .await?;

    let query = QueryCombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no(NUMBER);
    stage
        .call(
            &partner,
            "query it",
            &query,
            Wanted::Answer(&|answer| {
                let state = answer
                    .trade_state
                    .as_ref()
                    .map_or("(none)", |state| state.as_str());
                if state == "CLOSED" {
                    Ok(format!("trade_state {state}"))
                } else {
                    Err(format!("CLOSED, not {state}"))
                }
            }),
        )
        .await?;
    Ok(())
}
