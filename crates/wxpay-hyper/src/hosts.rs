//! Where requests go: WeChat Pay's hosts, or the test servers that stand in for them.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use wxpay_proto::{BaseUrl, Host};

/// How long calls begin at the host that has answered after another one had not. Then the main host, which is nearer, gets
/// another chance.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Where requests go, and which host has answered lately.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    /// Stand-ins for the main host and its backups, in the order of [`Host::SAME_SERVICE`]; none for the real ones.
    bases: Vec<BaseUrl>,
    good: Mutex<Option<(Host, Instant)>>,
}

impl Hosts {
    pub(crate) fn new(bases: Vec<BaseUrl>) -> Self {
        Self {
            bases,
            good: Mutex::default(),
        }
    }

    pub(crate) fn bases(&self) -> &[BaseUrl] {
        &self.bases
    }

    /// What stands in for the host of that name. The last of the stand-ins is there for every further backup, and the
    /// first for every host that has no backup.
    pub(crate) fn stand_in(&self, name: &str) -> Option<&BaseUrl> {
        let place = Host::SAME_SERVICE.iter().position(|host| host.as_str() == name);
        let last = self.bases.len().checked_sub(1)?;
        self.bases.get(place.unwrap_or(0).min(last))
    }

    /// The host that has answered lately after another one had not.
    pub(crate) fn lately(&self) -> Option<Host> {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if good.is_some_and(|(_, since)| since.elapsed() >= REMEMBERED) {
            *good = None;
        }
        good.map(|(host, _)| host)
    }

    /// This host has answered, after another one had not.
    pub(crate) fn remember(&self, host: Host) {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        *good = Some((host, Instant::now()));
    }
}
