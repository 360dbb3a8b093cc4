//! What v3 tells of contracts for deductions (protocol appendix C).

use serde_json::json;
use wxpay_proto::{TimeText, UnixTime};

use super::papay::view;
use crate::outbox::Note;
use crate::store::{Contract, ContractState, Form, Record as _, Schedule};

/// A contract was signed, or ended.
pub(crate) fn changed(contract: &Contract, at: UnixTime) -> Note {
    let (event, summary) = match contract.state {
        ContractState::Terminated => ("ENTRUST.TERMINATE", "解约结果通知"),
        ContractState::Offered | ContractState::Signed => ("ENTRUST.SIGN", "签约结果通知"),
    };
    let mut resource = view(contract, at);
    if let Some(at) = contract.terminated {
        resource["contract_terminated_time"] = json!(TimeText::beijing(at).as_str());
    }
    Note {
        mchid: contract.mchid.clone(),
        url: contract.notify_url.clone(),
        form: Form::V3,
        event_type: event.to_owned(),
        summary: summary.to_owned(),
        original_type: "entrust".to_owned(),
        resource,
        about: format!("contract {}", contract.key()),
        schedule: Schedule::Day,
    }
}
