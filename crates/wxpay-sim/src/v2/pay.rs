//! v2's orders that are not combined.

mod view;

pub(super) use view::paid;
