//! A contract as queries and notifications tell it.

use serde_json::{Value, json};
use wxpay_proto::TimeText;

use crate::store::{Contract, ContractState, EndedBy};

pub(crate) fn view(contract: &Contract) -> Value {
    let ended = contract.state == ContractState::Terminated;
    // Invariant: v3's contracts have a number here; v2's have a text that the merchant chose.
    let plan_id = contract
        .plan_id
        .parse::<i64>()
        .map_or_else(|_| json!(contract.plan_id), Value::from);
    let mut body = json!({
        "mchid": contract.mchid,
        "contract_id": contract.contract_id,
        "appid": contract.appid,
        "plan_id": plan_id,
        "out_contract_code": contract.code,
        "contract_display_account": contract.display_account,
        "contract_state": if ended { "TERMINATED" } else { "SIGNED" },
        "contract_expired_time": TimeText::beijing(contract.expires()).as_str(),
        "openid": contract.openid,
    });
    if let Some(at) = contract.signed {
        body["contract_signed_time"] = json!(TimeText::beijing(at).as_str());
    }
    if let Some(user_code) = &contract.user_code {
        body["out_user_code"] = json!(user_code);
    }
    if let (Some(at), Some(by)) = (contract.terminated, contract.ended_by) {
        body["contract_terminate_info"] = json!({
            "contract_termination_mode": match by {
                EndedBy::User => "USER_TERMINATE",
                EndedBy::Merchant => "MCH_API_TERMINATE",
            },
            "contract_terminated_time": TimeText::beijing(at).as_str(),
            "contract_termination_remark": contract.remark.as_deref().unwrap_or_default(),
        });
    }
    body
}
