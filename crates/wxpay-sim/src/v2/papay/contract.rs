//! Looking at contracts, and ending them.

use wxpay_proto::v2::Fields;
use wxpay_proto::{TimeText, UnixTime};
use wxpay_types::schema::OperationInfo;

use crate::contracts;
use crate::store::{Contract, ContractState, EndedBy, Record as _};
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::v2::times::spaced;
use crate::world::World;

pub(super) fn query(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let contract = find(letter, world)?;
    let mut fields = named(contract);
    let mut put = |name: &str, text: String| fields.insert(name.to_owned(), text);
    put("contract_display_account", contract.display_account.clone());
    put("openid", contract.openid.clone());
    if let Some(serial) = &contract.serial {
        put("request_serial", serial.clone());
    }
    // 0 is signed, 1 is not any more.
    let ended = contract.state == ContractState::Terminated;
    put("contract_state", u8::from(ended).to_string());
    put(
        "contract_signed_time",
        time(contract.signed.unwrap_or(contract.created)),
    );
    put("contract_expired_time", time(contract.expires()));
    if let Some(at) = contract.terminated {
        put("contract_terminated_time", time(at));
    }
    if let Some(by) = contract.ended_by {
        put("contract_termination_mode", mode(by).to_owned());
    }
    if let Some(remark) = &contract.remark {
        put("contract_termination_remark", remark.clone());
    }
    letter.repeat(info, &mut fields);
    Ok(fields)
}

/// Ends a contract; a repetition finds it ended. The merchant is told at the contract's own address.
pub(super) fn delete(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let contract = find(letter, world)?;
    let (key, mut fields) = (contract.key(), named(contract));
    let remark = letter.optional("contract_termination_remark");
    contracts::terminate(world, &key, EndedBy::Merchant, remark);
    letter.repeat(info, &mut fields);
    Ok(fields)
}

/// The contract that a call names by its id, or by plan and number; one that was never signed is not seen.
fn find<'a>(letter: &Letter<'_>, world: &'a World<'_>) -> Result<&'a Contract, Refusal> {
    let mchid = letter.merchant.id().as_str();
    let contract = match letter.text("contract_id") {
        "" => {
            let key = Contract::key_of(mchid, letter.text("plan_id"), letter.text("contract_code"));
            world.store.contracts.get(&key)
        }
        id => contracts::by_id(world.store, mchid, id),
    };
    let sub_mchid = letter.sub_merchant()?;
    contract
        .filter(|contract| contract.signed.is_some() && contract.sub_mchid == sub_mchid)
        .ok_or_else(unknown)
}

/// The code is not in the sources.
pub(super) fn unknown() -> Refusal {
    Refusal::new("CONTRACT_NOT_EXIST", "签约关系不存在 (no such contract)")
}

fn named(contract: &Contract) -> Fields {
    let fields = [
        ("contract_id", &contract.contract_id),
        ("plan_id", &contract.plan_id),
        ("contract_code", &contract.code),
    ];
    fields
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text.clone()))
        .collect()
}

fn time(time: UnixTime) -> String {
    spaced(&TimeText::beijing(time))
}

/// Who has ended it, as v2 counts.
pub(crate) fn mode(by: EndedBy) -> &'static str {
    match by {
        EndedBy::User => "2",
        EndedBy::Merchant => "3",
        // A contract of v3's that has run its course, asked for in v2: its time is over.
        EndedBy::System => "1",
    }
}
