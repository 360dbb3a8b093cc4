//! The notifications that are to be delivered (protocol section 4): when, in which bytes, and what the receiver said.

mod delivery;
mod log;
mod schedule;
mod seal;

use wxpay_proto::UnixTime;

pub use delivery::{Delivery, DeliveryId, Reply};
pub use log::{Attempted, Notified};

use crate::store::{Attempt, Document, Form, Notification, Progress, Schedule};
use crate::world::World;

/// How much of a receiver's reply is kept, in characters.
const KEPT: usize = 1000;

/// A notification that is to be made.
#[derive(Debug)]
pub(crate) struct Note {
    /// Whose keys seal it.
    pub(crate) mchid: String,
    pub(crate) url: String,
    pub(crate) form: Form,
    pub(crate) event_type: String,
    pub(crate) summary: String,
    pub(crate) original_type: String,
    /// See [`Notification::resource`].
    pub(crate) resource: serde_json::Value,
    /// Shelf and key of what it is about.
    pub(crate) about: String,
    pub(crate) schedule: Schedule,
}

/// Takes a notification into the outbox. Its first attempt is due at once.
pub(crate) fn enqueue(world: &mut World<'_>, note: Note, at: UnixTime) -> String {
    let id = world.sequence.notification_id();
    let unruly = world.settings.notifications;
    let mut extra = Vec::new();
    if unruly.probe_first {
        extra.push(true);
    }
    extra.extend((0..unruly.duplicates).map(|_| false));
    world.store.notifications.put(Notification {
        id: id.clone(),
        mchid: note.mchid,
        url: note.url,
        form: note.form,
        event_type: note.event_type,
        summary: note.summary,
        original_type: note.original_type,
        resource: Document::new(&note.resource),
        about: note.about,
        created: at,
        schedule: note.schedule,
        tries: 0,
        next: Some(at),
        extra,
        progress: Progress::Waiting,
        attempts: Vec::new(),
    });
    id
}

/// The deliveries that are due now. Each counts as an attempt, whatever becomes of it: a notification whose reply never
/// comes is sent again as if it had been refused.
pub(crate) fn poll(world: &mut World<'_>) -> Vec<Delivery> {
    let now = world.clocks.business;
    let mut deliveries = Vec::new();
    for key in world.store.notifications.due(now) {
        while let Some(probe) = attempt(world, &key, now) {
            let Some(notification) = world.store.notifications.get(&key).cloned() else {
                break;
            };
            let number = notification.attempts.last().map_or(0, |attempt| attempt.number);
            match seal::seal(world, &notification, probe) {
                Ok(request) => deliveries.push(Delivery {
                    id: DeliveryId {
                        notification: key.clone(),
                        attempt: number,
                    },
                    request,
                }),
                Err(problem) => {
                    let id = DeliveryId {
                        notification: key.clone(),
                        attempt: number,
                    };
                    delivered(world, &id, &Reply::Failed { problem });
                }
            }
        }
    }
    if world.settings.notifications.newest_first {
        deliveries.reverse();
    }
    deliveries
}

/// Writes an attempt down if one is due, and says whether it is a probe.
fn attempt(world: &mut World<'_>, key: &str, now: UnixTime) -> Option<bool> {
    let attempted = world.store.notifications.edit(key, |notification| {
        let probe = if notification.extra.is_empty() {
            notification.next.filter(|next| *next <= now)?;
            let gap = schedule::gap(notification.schedule, notification.tries);
            notification.tries += 1;
            notification.next = gap.map(|gap| UnixTime::from_secs(now.as_secs().saturating_add(gap)));
            false
        } else {
            notification.extra.remove(0)
        };
        let number = u32::try_from(notification.attempts.len()).unwrap_or(u32::MAX);
        notification.attempts.push(Attempt {
            number: number.saturating_add(1),
            at: now,
            probe,
            status: None,
            reply: None,
            taken: false,
        });
        Some(probe)
    });
    attempted.flatten()
}

/// Takes a receiver's reply. Gives whether it counts as an acknowledgement.
pub(crate) fn delivered(world: &mut World<'_>, id: &DeliveryId, reply: &Reply) -> bool {
    let told = world.store.notifications.edit(&id.notification, |notification| {
        let taken = reply.acknowledges(notification.form);
        let attempts = notification.attempts.iter_mut();
        let Some(attempt) = attempts.rev().find(|attempt| attempt.number == id.attempt) else {
            return false;
        };
        // Two may report on one attempt, the courier and a listener: what was taken stays taken.
        if attempt.taken {
            return taken;
        }
        attempt.status = reply.status();
        attempt.reply = Some(reply.text().chars().take(KEPT).collect());
        attempt.taken = taken;
        // Who acknowledges a probe has not verified it; the genuine one is sent all the same.
        if attempt.probe {
            return taken;
        }
        if taken {
            notification.progress = Progress::Delivered;
            notification.next = None;
        } else if notification.next.is_none() && notification.progress == Progress::Waiting {
            notification.progress = Progress::GivenUp;
        }
        taken
    });
    told.unwrap_or_default()
}

/// Sends a notification once more at once, genuine or as a probe. Gives whether there is such a notification.
pub(crate) fn resend(world: &mut World<'_>, id: &str, probe: bool) -> bool {
    let resent = world
        .store
        .notifications
        .edit(id, |notification| notification.extra.push(probe));
    resent.is_some()
}

/// Holds the next attempt back for some seconds of the business clock, so that others overtake it.
pub(crate) fn hold(world: &mut World<'_>, id: &str, seconds: i64) -> bool {
    let now = world.clocks.business;
    let held = world.store.notifications.edit(id, |notification| {
        notification.next = notification
            .next
            .map(|next| UnixTime::from_secs(next.max(now).as_secs().saturating_add(seconds)));
    });
    held.is_some()
}
