//! What a decision about repetition needs to know of a call.

use crate::host::Host;
use crate::meta::{Effect, Meta};

/// What a decision about repetition needs to know of a call.
///
/// Of an operation's value, [`Written::facts`](crate::Written::facts) makes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    pub(super) effect: Effect,
    /// The request carries what makes a repetition the same request.
    pub(super) keyed: bool,
    pub(super) settled_by: Option<&'static str>,
    pub(super) host: Host,
    /// The other hosts serve the same operation.
    fails_over: bool,
}

impl Facts {
    /// The facts of an operation. `key_given`: the request has a value in the field that
    /// [`Meta::idempotent_by`] names; without such a field it counts as not given.
    #[must_use]
    pub fn new(meta: &Meta, key_given: bool) -> Self {
        let keyed = key_given && meta.idempotent_by.is_some();
        Self::of_request(meta.effect, meta.host, meta.path, keyed, meta.settled_by)
    }

    pub(crate) fn of_request(
        effect: Effect,
        host: Host,
        target: &str,
        keyed: bool,
        settled_by: Option<&'static str>,
    ) -> Self {
        Self {
            effect,
            keyed,
            settled_by,
            host,
            fails_over: Host::SAME_SERVICE.contains(&host) && !is_global(target),
        }
    }

    /// Whether the request carries what makes a repetition the same request.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.keyed
    }

    pub(super) fn may_go_to(&self, host: Host) -> bool {
        host == self.host || (self.fails_over && Host::SAME_SERVICE.contains(&host))
    }

    /// The host to try after `host` has not been reached.
    pub(super) fn next_host(&self, host: Host) -> Host {
        let hosts = Host::SAME_SERVICE;
        let at = hosts.iter().position(|known| *known == host);
        match at.filter(|_| self.fails_over) {
            Some(at) => hosts[(at + 1) % hosts.len()],
            None => host,
        }
    }
}

/// Global operations have a twin at another host, but it is another operation with another path (protocol section 8).
fn is_global(target: &str) -> bool {
    ["/hk/", "/v3/global/", "/global/"]
        .iter()
        .any(|prefix| target.starts_with(prefix))
}
