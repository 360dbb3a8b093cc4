//! What users do who let merchants charge them.

use wxpay_proto::{TimeText, UnixTime};

use super::Platform;
use crate::clocks::Clocks;
use crate::contract::{ContractError, ContractRef, Contracted};
use crate::contracts;
use crate::progress;
use crate::store::{Contract, ContractState, EndedBy, Record as _};

impl Platform {
    /// The user signs a contract, as the user whom the offer names unless another `openid` is told. Gives WeChat Pay's
    /// number of it, `contract_id`.
    ///
    /// # Errors
    /// [`ContractError`] when there is no such contract, or it does not wait for the user.
    pub fn sign_contract(
        &mut self,
        contract: &ContractRef,
        openid: Option<&str>,
        clocks: Clocks,
    ) -> Result<String, ContractError> {
        let key = self.contract(contract)?;
        let mut world = self.world(clocks);
        if !contracts::sign(&mut world, &key, openid, clocks.business) {
            return Err(over(contract));
        }
        progress::advance(&mut world);
        let signed = self.store.contracts.get(&key);
        Ok(signed
            .map(|contract| contract.contract_id.clone())
            .unwrap_or_default())
    }

    /// The user ends a contract.
    ///
    /// # Errors
    /// [`ContractError`] when there is no such contract, or it is not in force.
    pub fn terminate_contract(
        &mut self,
        contract: &ContractRef,
        clocks: Clocks,
    ) -> Result<(), ContractError> {
        let key = self.contract(contract)?;
        let mut world = self.world(clocks);
        if !contracts::terminate(&mut world, &key, EndedBy::User, None) {
            return Err(over(contract));
        }
        progress::advance(&mut world);
        Ok(())
    }

    /// Says whether the user has no money, so that deductions by this contract fail.
    ///
    /// # Errors
    /// [`ContractError`] when there is no such contract.
    pub fn break_contract(&mut self, contract: &ContractRef, broke: bool) -> Result<(), ContractError> {
        let key = self.contract(contract)?;
        self.store.contracts.edit(&key, |contract| contract.broke = broke);
        Ok(())
    }

    /// Every contract, oldest first.
    #[must_use]
    pub fn contracts(&self) -> Vec<Contracted> {
        let mut all: Vec<&Contract> = self.store.contracts.iter().collect();
        all.sort_by_key(|contract| contract.created);
        all.into_iter().map(contracted).collect()
    }

    /// The key of a contract.
    fn contract(&self, named: &ContractRef) -> Result<String, ContractError> {
        let number = || named.number.clone();
        let marks = ["number", "id", "handle"].map(|kind| format!("{kind}:{}", named.number));
        let found = marks.iter().flat_map(|mark| self.store.contracts.marked(mark));
        let wanted = |mchid: &str| named.creator.as_ref().is_none_or(|creator| creator == mchid);
        let found: Vec<String> = found
            .filter(|contract| wanted(&contract.mchid))
            .map(Contract::key)
            .collect();
        match found.as_slice() {
            [] => Err(ContractError::Unknown { number: number() }),
            [key] => Ok(key.clone()),
            _ => Err(ContractError::Ambiguous { number: number() }),
        }
    }
}

fn over(named: &ContractRef) -> ContractError {
    ContractError::Over {
        number: named.number.clone(),
    }
}

pub(super) fn contracted(contract: &Contract) -> Contracted {
    Contracted {
        mchid: contract.mchid.clone(),
        code: contract.code.clone(),
        plan_id: contract.plan_id.clone(),
        contract_id: contract.contract_id.clone(),
        state: match contract.state {
            ContractState::Offered => "OFFERED",
            ContractState::Signed => "SIGNED",
            ContractState::Terminated => "TERMINATED",
        },
        openid: contract.openid.clone(),
        display_account: contract.display_account.clone(),
        created: time(contract.created),
        signed: contract.signed.map(time),
        expires: contract.signed.map(|_| time(contract.expires())),
        terminated: contract.terminated.map(time),
        broke: contract.broke,
    }
}

fn time(at: UnixTime) -> String {
    TimeText::beijing(at).as_str().to_owned()
}
