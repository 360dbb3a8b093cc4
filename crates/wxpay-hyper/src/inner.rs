//! What a client holds: all that a call needs beside the operation.

use std::sync::Arc;

use crate::entropy::{Clock, Random};
use crate::files::FileLimits;
use crate::gate::Gate;
use crate::hosts::Hosts;
use crate::observer::Observed;
use crate::parts::Parts;
use crate::skew::Skew;
use crate::wire::Wire;

/// Its parts are shared, so that a copy for another merchant uses the same connections.
#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) parts: Parts,
    pub(crate) wire: Arc<Wire>,
    pub(crate) hosts: Arc<Hosts>,
    pub(crate) gate: Arc<Gate>,
    pub(crate) files: FileLimits,
    pub(crate) clock: Clock,
    pub(crate) random: Random,
    pub(crate) skew: Arc<Skew>,
    pub(crate) observed: Observed,
}
