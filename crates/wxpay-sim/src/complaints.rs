//! What may happen to complaints, whoever does it, and who is told.
//!
//! The sources name states and actions without saying which leads to which. Here a complaint is `PENDING` until the
//! merchant answers, and again when the user goes on after that; it is `PROCESSED` when the merchant says so or the user
//! takes it back.

use serde_json::Value;
use wxpay_proto::UnixTime;

use crate::complaint::Grievance;
use crate::outbox;
use crate::store::{Complaint, ComplaintState, Document, Record as _, Said};
use crate::v3::complaint_notices;
use crate::world::World;

/// What the user is called in the history.
const USER: &str = "投诉人";
const SYSTEM: &str = "系统";

/// The user complains of an order, given by its key. Gives the complaint's number; nothing when there is no such order.
pub(crate) fn complain(world: &mut World<'_>, order: &str, grievance: &Grievance) -> Option<String> {
    let now = world.clocks.business;
    let complaint_id = world.sequence.complaint_id(now);
    let order = world.store.orders.get(order)?;
    let complaint = Complaint {
        complaint_id: complaint_id.clone(),
        order: order.key(),
        account: order.mchid.clone(),
        mchid: order.receiver().to_owned(),
        openid: order.payer().to_owned(),
        phone: grievance.phone.clone(),
        detail: grievance.detail.clone(),
        description: order.description.clone(),
        problem: grievance.trouble.as_str().to_owned(),
        refund: grievance.refund,
        state: ComplaintState::Pending,
        immediate: grievance.immediate,
        waits: true,
        times: 1,
        created: now,
        said: Vec::new(),
    };
    world.store.complaints.put(complaint);
    say(
        world,
        &complaint_id,
        USER,
        "USER_CREATE_COMPLAINT",
        Some(&grievance.detail),
        &[],
        now,
    );
    tell(world, &complaint_id, "COMPLAINT.CREATE", "CREATE_COMPLAINT", now);
    Some(complaint_id)
}

/// The user writes to the merchant.
pub(crate) fn reply(world: &mut World<'_>, id: &str, text: &str) {
    let now = world.clocks.business;
    world
        .store
        .complaints
        .edit(id, |complaint| complaint.waits = true);
    say(world, id, USER, "USER_RESPONSE", Some(text), &[], now);
    tell_change(world, id, "USER_RESPONSE", now);
}

/// The user goes on complaining.
pub(crate) fn go_on(world: &mut World<'_>, id: &str, text: &str) {
    let now = world.clocks.business;
    world.store.complaints.edit(id, |complaint| {
        complaint.state = ComplaintState::Pending;
        complaint.waits = true;
        complaint.times += 1;
    });
    say(world, id, USER, "USER_CONTINUE_COMPLAINT", Some(text), &[], now);
    tell_change(world, id, "CONTINUE_COMPLAINT", now);
}

/// The user takes the complaint back. No action is documented for that: nobody is told, and a query shows it.
pub(crate) fn withdraw(world: &mut World<'_>, id: &str) {
    let now = world.clocks.business;
    end(world, id);
    say(world, id, USER, "USER_REVOKE_COMPLAINT", None, &[], now);
}

/// The merchant answers the user.
pub(crate) fn respond(world: &mut World<'_>, id: &str, who: &str, text: &str, images: &[String]) {
    let now = world.clocks.business;
    answered(world, id);
    say(world, id, who, "MERCHANT_RESPONSE", Some(text), images, now);
    tell_change(world, id, "MERCHANT_RESPONSE", now);
}

/// The merchant answers with a message of blocks, or repeats a call that did. Gives the number of what was said.
pub(crate) fn serve(
    world: &mut World<'_>,
    id: &str,
    who: &str,
    message: &Value,
    images: &[String],
    idempotent_id: &str,
) -> String {
    let now = world.clocks.business;
    let complaint = world.store.complaints.get(id);
    let mut known = complaint.into_iter().flat_map(|complaint| &complaint.said);
    if let Some(said) = known.find(|said| said.idempotent_id.as_deref() == Some(idempotent_id)) {
        return said.log_id.clone();
    }
    answered(world, id);
    let log_id = say(world, id, who, "MERCHANT_RESPONSE", None, images, now);
    world.store.complaints.edit(id, |complaint| {
        if let Some(said) = complaint.said.last_mut() {
            said.message = Some(Document::new(message));
            said.idempotent_id = Some(idempotent_id.to_owned());
        }
    });
    tell_change(world, id, "MERCHANT_RESPONSE", now);
    log_id
}

fn answered(world: &mut World<'_>, id: &str) {
    world.store.complaints.edit(id, |complaint| {
        if complaint.state == ComplaintState::Pending {
            complaint.state = ComplaintState::Processing;
        }
        complaint.waits = false;
    });
}

/// The merchant is done. A repetition changes nothing.
pub(crate) fn complete(world: &mut World<'_>, id: &str, who: &str) {
    let now = world.clocks.business;
    let complaint = world.store.complaints.get(id);
    if complaint.is_some_and(|complaint| complaint.state == ComplaintState::Processed) {
        return;
    }
    end(world, id);
    say(world, id, who, "MERCHANT_CONFIRM_COMPLETE", None, &[], now);
    tell_change(world, id, "MERCHANT_CONFIRM_COMPLETE", now);
}

/// The merchant grants the refund that the user wants, or refuses it.
pub(crate) fn decide(
    world: &mut World<'_>,
    id: &str,
    who: &str,
    granted: bool,
    text: &str,
    images: &[String],
) {
    let now = world.clocks.business;
    // The history's word for a refusal is misspelt in the documentation.
    let (kind, action) = if granted {
        ("MERCHANT_APPROVE_REFUND", "MERCHANT_APPROVE_REFUND")
    } else {
        ("MERCHANT_REFUSE_RERUND", "MERCHANT_REJECT_REFUND")
    };
    world.store.complaints.edit(id, |complaint| {
        complaint.state = ComplaintState::Processing;
        complaint.waits = false;
    });
    say(world, id, who, kind, Some(text), images, now);
    tell_change(world, id, action, now);
}

/// A refund of an order has succeeded: whoever complains of it learns when all of it is back.
pub(crate) fn refunded(world: &mut World<'_>, order: &str, at: UnixTime) {
    let full = |order: &crate::store::Order| order.refunded >= order.total;
    if !world.store.orders.get(order).is_some_and(full) {
        return;
    }
    let mark = format!("order:{order}");
    let complaints = world.store.complaints.marked(&mark);
    let ids: Vec<String> = complaints.map(Complaint::key).collect();
    for id in ids {
        say(
            world,
            &id,
            SYSTEM,
            "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE",
            None,
            &[],
            at,
        );
        tell_change(world, &id, "SELLER_REFUND", at);
    }
}

fn end(world: &mut World<'_>, id: &str) {
    world.store.complaints.edit(id, |complaint| {
        complaint.state = ComplaintState::Processed;
        complaint.waits = false;
    });
}

/// Adds to the history, and gives the number of what was added.
fn say(
    world: &mut World<'_>,
    id: &str,
    operator: &str,
    kind: &str,
    details: Option<&str>,
    images: &[String],
    at: UnixTime,
) -> String {
    let log_id = world.sequence.log_id(at);
    world.store.complaints.edit(id, |complaint| {
        complaint.said.push(Said {
            log_id: log_id.clone(),
            operator: operator.to_owned(),
            at,
            kind: kind.to_owned(),
            details: details.map(str::to_owned),
            images: images.to_vec(),
            message: None,
            idempotent_id: None,
        });
    });
    log_id
}

fn tell_change(world: &mut World<'_>, id: &str, action: &str, at: UnixTime) {
    tell(world, id, "COMPLAINT.STATE_CHANGE", action, at);
}

/// Tells the merchant, and the partner that acts for it, where they want to be told.
fn tell(world: &mut World<'_>, id: &str, event: &str, action: &str, at: UnixTime) {
    let Some(complaint) = world.store.complaints.get(id) else {
        return;
    };
    let mut told = vec![complaint.account.clone()];
    if complaint.mchid != complaint.account {
        told.push(complaint.mchid.clone());
    }
    for mchid in told {
        let Some(known) = world.store.complaint_urls.get(&mchid).cloned() else {
            continue;
        };
        outbox::enqueue(world, complaint_notices::note(&known, id, event, action), at);
    }
}
