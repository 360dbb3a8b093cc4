//! A store for tests and for trying things out: what it keeps is gone with the process.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wxpay_proto::UnixTime;

use super::{Claim, Counts, Ending, Held, NO_END, Parked, Put, Store, StoreError};
use crate::arrival::Arrival;

/// A store in memory. It survives no crash, so what it holds is lost although it was acknowledged: for tests.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<String, Entry>>);

#[derive(Debug)]
struct Entry {
    arrival: Arrival,
    received_at: UnixTime,
    state: State,
    attempts: u32,
    claims: i64,
    running: bool,
    last_error: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Open { due: Instant },
    Parked,
    Handled { at: Instant },
}

impl MemoryStore {
    /// A store without notifications.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<String, Entry>> {
        // Every change is a few assignments that cannot fail half-way.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something with the entry that a claim holds, if it still does.
    fn held(&self, held: &Held, change: impl FnOnce(&mut Entry)) -> bool {
        let mut entries = self.entries();
        let entry = entries.get_mut(&held.id).filter(|entry| {
            entry.running && entry.claims == held.claim && matches!(entry.state, State::Open { .. })
        });
        let found = entry.is_some();
        if let Some(entry) = entry {
            change(entry);
        }
        found
    }
}

impl Store for MemoryStore {
    async fn put(&self, arrival: &Arrival) -> Result<Put, StoreError> {
        let mut entries = self.entries();
        if entries.contains_key(&arrival.id) {
            return Ok(Put::Known);
        }
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let entry = Entry {
            arrival: arrival.clone(),
            received_at: UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX)),
            state: State::Open { due: Instant::now() },
            attempts: 0,
            claims: 0,
            running: false,
            last_error: None,
        };
        entries.insert(arrival.id.clone(), entry);
        Ok(Put::New)
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        let now = Instant::now();
        let mut entries = self.entries();
        let due = entries.values_mut().filter_map(|entry| match entry.state {
            State::Open { due } if due <= now => Some((due, entry)),
            _ => None,
        });
        let Some((_, entry)) = due.min_by_key(|(due, _)| *due) else {
            return Ok(None);
        };
        entry.state = State::Open { due: now + lease };
        entry.attempts += 1;
        entry.claims += 1;
        if entry.running {
            entry.last_error = Some(NO_END.to_owned());
        }
        entry.running = true;
        Ok(Some(Claim {
            held: Held {
                id: entry.arrival.id.clone(),
                claim: entry.claims,
            },
            arrival: entry.arrival.clone(),
            received_at: entry.received_at,
            attempt: entry.attempts,
            last_error: entry.last_error.clone(),
        }))
    }

    async fn extend(&self, held: &Held, lease: Duration) -> Result<bool, StoreError> {
        let due = Instant::now() + lease;
        Ok(self.held(held, |entry| entry.state = State::Open { due }))
    }

    async fn finish(&self, held: &Held, ending: &Ending) -> Result<bool, StoreError> {
        let now = Instant::now();
        Ok(self.held(held, |entry| {
            entry.running = false;
            match ending {
                Ending::Handled => {
                    entry.state = State::Handled { at: now };
                    entry.arrival.body.clear();
                    entry.last_error = None;
                }
                Ending::Again { after, error } => {
                    entry.state = State::Open { due: now + *after };
                    entry.last_error = Some(error.clone());
                }
                Ending::Parked { error } => {
                    entry.state = State::Parked;
                    entry.last_error = Some(error.clone());
                }
            }
        }))
    }

    async fn parked(&self, limit: u32) -> Result<Vec<Parked>, StoreError> {
        let entries = self.entries();
        let parked = entries
            .values()
            .filter(|entry| matches!(entry.state, State::Parked));
        let mut parked: Vec<_> = parked
            .map(|entry| Parked {
                id: entry.arrival.id.clone(),
                protocol: entry.arrival.protocol,
                event_type: entry.arrival.event_type.clone(),
                received_at: entry.received_at,
                attempts: entry.attempts,
                last_error: entry.last_error.clone().unwrap_or_default(),
            })
            .collect();
        parked.sort_by(|a, b| (a.received_at, &a.id).cmp(&(b.received_at, &b.id)));
        parked.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(parked)
    }

    async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        let mut entries = self.entries();
        let parked = entries
            .get_mut(id)
            .filter(|entry| matches!(entry.state, State::Parked));
        let found = parked.is_some();
        if let Some(entry) = parked {
            entry.state = State::Open { due: Instant::now() };
            entry.attempts = 0;
        }
        Ok(found)
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        let mut counts = Counts::default();
        for entry in self.entries().values() {
            match entry.state {
                State::Open { .. } => counts.open += 1,
                State::Parked => counts.parked += 1,
                State::Handled { .. } => counts.handled += 1,
            }
        }
        Ok(counts)
    }

    async fn forget_handled(&self, age: Duration) -> Result<u64, StoreError> {
        let mut entries = self.entries();
        let before = entries.len();
        entries.retain(|_, entry| !matches!(entry.state, State::Handled { at } if at.elapsed() >= age));
        Ok((before - entries.len()) as u64)
    }
}
