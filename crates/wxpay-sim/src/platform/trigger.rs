//! Notifications for which nothing has happened.

use wxpay_types::schema::{EventForm, EventSchema};

use super::Platform;
use crate::clocks::Clocks;
use crate::trigger::{self, EventDraft, TriggerError};

impl Platform {
    /// Drafts a notification of a documented type ([`table::event`](wxpay_types::table::event)): the documentation's
    /// examples, with the merchant's own numbers and the time by the business clock. Without a form it is the event's last
    /// one, which is none of the others. What is drafted can be changed before it is [triggered](Self::trigger).
    ///
    /// # Errors
    /// [`TriggerError::Merchant`] when there is no such merchant.
    pub fn draft(
        &self,
        event: &EventSchema,
        form: Option<&EventForm>,
        mchid: &str,
        clocks: Clocks,
    ) -> Result<EventDraft, TriggerError> {
        let seed = self.settings.seed;
        trigger::draft(&self.profile, seed, clocks.business, event, form, mchid)
    }

    /// Sends a notification although nothing has happened: it is due at the next [`poll`](Self::poll), signed, encrypted
    /// and repeated like any other. Gives its `id`.
    ///
    /// # Errors
    /// [`TriggerError`] when it cannot be sealed, or the address is none.
    pub fn trigger(&mut self, draft: &EventDraft, url: &str, clocks: Clocks) -> Result<String, TriggerError> {
        trigger::trigger(&mut self.world(clocks), draft, url)
    }
}
