//! Notifications of any documented type, about nothing that has happened.

mod compose;
mod convert;
mod draft;

use http::Uri;
use wxpay_proto::UnixTime;
use wxpay_types::schema::{EventForm, EventSchema};

use crate::documented::Asker;
use crate::outbox::{self, Note};
use crate::profile::Profile;
use crate::store::Schedule;
use crate::world::World;

pub use draft::{EventDraft, TriggerError};

/// A draft with the documentation's examples; the merchant's own numbers and the time are filled in.
pub(crate) fn draft(
    profile: &Profile,
    seed: u64,
    now: UnixTime,
    event: &EventSchema,
    form: Option<&EventForm>,
    mchid: &str,
) -> Result<EventDraft, TriggerError> {
    let merchant = draft::find(profile, mchid)?;
    let asker = Asker { merchant, seed, now };
    let form = form.or_else(|| event.forms.last());
    Ok(EventDraft {
        mchid: mchid.to_owned(),
        event_type: event.event_type.clone(),
        original_type: compose::original_type(event, form),
        summary: event.label.clone(),
        document: compose::document(&asker, event, form),
        envelope: convert::envelope(event),
    })
}

/// Takes a draft into the outbox, due at once. Gives the notification's `id`.
pub(crate) fn trigger(world: &mut World<'_>, draft: &EventDraft, url: &str) -> Result<String, TriggerError> {
    draft::find(world.profile, &draft.mchid)?;
    let address: Option<Uri> = url.parse().ok();
    let fits = address.is_some_and(|uri| {
        let scheme = uri.scheme_str().unwrap_or_default();
        ["http", "https"].contains(&scheme) && uri.host().is_some_and(|host| !host.is_empty())
    });
    if !fits {
        return Err(TriggerError::Address { url: url.to_owned() });
    }
    let (form, resource) = convert::resource(world, draft)?;
    let note = Note {
        mchid: draft.mchid.clone(),
        url: url.to_owned(),
        form,
        event_type: draft.event_type.clone(),
        summary: draft.summary.clone(),
        original_type: draft.original_type.clone(),
        resource,
        about: format!("trigger {}", draft.event_type),
        schedule: Schedule::Day,
    };
    let now = world.clocks.business;
    Ok(outbox::enqueue(world, note, now))
}
