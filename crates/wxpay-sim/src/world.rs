//! What an operation works on.

use crate::clocks::Clocks;
use crate::ids::Sequence;
use crate::profile::Profile;
use crate::settings::Settings;
use crate::store::Store;

/// The platform, lent to one operation.
#[derive(Debug)]
pub(crate) struct World<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) settings: &'a Settings,
    pub(crate) store: &'a mut Store,
    pub(crate) sequence: &'a mut Sequence,
    pub(crate) clocks: Clocks,
}
