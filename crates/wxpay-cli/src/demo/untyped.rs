//! A call that no type describes, signed and verified like every other.

use std::io::Write;

use http::Method;
use wxpay_proto::v3;

use super::error::DemoError;
use super::stage::{Stage, Wanted};

pub(crate) async fn run<W: Write>(stage: &mut Stage<'_, W>) -> Result<(), DemoError> {
    stage
        .report
        .chapter("Untyped: for interfaces that are newer than this program")?;
    let partner = stage.partner.clone();
    let call = v3::Call::new(Method::GET, "/v3/combine-transactions/out-trade-no/DEMO20260001");
    stage
        .call(
            &partner,
            "query by path",
            &call,
            Wanted::Answer(&|answer| {
                let value: serde_json::Value = answer.json().map_err(|error| error.to_string())?;
                let number = value["combine_out_trade_no"]
                    .as_str()
                    .ok_or("a combine_out_trade_no")?;
                Ok(format!("{} bytes of JSON about {number}", answer.body.len()))
            }),
        )
        .await?;
    Ok(())
}
