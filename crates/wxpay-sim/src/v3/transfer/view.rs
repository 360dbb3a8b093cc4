//! A transfer as a query tells it (protocol appendix A9).

use serde_json::{Value, json};
use wxpay_proto::TimeText;
use wxpay_types::table;

use super::unknown::unknown;
use crate::documented;
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::world::World;

/// The transfer with this key, the user's name sealed for the merchant.
pub(super) fn view(call: &Call<'_>, world: &mut World<'_>, key: &str) -> Result<Value, Refusal> {
    let transfer = world.store.transfers.get(key).ok_or_else(unknown)?;
    let mut body = json!({
        "mch_id": transfer.mchid,
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "appid": transfer.appid,
        "state": transfer.state.as_str(),
        "transfer_amount": transfer.amount,
        "transfer_remark": transfer.remark,
        "openid": transfer.openid,
        "create_time": TimeText::beijing(transfer.created).as_str(),
        "update_time": TimeText::beijing(transfer.updated).as_str(),
    });
    if let Some(reason) = &transfer.fail_reason {
        body["fail_reason"] = json!(reason);
    }
    if let Some(name) = &transfer.user_name {
        body["user_name"] = json!(name);
    }
    // Both queries have this answer.
    if let Some(info) = table::named("v3.mch-transfer.query_transfer_bill_by_out_bill_no") {
        documented::seal(info, &mut body, call.signer, world.sequence);
    }
    Ok(body)
}
