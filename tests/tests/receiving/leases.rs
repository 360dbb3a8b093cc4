//! Claims and leases: by the store alone, and with a handler that is stopped when its claim is lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use tokio::sync::Notify;
use tokio::task::JoinSet;
use wxpay_axum::{
    Arrival, BoxError, Claim, Counts, Delivery, Ended, Ending, Held, Inbox, MemoryStore, NO_END, Parked,
    Policy, Put, Store, StoreError,
};

use crate::stores::Bed;
use crate::world::{payment, post, serve, shared, stored, until};
use crate::{OnStore, Tests, block_on};

const LONG: Duration = Duration::from_secs(600);

pub(crate) fn tests<B: Bed>() -> Vec<OnStore<B>> {
    vec![
        ("a_claim_keeps_others_out", a_claim_keeps_others_out),
        (
            "a_late_result_counts_for_nothing",
            a_late_result_counts_for_nothing,
        ),
        (
            "claims_at_the_same_time_are_of_different_ones",
            claims_at_the_same_time_are_of_different_ones,
        ),
        (
            "what_kills_its_process_is_parked",
            what_kills_its_process_is_parked,
        ),
    ]
}

/// What needs no database.
pub(crate) fn tests_in_memory() -> Tests {
    vec![
        (
            "leases::a_long_handler_keeps_its_claim",
            a_long_handler_keeps_its_claim,
        ),
        (
            "leases::a_handler_is_dropped_with_its_claim",
            a_handler_is_dropped_with_its_claim,
        ),
        (
            "leases::what_cannot_be_stored_is_not_acknowledged",
            what_cannot_be_stored_is_not_acknowledged,
        ),
        (
            "leases::workers_end_with_their_handlers",
            workers_end_with_their_handlers,
        ),
    ]
}

fn a_claim_keeps_others_out<B: Bed>(bed: &B) {
    block_on(async {
        let store = bed.fresh().await;
        assert!(store.claim(LONG).await.unwrap().is_none());
        assert_eq!(store.put(&stored("EV-1")).await.unwrap(), Put::New);
        assert_eq!(store.put(&stored("EV-1")).await.unwrap(), Put::Known);
        let claim = store.claim(LONG).await.unwrap().unwrap();
        assert_eq!((claim.attempt, claim.last_error), (1, None));
        assert!(store.claim(LONG).await.unwrap().is_none());
        assert!(store.extend(&claim.held, LONG).await.unwrap());
        assert!(store.finish(&claim.held, &Ending::Handled).await.unwrap());
        // It is over, for everybody.
        assert!(!store.extend(&claim.held, LONG).await.unwrap());
        assert!(!store.finish(&claim.held, &Ending::Handled).await.unwrap());
        assert_eq!(store.put(&stored("EV-1")).await.unwrap(), Put::Known);
        assert!(store.claim(LONG).await.unwrap().is_none());
    });
}

fn a_late_result_counts_for_nothing<B: Bed>(bed: &B) {
    block_on(async {
        let store = bed.fresh().await;
        store.put(&stored("EV-1")).await.unwrap();
        let lost = store.claim(Duration::ZERO).await.unwrap().unwrap();
        let next = store.claim(LONG).await.unwrap().unwrap();
        assert_eq!((next.attempt, next.last_error.as_deref()), (2, Some(NO_END)));
        assert!(next.held.claim > lost.held.claim);
        assert_eq!((next.held.id.as_str(), &next.arrival), ("EV-1", &lost.arrival));
        let endings = [
            Ending::Handled,
            Ending::Again {
                after: Duration::ZERO,
                error: "late".to_owned(),
            },
            Ending::Parked {
                error: "late".to_owned(),
            },
        ];
        for ending in &endings {
            assert!(!store.finish(&lost.held, ending).await.unwrap(), "{ending:?}");
        }
        assert!(!store.extend(&lost.held, Duration::ZERO).await.unwrap());
        assert!(store.claim(LONG).await.unwrap().is_none());
        // The one that holds it fails; the pause keeps everybody out, a result of its own included.
        let error = "no stock".to_owned();
        let again = Ending::Again { after: LONG, error };
        assert!(store.finish(&next.held, &again).await.unwrap());
        assert!(store.claim(LONG).await.unwrap().is_none());
        assert!(!store.finish(&next.held, &Ending::Handled).await.unwrap());
        let open = Counts {
            open: 1,
            ..Counts::default()
        };
        assert_eq!(store.counts().await.unwrap(), open);
    });
}

fn claims_at_the_same_time_are_of_different_ones<B: Bed>(bed: &B) {
    const MANY: usize = 40;
    block_on(async {
        let store = Arc::new(bed.fresh().await);
        for number in 0..MANY {
            store.put(&stored(&format!("EV-{number}"))).await.unwrap();
        }
        let mut claiming = JoinSet::new();
        for _ in 0..6 {
            let store = store.clone();
            claiming.spawn(async move {
                let mut claimed = Vec::new();
                while let Some(claim) = store.claim(LONG).await.unwrap() {
                    claimed.push(claim.held.id);
                }
                claimed
            });
        }
        let claimed = claiming.join_all().await.concat();
        assert_eq!(claimed.len(), MANY);
        assert_eq!(claimed.into_iter().collect::<BTreeSet<_>>().len(), MANY);
    });
}

fn what_kills_its_process_is_parked<B: Bed>(bed: &B) {
    block_on(async {
        let store = bed.fresh().await;
        store.put(&stored("EV-1")).await.unwrap();
        let inbox = Inbox::new(shared(), store).policy(Policy::default().attempts(2));
        for _ in 0..2 {
            // A process that dies leaves no more than this.
            inbox.store().claim(Duration::ZERO).await.unwrap().unwrap();
        }
        let ran = AtomicBool::new(false);
        let handler = async |_: Delivery| {
            ran.store(true, Ordering::SeqCst);
            Ok::<_, BoxError>(())
        };
        let ended = inbox.handle_next(&handler).await.unwrap();
        let (id, error) = ("EV-1".to_owned(), NO_END.to_owned());
        assert_eq!(ended, Some(Ended::Parked { id, error }));
        assert!(!ran.load(Ordering::SeqCst), "it ran again");
    });
}

/// A store in memory that can neither keep nor renew any more when it is broken.
struct Renewing {
    store: MemoryStore,
    broken: AtomicBool,
    renewed: AtomicU32,
}

impl Renewing {
    async fn with_one(broken: bool) -> Self {
        let store = MemoryStore::new();
        store.put(&stored("EV-1")).await.unwrap();
        Self {
            store,
            broken: AtomicBool::new(broken),
            renewed: AtomicU32::new(0),
        }
    }
}

impl Store for Renewing {
    async fn put(&self, arrival: &Arrival) -> Result<Put, StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::new("the database is gone"));
        }
        self.store.put(arrival).await
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        self.store.claim(lease).await
    }

    async fn extend(&self, held: &Held, lease: Duration) -> Result<bool, StoreError> {
        if self.broken.load(Ordering::SeqCst) {
            return Err(StoreError::new("the database is gone"));
        }
        self.renewed.fetch_add(1, Ordering::SeqCst);
        self.store.extend(held, lease).await
    }

    async fn finish(&self, held: &Held, ending: &Ending) -> Result<bool, StoreError> {
        self.store.finish(held, ending).await
    }

    async fn parked(&self, limit: u32) -> Result<Vec<Parked>, StoreError> {
        self.store.parked(limit).await
    }

    async fn retry(&self, id: &str) -> Result<bool, StoreError> {
        self.store.retry(id).await
    }

    async fn counts(&self) -> Result<Counts, StoreError> {
        self.store.counts().await
    }

    async fn forget_handled(&self, age: Duration) -> Result<u64, StoreError> {
        self.store.forget_handled(age).await
    }
}

fn a_long_handler_keeps_its_claim() {
    block_on(async {
        let policy = Policy::default().lease(Duration::from_secs(6));
        let inbox = Inbox::new(shared(), Renewing::with_one(false).await).policy(policy);
        let inbox = Arc::new(inbox);
        let seen = inbox.clone();
        // As long as it takes to renew the claim twice.
        let handler = async |_: Delivery| {
            while seen.store().renewed.load(Ordering::SeqCst) < 2 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            let other = seen.store().claim(LONG).await?;
            assert!(other.is_none(), "somebody else got it");
            Ok::<_, BoxError>(())
        };
        let ended = inbox.handle_next(&handler).await.unwrap();
        assert_eq!(
            ended,
            Some(Ended::Handled {
                id: "EV-1".to_owned()
            })
        );
    });
}

fn a_handler_is_dropped_with_its_claim() {
    struct Dropped(Arc<AtomicBool>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }

    block_on(async {
        let policy = Policy::default().lease(Duration::from_millis(300));
        let inbox = Inbox::new(shared(), Renewing::with_one(true).await).policy(policy);
        let dropped = Arc::new(AtomicBool::new(false));
        let handler = |_: Delivery| {
            let guard = Dropped(dropped.clone());
            async move {
                std::future::pending::<()>().await;
                drop(guard);
                Ok::<_, BoxError>(())
            }
        };
        let ended = inbox.handle_next(&handler).await.unwrap();
        assert_eq!(
            ended,
            Some(Ended::Lost {
                id: "EV-1".to_owned()
            })
        );
        assert!(dropped.load(Ordering::SeqCst));
        // Nothing was recorded, so it comes again.
        assert_eq!(inbox.store().counts().await.unwrap().open, 1);
    });
}

fn what_cannot_be_stored_is_not_acknowledged() {
    block_on(async {
        let inbox = Arc::new(Inbox::new(shared(), Renewing::with_one(true).await));
        let address = serve(Router::new().route("/notify", inbox.route_v3())).await;
        let answer = post(address, &payment("EV-2")).await;
        assert_eq!((answer.status, answer.body.contains("FAIL")), (500, true));
        inbox.store().broken.store(false, Ordering::SeqCst);
        assert_eq!(post(address, &payment("EV-2")).await.status, 200);
        assert_eq!(inbox.store().counts().await.unwrap().open, 2);
    });
}

fn workers_end_with_their_handlers() {
    block_on(async {
        let inbox = Arc::new(Inbox::new(shared(), Renewing::with_one(false).await));
        let (started, release) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (tell, wait) = (started.clone(), release.clone());
        let handler = move |_: Delivery| {
            let (tell, wait) = (tell.clone(), wait.clone());
            async move {
                tell.notify_one();
                wait.notified().await;
                Ok::<_, BoxError>(())
            }
        };
        let stopped = Arc::new(AtomicBool::new(false));
        let told = stopped.clone();
        let stop = async move {
            started.notified().await;
            told.store(true, Ordering::SeqCst);
        };
        let working = tokio::spawn(inbox.work(2, handler, stop));
        // The handler is running then, and ends only afterwards.
        until("it is stopped", async || stopped.load(Ordering::SeqCst)).await;
        release.notify_one();
        working.await.unwrap();
        assert_eq!(inbox.store().counts().await.unwrap().handled, 1);
    });
}
