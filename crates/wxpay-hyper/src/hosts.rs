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
    pub(crate) fn lately(&self, now: Instant) -> Option<Host> {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        if good.is_some_and(|(_, since)| now.saturating_duration_since(since) >= REMEMBERED) {
            *good = None;
        }
        good.map(|(host, _)| host)
    }

    /// This host has answered, after another one had not.
    pub(crate) fn remember(&self, host: Host, now: Instant) {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        *good = Some((host, now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_host_is_remembered_for_a_minute() {
        let hosts = Hosts::new(Vec::new());
        let start = Instant::now();
        assert_eq!(hosts.lately(start), None);
        hosts.remember(Host::API2, start);
        let almost = start + REMEMBERED - Duration::from_millis(1);
        assert_eq!(hosts.lately(almost), Some(Host::API2));
        // It has answered once more meanwhile, or another has.
        hosts.remember(Host::API2_WECHATPAY, almost);
        assert_eq!(hosts.lately(start + REMEMBERED), Some(Host::API2_WECHATPAY));
        assert_eq!(hosts.lately(almost + REMEMBERED), None);
        assert_eq!(hosts.lately(start), None, "it is forgotten for good");
    }
}
