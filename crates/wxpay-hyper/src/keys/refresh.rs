//! One download at a time, which all who need it wait for.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use tokio::sync::Mutex as AsyncMutex;
use tokio::time::Instant;
use wxpay_proto::v3::PlatformKeys;
use wxpay_proto::v3::certificates::Fetched;
use wxpay_proto::{KeyId, UnixTime};

use super::error::KeysError;
use super::fetch::Fetch;
use super::held::{Held, newest_certificate};
use super::looked_for::LookedFor;
use super::saved::Saved;
use super::source::{Kept, Source};

/// How long nothing is downloaded after a failure: long enough that many calls share it, too short to lose a sale.
const AFTER_FAILURE: Duration = Duration::from_secs(1);

/// Why keys are fetched.
#[derive(Clone, Debug)]
pub(crate) enum Why {
    /// Something is signed with a key that is not known.
    Unknown(KeyId),
    /// There is nothing to ask for, and nothing to verify with.
    Missing {
        /// Whether it must be a certificate: a public key alone is not enough.
        certificate: bool,
    },
    /// What there is was fetched long ago.
    Old,
    /// The user wants it.
    Asked,
}

/// The keys, and how to get newer ones.
#[derive(Debug)]
pub(crate) struct Refresher {
    pub(crate) held: RwLock<Held>,
    pub(crate) source: Option<Source>,
    /// The shortest time between two looks for the same key.
    pub(crate) pause: Duration,
    /// After which time what was fetched is fetched again.
    pub(crate) renewal: Duration,
    pub(crate) client: RwLock<Option<Arc<dyn Fetch>>>,
    pub(crate) flight: Arc<AsyncMutex<Flight>>,
    /// How many downloads have ended, well or not.
    pub(crate) downloads: AtomicU64,
    pub(crate) looked_for: Mutex<LookedFor>,
    /// WeChat Pay has said that there are no certificates.
    pub(crate) public_key_mode: AtomicBool,
}

/// What came of the last download, and when.
#[derive(Debug, Default)]
pub(crate) struct Flight {
    last: Option<(Result<(), KeysError>, Instant)>,
}

impl Refresher {
    pub(crate) fn keys(&self) -> Arc<PlatformKeys> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).all()
    }

    pub(crate) fn client(&self) -> Result<Arc<dyn Fetch>, KeysError> {
        let client = self.client.read().unwrap_or_else(PoisonError::into_inner);
        client.clone().ok_or(KeysError::NoClient)
    }

    /// Whether newer certificates can be had at all. A merchant with the public key alone is never asked about.
    pub(crate) fn fetches(&self) -> bool {
        self.source.is_some() && !self.public_key_mode.load(Ordering::Relaxed)
    }

    /// Whether the certificates should be asked for again before long.
    pub(crate) fn is_old(&self, now: UnixTime) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.fetched_at().is_some_and(|at| {
            let age = now.as_secs().saturating_sub(at.as_secs());
            u64::try_from(age).is_ok_and(|age| age >= self.renewal.as_secs())
        })
    }

    /// Whether there is a key to go on with.
    pub(crate) fn has_key(&self, certificate: bool, now: UnixTime) -> bool {
        let keys = self.keys();
        if certificate {
            newest_certificate(&keys, now).is_some()
        } else {
            keys.preferred(now).is_some()
        }
    }

    /// Gets what is missing. However many ask at a time, one of them downloads, and all others get what came of it; it
    /// runs to its end even when all of them give up.
    pub(crate) async fn refresh(self: Arc<Self>, why: Why) -> Result<(), KeysError> {
        if !self.fetches() {
            return self.outcome(&why);
        }
        let before = self.downloads.load(Ordering::Acquire);
        let mut flight = Arc::clone(&self.flight).lock_owned().await;
        if self.has(&why)? {
            return Ok(());
        }
        if let Some((last, at)) = &flight.last {
            let waited_for_it = self.downloads.load(Ordering::Acquire) != before;
            let just_failed = last.is_err() && at.elapsed() < AFTER_FAILURE && !matches!(why, Why::Asked);
            if waited_for_it || just_failed {
                return last.clone().and_then(|()| self.outcome(&why));
            }
        }
        self.may_look(&why)?;
        let work = tokio::spawn(async move {
            let result = self.get(&why, &mut flight).await;
            drop(flight);
            result
                .and_then(|()| self.outcome(&why))
                .inspect_err(|error| self.rest(&why, error))
        });
        work.await.unwrap_or_else(|error| {
            Err(KeysError::Download {
                problem: format!("the task that downloads was ended: {error}"),
            })
        })
    }

    /// Whether it is there already.
    fn has(&self, why: &Why) -> Result<bool, KeysError> {
        Ok(match why {
            Why::Unknown(id) => self.keys().get(id).is_some(),
            Why::Missing { certificate } => self.has_key(*certificate, self.client()?.now()),
            Why::Old => !self.is_old(self.client()?.now()),
            Why::Asked => false,
        })
    }

    /// What a download that ended well means for who wanted it.
    fn outcome(&self, why: &Why) -> Result<(), KeysError> {
        match why {
            Why::Unknown(id) if self.keys().get(id).is_none() => Err(KeysError::Unknown {
                serial: id.to_string(),
            }),
            Why::Missing { certificate } if !self.has_key(*certificate, self.client()?.now()) => {
                Err(KeysError::PublicKeyMode)
            }
            _ => Ok(()),
        }
    }

    fn may_look(&self, why: &Why) -> Result<(), KeysError> {
        let Why::Unknown(id) = why else { return Ok(()) };
        let mut looked_for = self.looked_for.lock().unwrap_or_else(PoisonError::into_inner);
        if looked_for.rests(id.as_str(), Instant::now()) {
            let serial = id.to_string();
            return Err(KeysError::LookedFor { serial });
        }
        Ok(())
    }

    /// A key that is not on the list is not looked for again at once.
    fn rest(&self, why: &Why, error: &KeysError) {
        if let (Why::Unknown(id), KeysError::Unknown { .. }) = (why, error) {
            let mut looked_for = self.looked_for.lock().unwrap_or_else(PoisonError::into_inner);
            looked_for.rest(id.as_str(), Instant::now() + self.pause);
        }
    }

    /// Looks at what others have kept, and downloads when that is not enough.
    async fn get(&self, why: &Why, flight: &mut Flight) -> Result<(), KeysError> {
        let Some(source) = &self.source else { return Ok(()) };
        let client = self.client()?;
        let _turn = source.turn().await;
        let kept = source.load(client.merchant()).await;
        let foreign = matches!(kept, Kept::Foreign);
        if let Kept::Ours(saved) = kept {
            let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
            held.take_saved(saved, client.now());
        }
        if self.has(why)? {
            return Ok(());
        }
        let downloaded = self.download(source, &*client).await;
        flight.last = Some((downloaded.clone().map(drop), Instant::now()));
        self.downloads.fetch_add(1, Ordering::Release);
        if let Some(saved) = downloaded?.filter(|_| !foreign) {
            source.save(&saved).await;
        }
        Ok(())
    }

    /// Downloads and takes the list; what is to be kept of it.
    async fn download(&self, source: &Source, client: &dyn Fetch) -> Result<Option<Saved>, KeysError> {
        let list = match source.download(client, &self.keys()).await? {
            Fetched::Certificates(list) => list,
            Fetched::PublicKeyMode(_) => {
                self.public_key_mode.store(true, Ordering::Relaxed);
                return Ok(None);
            }
        };
        let now = client.now();
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.take(&list, now);
        Ok(Some(Saved {
            owner: source.owner(client.merchant()),
            fetched_at: now,
            certificates: held.fetched().to_vec(),
        }))
    }
}
