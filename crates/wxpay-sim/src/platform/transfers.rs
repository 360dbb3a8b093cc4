//! What the users of transfers do.

use super::Platform;
use crate::clocks::Clocks;
use crate::notices;
use crate::progress;
use crate::store::{Record as _, Transfer};
use crate::transfer::{TransferError, TransferOutcome, TransferRef};
use crate::transfers;

impl Platform {
    /// The user confirms a transfer or lets it expire, or it fails. What time has done by now is done first.
    ///
    /// # Errors
    /// [`TransferError`] when there is no such transfer, or it does not wait for that any more.
    pub fn settle_transfer(
        &mut self,
        transfer: &TransferRef,
        outcome: &TransferOutcome,
        clocks: Clocks,
    ) -> Result<(), TransferError> {
        let mut world = self.world(clocks);
        progress::advance(&mut world);
        let number = || transfer.number.clone();
        let wanted = |found: &&Transfer| {
            let creator = transfer.creator.as_ref();
            creator.is_none_or(|mchid| *mchid == found.mchid)
        };
        let found = world
            .store
            .transfers
            .marked(&format!("number:{}", transfer.number));
        let found: Vec<String> = found.filter(wanted).map(Transfer::key).collect();
        let key = match found.as_slice() {
            [] => return Err(TransferError::Unknown { number: number() }),
            [key] => key,
            _ => return Err(TransferError::Ambiguous { number: number() }),
        };
        let done = match outcome {
            TransferOutcome::Confirmed => transfers::confirm(&mut world, key),
            TransferOutcome::Expired => transfers::expire(&mut world, key),
            TransferOutcome::Failed(reason) => transfers::fail(&mut world, key, reason),
        };
        if !done {
            return Err(TransferError::Over { number: number() });
        }
        notices::transfer_ended(&mut world, key, clocks.business);
        Ok(())
    }
}
