//! The complaints that an account sees: those about itself, and about those that it acts for.

use crate::store::{Complaint, Store};
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;

pub(super) fn is_seen(call: &Call<'_>, complaint: &Complaint) -> bool {
    let mchid = call.signer.id().as_str();
    complaint.account == mchid || complaint.mchid == mchid
}

pub(super) fn find<'a>(call: &Call<'_>, store: &'a Store, id: &str) -> Result<&'a Complaint, Refusal> {
    let complaint = store.complaints.get(id);
    complaint
        .filter(|complaint| is_seen(call, complaint))
        .ok_or_else(unknown)
}

/// A complaint that the body says to be about this merchant.
pub(super) fn about(call: &Call<'_>, store: &Store, id: &str, mchid: &str) -> Result<(), Refusal> {
    let complaint = find(call, store, id)?;
    if complaint.mchid == mchid {
        return Ok(());
    }
    let issue = "the complaint is about another merchant";
    Err(Refusal::param("body", "/complainted_mchid", mchid.into(), issue))
}

fn unknown() -> Refusal {
    let message = "投诉单不存在 (no such complaint)";
    Refusal::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
}
