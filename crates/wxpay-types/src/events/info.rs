//! The list of events at run time.

/// What is documented of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct EventInfo {
    /// Its type, `TRANSACTION.SUCCESS`; of v2 a name of this list, unless the message has an `event_type`.
    pub event_type: &'static str,
    /// The official short name, empty when there is none.
    pub label: &'static str,
    /// What `resource.original_type` is known to say.
    pub original_types: &'static [&'static str],
    /// The types of what is encrypted, in the order in which they are tried; none when its members are not known.
    pub resources: &'static [&'static str],
    /// v2: the type of the message.
    pub message: Option<&'static str>,
    /// Official pages.
    pub docs: &'static [&'static str],
}
