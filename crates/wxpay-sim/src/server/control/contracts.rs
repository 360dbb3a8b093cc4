//! What users do who let merchants charge them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use crate::contract::{ContractError, ContractRef};

/// A contract, by any of its numbers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    number: String,
    /// Needed only when two accounts use the same number.
    mchid: Option<String>,
    /// Who signs.
    openid: Option<String>,
    /// Whether deductions fail.
    broke: Option<bool>,
}

impl Named {
    fn contract(&self) -> ContractRef {
        let named = ContractRef::new(self.number.as_str());
        match &self.mchid {
            Some(mchid) => named.offered_by(mchid.as_str()),
            None => named,
        }
    }
}

pub(super) fn list(desk: &Desk) -> Value {
    desk.look(|platform, _| json!(platform.contracts()))
}

pub(super) async fn sign(desk: &Desk, named: Named) -> Answer {
    let contract = named.contract();
    let openid = named.openid.as_deref();
    let signed = desk.act(|platform, clocks| platform.sign_contract(&contract, openid, clocks));
    let id = signed.await?.map_err(refuse)?;
    Ok(json!({ "contract_id": id }))
}

pub(super) async fn terminate(desk: &Desk, named: Named) -> Result<(), Problem> {
    let contract = named.contract();
    let ended = desk.act(|platform, clocks| platform.terminate_contract(&contract, clocks));
    ended.await?.map_err(refuse)
}

pub(super) async fn spoil(desk: &Desk, named: Named) -> Result<(), Problem> {
    let contract = named.contract();
    let broke = named.broke.unwrap_or(true);
    let done = desk.act(|platform, _| platform.break_contract(&contract, broke));
    done.await?.map_err(refuse)
}

fn refuse(error: ContractError) -> Problem {
    match error {
        ContractError::Unknown { .. } => Problem::missing(error),
        _ => Problem::conflict(error),
    }
}
