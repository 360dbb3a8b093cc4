//! What happened to one thing, for its page: derived from stored rows alone, so that a restart changes nothing of it.

use wxpay_proto::UnixTime;

use super::Platform;
use super::lists::{Ordered, Refunded, Transferred, moments, transferred};
use crate::bills::{self, Place};
use crate::clocks::Clocks;
use crate::outbox::{Attempted, Notified};
use crate::refunds;
use crate::store::{Order, Refund, Transfer};

/// Something that happened, when by the business clock.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at: UnixTime,
    pub(crate) what: What,
}

/// What it was.
#[derive(Clone, Debug)]
pub(crate) enum What {
    /// It changed itself.
    Changed(String),
    /// A refund of it did.
    Refund {
        mchid: String,
        number: String,
        what: String,
    },
    /// The user complained of it, or somebody answered.
    Complaint { id: String, kind: String },
    /// A notification about it was sent.
    Attempt {
        id: String,
        event: String,
        attempt: Attempted,
    },
}

/// What happened to something, and which bills tell of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Past {
    pub(crate) events: Vec<Event>,
    pub(crate) bills: Vec<Place>,
    /// The numbers by which calls name it.
    pub(crate) numbers: Vec<String>,
    /// Who signs such calls.
    pub(crate) askers: Vec<String>,
}

impl Platform {
    /// What happened to an order.
    pub(crate) fn past_of_order(&self, order: &Ordered, clocks: Clocks) -> Past {
        let key = Order::key_of(&order.mchid, &order.number);
        let Some(known) = self.store.orders.get(&key) else {
            return Past::default();
        };
        let refunds = refunds::of_order(&self.store, &key);
        // Its refunds tell their own history, with their numbers.
        let own = moments(known, clocks.business).into_iter();
        let mut events: Vec<Event> = own
            .filter(|moment| !moment.what.starts_with("refund "))
            .map(|moment| changed(moment.at, moment.what))
            .collect();
        let mut places = bills::of_order(known);
        for refund in &refunds {
            events.extend(refund.moments().into_iter().map(|moment| Event {
                at: moment.at,
                what: What::Refund {
                    mchid: refund.mchid.clone(),
                    number: refund.out_refund_no.clone(),
                    what: moment.what,
                },
            }));
            places.extend(bills::of_refund(known, refund));
        }
        for complaint in self.store.complaints.marked(&format!("order:{key}")) {
            events.extend(complaint.said.iter().map(|said| Event {
                at: said.at,
                what: What::Complaint {
                    id: complaint.complaint_id.clone(),
                    kind: said.kind.clone(),
                },
            }));
        }
        events.extend(attempts(&self.notifications_about(order)));
        places.sort_unstable();
        places.dedup();
        let mut past = Past {
            events,
            bills: places,
            numbers: vec![order.number.clone(), known.transaction_id.clone()],
            askers: vec![order.mchid.clone()],
        };
        if let Some((mchid, number)) = known.combined.as_deref().and_then(|key| key.split_once('/')) {
            past.numbers.push(number.to_owned());
            past.askers.push(mchid.to_owned());
        }
        past
    }

    /// A refund.
    pub(crate) fn refund(&self, mchid: &str, number: &str) -> Option<Refunded> {
        let refund = self.store.refunds.get(&Refund::key_of(mchid, number))?;
        Some(self.refunded(refund))
    }

    /// What happened to a refund, and the notifications about it.
    pub(crate) fn past_of_refund(&self, refund: &Refunded) -> (Past, Vec<Notified>) {
        let key = Refund::key_of(&refund.mchid, &refund.number);
        let Some(known) = self.store.refunds.get(&key) else {
            return (Past::default(), Vec::new());
        };
        let notices = self.about(&[format!("about:refund {key}")]);
        let own = known.moments().into_iter();
        let mut events: Vec<Event> = own.map(|moment| changed(moment.at, moment.what)).collect();
        events.extend(attempts(&notices));
        let order = self.store.orders.get(&known.order);
        let past = Past {
            events,
            bills: order.map_or_else(Vec::new, |order| bills::of_refund(order, known)),
            numbers: vec![refund.number.clone(), refund.refund_id.clone()],
            askers: vec![refund.mchid.clone()],
        };
        (past, notices)
    }

    /// A transfer.
    pub(crate) fn transfer(&self, mchid: &str, number: &str) -> Option<Transferred> {
        let transfer = self.store.transfers.get(&Transfer::key_of(mchid, number))?;
        Some(transferred(transfer))
    }

    /// What happened to a transfer, and the notifications about it.
    pub(crate) fn past_of_transfer(&self, transfer: &Transferred) -> (Past, Vec<Notified>) {
        let key = Transfer::key_of(&transfer.mchid, &transfer.number);
        let Some(known) = self.store.transfers.get(&key) else {
            return (Past::default(), Vec::new());
        };
        let notices = self.about(&[format!("about:transfer {key}")]);
        let own = known.moments().into_iter();
        let mut events: Vec<Event> = own.map(|moment| changed(moment.at, moment.what)).collect();
        events.extend(attempts(&notices));
        let past = Past {
            events,
            bills: bills::of_transfer(known),
            numbers: vec![transfer.number.clone(), transfer.transfer_bill_no.clone()],
            askers: vec![transfer.mchid.clone()],
        };
        (past, notices)
    }
}

fn changed(at: UnixTime, what: String) -> Event {
    Event {
        at,
        what: What::Changed(what),
    }
}

/// Every attempt at these notifications.
pub(super) fn attempts(notices: &[Notified]) -> Vec<Event> {
    let of_one = |notice: &Notified| {
        let event = notice.event_type.clone();
        let id = notice.id.clone();
        let sent = notice.attempts.iter().map(move |attempt| Event {
            at: attempt.at,
            what: What::Attempt {
                id: id.clone(),
                event: event.clone(),
                attempt: attempt.clone(),
            },
        });
        sent.collect::<Vec<_>>()
    };
    notices.iter().flat_map(of_one).collect()
}
