//! What v2 tells of contracts and deductions (protocol section 6.5). The catalogue has none of these notifications: their
//! fields are those of the official pages.

use serde_json::{Map, Value};
use wxpay_proto::{TimeText, UnixTime};

use super::answer::Reply;
use super::papay::mode;
use super::pay;
use super::times::spaced;
use crate::outbox::Note;
use crate::store::{Contract, ContractState, Form, Order, Record as _, Schedule};
use crate::world::World;

/// A contract was signed (`ADD`), or ended (`DELETE`).
pub(crate) fn changed(world: &mut World<'_>, contract: &Contract, at: UnixTime) -> Note {
    let ended = contract.state == ContractState::Terminated;
    let mut fields = Reply::from([
        ("mch_id".to_owned(), contract.mchid.clone()),
        ("contract_code".to_owned(), contract.code.clone()),
        ("plan_id".to_owned(), contract.plan_id.clone()),
        ("openid".to_owned(), contract.openid.clone()),
        ("contract_id".to_owned(), contract.contract_id.clone()),
    ]);
    let mut put = |name: &str, text: String| fields.insert(name.to_owned(), text);
    let change = if ended { "DELETE" } else { "ADD" };
    put("change_type", change.to_owned());
    put("operate_time", spaced(&TimeText::beijing(at)));
    if let Some(sub_mchid) = &contract.sub_mchid {
        put("sub_mch_id", sub_mchid.clone());
    }
    if let Some(serial) = &contract.serial {
        put("request_serial", serial.clone());
    }
    if ended {
        let by = contract.ended_by.map_or("0", mode);
        put("contract_termination_mode", by.to_owned());
    } else {
        put(
            "contract_expired_time",
            spaced(&TimeText::beijing(contract.expires())),
        );
    }
    let about = format!("contract {}", contract.key());
    note(world, contract, contract.notify_url.clone(), fields, None, about)
}

/// The bank has answered a deduction.
pub(crate) fn deducted(
    world: &mut World<'_>,
    order: &Order,
    contract: &Contract,
    charged: bool,
) -> Option<Note> {
    let url = order.notify_url.clone()?;
    let mut fields = pay::paid(order);
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("contract_id", &contract.contract_id);
    put("trade_type", order.trade_type.as_str());
    put("total_fee", &order.total.to_string());
    let state = if charged { "SUCCESS" } else { "PAY_FAIL" };
    put("trade_state", state);
    let problem = (!charged).then_some(("NOTENOUGH", "余额不足"));
    let about = format!("order {}", order.key());
    Some(note(world, contract, url, fields, problem, about))
}

fn note(
    world: &mut World<'_>,
    contract: &Contract,
    url: String,
    mut fields: Reply,
    problem: Option<(&str, &str)>,
    about: String,
) -> Note {
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("return_code", "SUCCESS");
    put("return_msg", "OK");
    put("result_code", if problem.is_none() { "SUCCESS" } else { "FAIL" });
    if let Some((code, description)) = problem {
        put("err_code", code);
        put("err_code_des", description);
    }
    put("nonce_str", &world.sequence.hex());
    let members = fields.into_iter().map(|(name, text)| (name, Value::String(text)));
    Note {
        mchid: contract.mchid.clone(),
        url,
        form: Form::V2Md5,
        event_type: String::new(),
        summary: String::new(),
        original_type: String::new(),
        resource: Value::Object(Map::from_iter(members)),
        about,
        schedule: Schedule::Day,
    }
}
