//! What users do who complain.

use wxpay_proto::{TimeText, UnixTime};

use super::Platform;
use crate::clocks::Clocks;
use crate::complaint::{Complained, ComplaintError, ComplaintMove, Grievance};
use crate::complaints;
use crate::order::OrderRef;
use crate::store::{Complaint, ComplaintState, Order, Record as _};

impl Platform {
    /// The user complains of a paid order, or of a part of a combined one. Gives the complaint's number.
    ///
    /// # Errors
    /// [`ComplaintError`] when there is no such order, or it is not paid.
    pub fn complain(
        &mut self,
        order: &OrderRef,
        grievance: &Grievance,
        clocks: Clocks,
    ) -> Result<String, ComplaintError> {
        let unknown = || ComplaintError::UnknownOrder { order: order.clone() };
        let mark = format!("number:{}", order.number);
        let wanted = |found: &&Order| order.creator.as_ref().is_none_or(|mchid| *mchid == found.mchid);
        let found: Vec<&Order> = self.store.orders.marked(&mark).filter(wanted).collect();
        let key = match found.as_slice() {
            [] => return Err(unknown()),
            [one] if one.payment.is_none() => {
                return Err(ComplaintError::Unpaid { order: order.clone() });
            }
            [one] => one.key(),
            _ => return Err(ComplaintError::Ambiguous { order: order.clone() }),
        };
        complaints::complain(&mut self.world(clocks), &key, grievance).ok_or_else(unknown)
    }

    /// The user goes on with a complaint, or takes it back.
    ///
    /// # Errors
    /// [`ComplaintError`] when there is no such complaint, or it is over and not continued.
    pub fn move_complaint(
        &mut self,
        id: &str,
        what: &ComplaintMove,
        clocks: Clocks,
    ) -> Result<(), ComplaintError> {
        let known = self.store.complaints.get(id);
        let known = known.ok_or_else(|| ComplaintError::Unknown { id: id.to_owned() })?;
        let over = known.state == ComplaintState::Processed;
        let mut world = self.world(clocks);
        match what {
            ComplaintMove::Continue(text) => complaints::go_on(&mut world, id, text),
            _ if over => return Err(ComplaintError::Over { id: id.to_owned() }),
            ComplaintMove::Reply(text) => complaints::reply(&mut world, id, text),
            ComplaintMove::Withdraw => complaints::withdraw(&mut world, id),
        }
        Ok(())
    }

    /// Every complaint, oldest first.
    #[must_use]
    pub fn complaints(&self) -> Vec<Complained> {
        let mut all: Vec<&Complaint> = self.store.complaints.iter().collect();
        all.sort_by_key(|complaint| complaint.created);
        all.into_iter().map(complained).collect()
    }
}

pub(super) fn complained(complaint: &Complaint) -> Complained {
    let number = complaint.order.split_once('/');
    let said = complaint.said.iter().map(|said| {
        let details = said.details.clone().unwrap_or_default();
        (text(said.at), said.kind.clone(), details)
    });
    Complained {
        complaint_id: complaint.complaint_id.clone(),
        mchid: complaint.mchid.clone(),
        creator: complaint.account.clone(),
        order: number.map_or(String::new(), |(_, number)| number.to_owned()),
        state: complaint.state.as_str(),
        detail: complaint.detail.clone(),
        problem_type: complaint.problem.clone(),
        refund: complaint.refund,
        times: complaint.times,
        waits: complaint.waits,
        created: text(complaint.created),
        history: said.collect(),
    }
}

fn text(time: UnixTime) -> String {
    TimeText::beijing(time).as_str().to_owned()
}
