//! A complaint as queries tell it.

use serde_json::{Value, json};
use wxpay_proto::TimeText;
use wxpay_types::table;

use crate::documented;
use crate::store::{Complaint, Store};
use crate::v3::call::Call;
use crate::world::World;

/// Where pictures are.
pub(super) const IMAGES: &str = "https://api.mch.weixin.qq.com/v3/merchant-service/images/";

/// What lists and queries have in common. The phone number is not sealed yet.
pub(super) fn view(store: &Store, complaint: &Complaint) -> Value {
    let order = store.orders.get(&complaint.order);
    let refunded = order.is_some_and(|order| order.refunded >= order.total);
    let mut body = json!({
        "complaint_id": complaint.complaint_id,
        "complaint_time": TimeText::beijing(complaint.created).as_str(),
        "complaint_detail": complaint.detail,
        "complaint_state": complaint.state.as_str(),
        "complainted_mchid": complaint.mchid,
        "complaint_full_refunded": refunded,
        "incoming_user_response": complaint.waits,
        "need_immediate_service": complaint.immediate,
        "problem_description": complaint.description,
        "user_complaint_times": complaint.times,
        "problem_type": complaint.problem,
    });
    if let Some(order) = order {
        body["complaint_order_info"] = json!([{
            "transaction_id": order.transaction_id,
            "out_trade_no": order.out_trade_no,
            "amount": order.total,
        }]);
    }
    if let Some(phone) = &complaint.phone {
        body["payer_phone"] = json!(phone);
    }
    if let Some(amount) = complaint.refund {
        body["apply_refund_amount"] = json!(amount);
    }
    body
}

/// Seals the phone numbers for the merchant.
pub(super) fn seal(operation: &str, body: &mut Value, call: &Call<'_>, world: &mut World<'_>) {
    if let Some(info) = table::named(operation) {
        documented::seal(info, body, call.signer, world.sequence);
    }
}
