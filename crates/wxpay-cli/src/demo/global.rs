//! Global and HK: the four closes, each as a merchant (`mchid`) and as an institution (`sp_mchid`, `sub_mchid`).

use std::io::Write;

use wxpay_hyper::Client;
use wxpay_proto::NoContent;
use wxpay_types::global::transactions as global;
use wxpay_types::hk::transactions as hk;

use super::error::DemoError;
use super::stage::{Stage, Wanted};

const APPID: &str = "wx8888888888888888";

/// Who acts.
#[derive(Clone)]
enum Mode {
    Merchant { mchid: String },
    Institution { sp_mchid: String, sub_mchid: String },
}

impl Mode {
    fn name(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "merchant",
            Self::Institution { .. } => "institution",
        }
    }
}

/// Fills in who acts, in operations that name it in the same way.
macro_rules! acting {
    ($operation:expr, $mode:expr) => {
        match $mode.clone() {
            Mode::Merchant { mchid } => $operation.mchid(mchid),
            Mode::Institution { sp_mchid, sub_mchid } => $operation.sp_mchid(sp_mchid).sub_mchid(sub_mchid),
        }
    };
}

pub(crate) async fn run<W: Write>(stage: &mut Stage<'_, W>) -> Result<(), DemoError> {
    let profile = stage.simulator.profile();
    let merchant = Mode::Merchant {
        mchid: profile.merchant().id().as_str().to_owned(),
    };
    let institution = profile.institution();
    let sub_mchid = institution.sub_merchants().first().cloned();
    let institution = Mode::Institution {
        sp_mchid: institution.id().as_str().to_owned(),
        sub_mchid: sub_mchid.ok_or(DemoError::Needed("an institution with a sub-merchant"))?,
    };
    for (client, mode) in [
        (stage.merchant.clone(), merchant),
        (stage.institution.clone(), institution),
    ] {
        stage
            .report
            .chapter(&format!("Global and HK orders, as {}", mode.name()))?;
        let mut ids = Vec::new();
        for number in 1..=4 {
            ids.push(create(stage, &client, &mode, &order_number(&mode, number)).await?);
        }
        stage.simulator.turn_business_clock(301);
        stage.tell(
            "the business clock is turned by 301 s: global orders cannot be closed in their first 5 minutes",
        )?;
        close(stage, &client, &mode, &ids).await?;
    }
    Ok(())
}

fn order_number(mode: &Mode, number: u8) -> String {
    format!("DEMO-{}-{number}", mode.name())
}

/// Creates an order and finds out its transaction id, by which two of the closes name it.
async fn create<W: Write>(
    stage: &mut Stage<'_, W>,
    client: &Client,
    mode: &Mode,
    number: &str,
) -> Result<String, DemoError> {
    let order = global::NativePrepay::default()
        .out_trade_no(number)
        .description("茶")
        .notify_url("https://shop.example/notify")
        .trade_type("NATIVE")
        .merchant_category_code("1011")
        .amount(global::Amount::default().total(888).currency("HKD"));
    let order = match mode {
        Mode::Merchant { .. } => order.appid(APPID),
        Mode::Institution { .. } => order.sp_appid(APPID),
    };
    stage
        .call(
            client,
            "create",
            &acting!(order, mode),
            Wanted::Answer(&|answer| answer.code_url.clone().ok_or_else(|| "a code_url".to_owned())),
        )
        .await?;
    let query = acting!(global::QueryByOutTradeNo::default().out_trade_no(number), mode);
    let found = stage
        .call(
            client,
            "query it",
            &query,
            Wanted::Answer(&|answer| {
                let state = answer.trade_state.as_deref().unwrap_or("(none)");
                if state == "NOTPAY" {
                    Ok(format!("trade_state {state}"))
                } else {
                    Err(format!("NOTPAY, not {state}"))
                }
            }),
        )
        .await?;
    found
        .and_then(|answer| answer.id.clone())
        .ok_or(DemoError::Needed("a global order with its id"))
}

async fn close<W: Write>(
    stage: &mut Stage<'_, W>,
    client: &Client,
    mode: &Mode,
    ids: &[String],
) -> Result<(), DemoError> {
    let [first, _, third, _] = ids else {
        return Err(DemoError::Needed("four global orders"));
    };
    let done = |_: &NoContent| Ok("204".to_owned());
    let by_id = acting!(global::CloseById::default().transaction_id(first), mode);
    stage
        .call(client, "close by id", &by_id, Wanted::Answer(&done))
        .await?;
    let by_number = acting!(
        global::CloseByOutTradeNo::default().out_trade_no(order_number(mode, 2)),
        mode
    );
    stage
        .call(client, "close by order number", &by_number, Wanted::Answer(&done))
        .await?;
    let by_id = acting!(hk::CloseById::default().transaction_id(third), mode);
    stage
        .call(client, "close by id", &by_id, Wanted::Answer(&done))
        .await?;
    let by_number = acting!(
        hk::CloseByOutTradeNo::default().out_trade_no(order_number(mode, 4)),
        mode
    );
    stage
        .call(client, "close by order number", &by_number, Wanted::Answer(&done))
        .await?;
    stage
        .call(
            client,
            "close it again",
            &by_number,
            Wanted::Refused("ORDERCLOSED"),
        )
        .await?;
    Ok(())
}
