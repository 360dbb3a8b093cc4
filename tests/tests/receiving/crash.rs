//! Processes that are killed, and processes that share a store.

use std::collections::BTreeSet;
use std::path::Path;

use tokio::task::JoinSet;
use wxpay_axum::{Counts, Store};

use crate::child::{STUCK, Shop, read};
use crate::stores::{Bed, Folder};
use crate::world::{PATIENCE, payment, post, try_post, until};
use crate::{OnStore, block_on};

/// A lease that a test waits for, in seconds; a handler takes milliseconds.
const SHORT: u64 = 3;
/// A lease that no test waits for, in seconds.
const LONG: u64 = 600;

pub(crate) fn tests<B: Bed>() -> Vec<OnStore<B>> {
    if !B::DURABLE {
        return Vec::new();
    }
    vec![
        ("killed_while_handling", killed_while_handling),
        ("killed_at_any_time", killed_at_any_time),
        (
            "two_processes_never_handle_the_same",
            two_processes_never_handle_the_same,
        ),
    ]
}

async fn handled(store: &impl Store) -> Option<u64> {
    let counts = store.counts().await.expect("counts");
    (counts.open == 0).then_some(counts.handled)
}

fn lines(journal: &Path, what: &str, id: &str) -> usize {
    let wanted = format!("{what} {id}");
    read(journal).iter().filter(|line| **line == wanted).count()
}

fn killed_while_handling<B: Bed>(bed: &B) {
    block_on(async {
        let (place, folder) = (bed.place().await, Folder::new());
        let (journal, id) = (folder.0.join("journal"), format!("{STUCK}-1"));
        let sent = payment(&id);

        let shop = Shop::start(&place.text(), &journal, SHORT);
        assert_eq!(post(shop.address, &sent).await.status, 200);
        until("the handler starts", async || {
            lines(&journal, "started", &id) == 1
        })
        .await;
        shop.kill();

        let shop = Shop::start(&place.text(), &journal, SHORT);
        let store = bed.open(&place).await;
        until("it is handled", async || handled(&store).await == Some(1)).await;
        // It comes again, and is known.
        assert_eq!(post(shop.address, &sent).await.status, 200);
        assert_eq!(handled(&store).await, Some(1));
        assert_eq!(
            (lines(&journal, "started", &id), lines(&journal, "done", &id)),
            (2, 1)
        );
    });
}

fn killed_at_any_time<B: Bed>(bed: &B) {
    const SENT: usize = 24;
    block_on(async {
        let (place, folder) = (bed.place().await, Folder::new());
        let journal = folder.0.join("journal");
        let store = bed.open(&place).await;
        let ids: Vec<_> = (0..SENT).map(|number| format!("EV-{number}")).collect();
        let mut acknowledged = BTreeSet::new();
        // Killed after so many acknowledgements, with the others on their way; what is not acknowledged is sent again.
        for killed_after in [1, 4, 9, SENT] {
            let shop = Shop::start(&place.text(), &journal, SHORT);
            let mut sending = JoinSet::new();
            for id in ids.iter().filter(|id| !acknowledged.contains(*id)) {
                let (id, address) = (id.clone(), shop.address);
                sending.spawn(async move {
                    let sent = payment(&id);
                    let answer = try_post(address, &sent.headers, &sent.body).await;
                    answer.filter(|answer| answer.status == 200).map(|_| id)
                });
            }
            let mut shop = Some(shop);
            let mut answered = 0;
            while let Some(answer) = sending.join_next().await {
                acknowledged.extend(answer.expect("it is sent"));
                answered += 1;
                if answered == killed_after
                    && let Some(shop) = shop.take()
                {
                    shop.kill();
                }
            }
        }
        let _shop = Shop::start(&place.text(), &journal, SHORT);
        assert!(!acknowledged.is_empty());
        until("all are handled", async || handled(&store).await.is_some()).await;
        let counts = store.counts().await.expect("counts");
        // What was stored and killed before its acknowledgement is handled too.
        assert!(counts.handled >= acknowledged.len() as u64, "{counts:?}");
        assert_eq!((counts.open, counts.parked), (0, 0));
        for id in &acknowledged {
            assert!(lines(&journal, "done", id) >= 1, "{id} was acknowledged and lost");
        }
    });
}

fn two_processes_never_handle_the_same<B: Bed>(bed: &B) {
    const SENT: usize = 40;
    block_on(async {
        let (place, folder) = (bed.place().await, Folder::new());
        let journal = folder.0.join("journal");
        let shops = [0, 1].map(|_| Shop::start(&place.text(), &journal, LONG));
        let mut sending = JoinSet::new();
        for number in 0..SENT {
            // Each to both, as a proxy does that tries again.
            for shop in &shops {
                let address = shop.address;
                sending.spawn(async move {
                    let sent = payment(&format!("EV-{number}"));
                    // A machine that is busy may be too late with one or another.
                    let sending = async { while post(address, &sent).await.status != 200 {} };
                    let sent = tokio::time::timeout(PATIENCE, sending).await;
                    sent.expect("it is acknowledged");
                });
            }
        }
        sending.join_all().await;
        let store = bed.open(&place).await;
        until("all are handled", async || {
            handled(&store).await == Some(SENT as u64)
        })
        .await;
        for number in 0..SENT {
            let id = format!("EV-{number}");
            assert_eq!(
                (lines(&journal, "started", &id), lines(&journal, "done", &id)),
                (1, 1),
                "{id}"
            );
        }
        let counts = store.counts().await.expect("counts");
        assert_eq!(
            counts,
            Counts {
                open: 0,
                parked: 0,
                handled: SENT as u64
            }
        );
    });
}
