//! The name that every call has inside.

/// The name that errors begin with; what is shown has the operation's own in its place.
pub(super) const NAME: &str = "wxpay call";
