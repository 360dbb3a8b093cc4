//! What is documented of notifications, as data.

use std::sync::Arc;

use super::{Protocol, Schema};

/// What is documented of a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EventSchema {
    /// Whose rules hold.
    pub protocol: Protocol,
    /// Its type, `TRANSACTION.SUCCESS`; of v2 a name of this list, unless the message has an `event_type`.
    pub event_type: String,
    /// The official short name, empty when unknown.
    pub label: String,
    /// What `resource.original_type` is known to say.
    pub original_types: Vec<String>,
    /// What it is about, in every form that it has; the last is what is none of the others. None when its members are
    /// not known.
    pub forms: Vec<EventForm>,
    /// v2: the field that is encrypted. In [`EventForm::document`] it is the object that is in it.
    pub encrypted: Option<String>,
}

impl EventSchema {
    /// Its name among all events: the type, behind `v2.` in v2, which has types that v3 has as well.
    #[must_use]
    pub fn name(&self) -> String {
        match self.protocol {
            Protocol::V3 => self.event_type.clone(),
            Protocol::V2 => format!("v2.{}", self.event_type),
        }
    }

    /// The form with this name, with or without `Resource` and `Message`; capitals, hyphens and underscores make no
    /// difference.
    #[must_use]
    pub fn form(&self, name: &str) -> Option<&EventForm> {
        let plain = |name: &str| name.replace(['-', '_'], "").to_lowercase();
        let wanted = plain(name);
        let fits = |form: &&EventForm| [plain(&form.name), plain(form.short_name())].contains(&wanted);
        self.forms.iter().find(fits)
    }
}

/// One form of what a notification is about.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct EventForm {
    /// The name of the Rust type: v3's resource, v2's message.
    pub name: String,
    /// v3: the object that is encrypted. v2: the fields of the message, the encrypted one opened.
    pub document: Arc<Schema>,
    /// It is told from the others by this `resource.original_type`.
    pub original_type: Option<String>,
    /// It is told from the others by this member.
    pub member: Option<String>,
}

impl EventForm {
    /// Its name without `Resource` or `Message`.
    #[must_use]
    pub fn short_name(&self) -> &str {
        let name = self.name.as_str();
        let short = ["Resource", "Message"]
            .iter()
            .find_map(|end| name.strip_suffix(end));
        short.filter(|short| !short.is_empty()).unwrap_or(name)
    }
}
