//! A contract as queries and notifications tell it.

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use super::schedule;
use crate::store::{Contract, ContractState, EndedBy};

/// A merchant's contract, or a partner's with its sub-merchant.
pub(crate) fn view(contract: &Contract, now: UnixTime) -> Value {
    let ended = contract.state == ContractState::Terminated;
    // Invariant: v3's contracts have a number here; v2's have a text that the merchant chose.
    let plan_id = contract
        .plan_id
        .parse::<i64>()
        .map_or_else(|_| json!(contract.plan_id), Value::from);
    let mut body = json!({
        "contract_id": contract.contract_id,
        "plan_id": plan_id,
        "out_contract_code": contract.code,
        "contract_display_account": contract.display_account,
        "contract_state": if ended { "TERMINATED" } else { "SIGNED" },
        "contract_expired_time": TimeText::beijing(contract.expires()).as_str(),
    });
    put_parties(&mut body, contract);
    if let Some(planned) = &contract.planned {
        body["deduct_schedule"] = schedule::within(planned, now);
    }
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
                EndedBy::System => "SYSTEM_TERMINATE",
            },
            "contract_terminated_time": TimeText::beijing(at).as_str(),
            "contract_termination_remark": contract.remark.as_deref().unwrap_or_default(),
        });
    }
    body
}

fn put_parties(body: &mut Value, contract: &Contract) {
    let Some(sub_mchid) = &contract.sub_mchid else {
        body["mchid"] = json!(contract.mchid);
        body["appid"] = json!(contract.appid);
        body["openid"] = json!(contract.openid);
        return;
    };
    body["sp_mchid"] = json!(contract.mchid);
    body["sp_appid"] = json!(contract.appid);
    body["sp_openid"] = json!(contract.openid);
    body["sub_mchid"] = json!(sub_mchid);
    if let Some(sub_appid) = &contract.sub_appid {
        body["sub_appid"] = json!(sub_appid);
    }
    if let Some(sub_openid) = contract.asked.value().get("sub_openid") {
        body["sub_openid"] = sub_openid.clone();
    }
}
