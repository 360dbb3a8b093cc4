//! The inbox over a socket, on each store.

use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use wxpay_axum::{
    Arrival, BoxError, Counts, Delivery, Ended, Inbox, Parked, Policy, Protocol, Receiver, Store,
};
use wxpay_proto::ApiV3Key;
use wxpay_proto::v3::PlatformKeys;
use wxpay_tests::keys::api_v3_key;
use wxpay_types::events::v3::{Event, Transaction};

use crate::stores::Bed;
use crate::world::{impatient, order, payment, post, serve, shared, stored, until};
use crate::{OnStore, block_on};

pub(crate) fn tests<B: Bed>() -> Vec<OnStore<B>> {
    let mut tests: Vec<OnStore<B>> = vec![
        ("what_is_acknowledged_is_handled", what_is_acknowledged_is_handled),
        (
            "what_comes_often_is_handled_once",
            what_comes_often_is_handled_once,
        ),
        ("what_fails_is_tried_again", what_fails_is_tried_again),
        ("what_fails_too_often_is_parked", what_fails_too_often_is_parked),
        (
            "what_is_forgotten_is_handled_again",
            what_is_forgotten_is_handled_again,
        ),
        ("what_is_kept_is_encrypted", what_is_kept_is_encrypted),
        (
            "what_was_never_verified_is_not_handled",
            what_was_never_verified_is_not_handled,
        ),
    ];
    if B::DURABLE {
        tests.push(("the_old_key_opens_what_waits", the_old_key_opens_what_waits));
        tests.push(("the_table_is_made_once", the_table_is_made_once));
        tests.push(("a_newer_table_is_refused", a_newer_table_is_refused));
        tests.push(("a_handled_body_is_deleted", a_handled_body_is_deleted));
    }
    tests
}

/// An inbox that receives, with a handler that is told the how many-th call it is.
async fn working<S, H>(store: S, policy: Policy, handler: H) -> (Arc<Inbox<S>>, SocketAddr)
where
    S: Store,
    H: Fn(u32, &Delivery) -> Result<(), BoxError> + Send + Sync + 'static,
{
    let inbox = Arc::new(Inbox::new(shared(), store).policy(policy));
    let address = serve(Router::new().route("/notify", inbox.route_v3())).await;
    let (handler, calls) = (Arc::new(handler), Arc::new(AtomicU32::new(0)));
    let working = inbox.work(
        3,
        move |delivery: Delivery| {
            let result = handler(calls.fetch_add(1, Ordering::SeqCst) + 1, &delivery);
            async move { result }
        },
        std::future::pending(),
    );
    tokio::spawn(working);
    (inbox, address)
}

async fn counts(store: &impl Store) -> [u64; 3] {
    let Counts {
        open,
        parked,
        handled,
    } = store.counts().await.expect("counts");
    [open, parked, handled]
}

fn what_is_acknowledged_is_handled<B: Bed>(bed: &B) {
    block_on(async {
        let orders = Arc::new(Mutex::new(Vec::new()));
        let seen = orders.clone();
        let (inbox, address) = working(bed.fresh().await, impatient(), move |_, delivery| {
            assert_eq!(
                (delivery.attempt(), delivery.event_type()),
                (1, "TRANSACTION.SUCCESS")
            );
            let Some(Event::TransactionSuccess(Transaction::Payment(payment))) = delivery.event() else {
                return Err("no payment".into());
            };
            seen.lock().unwrap().push(payment.out_trade_no.clone().unwrap());
            Ok(())
        })
        .await;
        let answer = post(address, &payment("EV-1")).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains(r#""code":"SUCCESS""#), "{answer:?}");
        until("it is handled", async || counts(inbox.store()).await == [0, 0, 1]).await;
        assert_eq!(*orders.lock().unwrap(), [order("EV-1")]);
    });
}

fn what_comes_often_is_handled_once<B: Bed>(bed: &B) {
    block_on(async {
        let calls = Arc::new(AtomicU32::new(0));
        let counted = calls.clone();
        let (inbox, address) = working(bed.fresh().await, impatient(), move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            Ok(())
        })
        .await;
        let sent = payment("EV-1");
        let at_once = (0..8).map(|_| {
            let sent = sent.clone();
            tokio::spawn(async move { post(address, &sent).await.status })
        });
        for answered in at_once.collect::<Vec<_>>() {
            assert_eq!(answered.await.unwrap(), 200);
        }
        until("it is handled", async || counts(inbox.store()).await == [0, 0, 1]).await;
        assert_eq!(post(address, &sent).await.status, 200);
        assert_eq!(counts(inbox.store()).await, [0, 0, 1]);
        assert_eq!(calls.load(Ordering::SeqCst), 1);
    });
}

fn what_fails_is_tried_again<B: Bed>(bed: &B) {
    block_on(async {
        let attempts = Arc::new(Mutex::new(Vec::new()));
        let seen = attempts.clone();
        let (inbox, address) = working(bed.fresh().await, impatient(), move |call, delivery| {
            seen.lock().unwrap().push(delivery.attempt());
            match call {
                1 => Err("no stock".into()),
                // A panic, without a trace in the output.
                2 => resume_unwind(Box::new("no database")),
                _ => Ok(()),
            }
        })
        .await;
        assert_eq!(post(address, &payment("EV-1")).await.status, 200);
        until("it is handled", async || counts(inbox.store()).await == [0, 0, 1]).await;
        assert_eq!(*attempts.lock().unwrap(), [1, 2, 3]);
    });
}

fn what_fails_too_often_is_parked<B: Bed>(bed: &B) {
    block_on(async {
        let policy = impatient().attempts(2);
        let (inbox, address) = working(bed.fresh().await, policy, |call, delivery| match call {
            1 | 2 => Err(format!("no stock for {}\0", delivery.id()).into()),
            _ if delivery.attempt() == 1 => Ok(()),
            _ => Err("its attempts were not counted afresh".into()),
        })
        .await;
        let sent = payment("EV-1");
        assert_eq!(post(address, &sent).await.status, 200);
        until("it is parked", async || counts(inbox.store()).await == [0, 1, 0]).await;
        let parked = inbox.store().parked(10).await.unwrap();
        let [one] = parked.as_slice() else {
            panic!("{parked:?}");
        };
        let expected = Parked {
            id: "EV-1".to_owned(),
            protocol: Protocol::V3,
            event_type: "TRANSACTION.SUCCESS".to_owned(),
            received_at: one.received_at,
            attempts: 2,
            last_error: "no stock for EV-1".to_owned(),
        };
        assert_eq!(*one, expected);
        assert_eq!(inbox.store().parked(0).await.unwrap(), []);
        // Sent again it stays where it is: the operator has it.
        assert_eq!(post(address, &sent).await.status, 200);
        assert_eq!(counts(inbox.store()).await, [0, 1, 0]);
        assert!(!inbox.retry("EV-2").await.unwrap());
        assert!(inbox.retry("EV-1").await.unwrap());
        until("it is handled", async || counts(inbox.store()).await == [0, 0, 1]).await;
        assert!(!inbox.retry("EV-1").await.unwrap());
    });
}

fn the_old_key_opens_what_waits<B: Bed>(bed: &B) {
    block_on(async {
        let new_key = || ApiV3Key::new("a".repeat(32)).unwrap();
        let with = |keys: [Option<ApiV3Key>; 2]| {
            let receiver = Receiver::new(PlatformKeys::new());
            Arc::new(keys.into_iter().flatten().fold(receiver, Receiver::api_v3_key))
        };
        let handler = async |_: Delivery| Ok::<_, BoxError>(());
        // It arrived under the old key, and the key was changed without keeping the old one.
        let place = bed.place().await;
        let store = bed.open(&place).await;
        store.put(&stored("EV-1")).await.unwrap();
        let inbox = Inbox::new(with([Some(new_key()), None]), store).policy(impatient().attempts(1));
        inbox.handle_next(&handler).await.unwrap();
        let [parked] = <[Parked; 1]>::try_from(inbox.store().parked(9).await.unwrap()).unwrap();
        assert!(parked.last_error.contains("APIv3 key"), "{parked:?}");
        // The old one is given back.
        assert!(inbox.retry("EV-1").await.unwrap());
        let inbox = Inbox::new(
            with([Some(new_key()), Some(api_v3_key())]),
            bed.open(&place).await,
        );
        inbox.handle_next(&handler).await.unwrap();
        assert_eq!(counts(inbox.store()).await, [0, 0, 1]);
    });
}

fn what_is_forgotten_is_handled_again<B: Bed>(bed: &B) {
    block_on(async {
        let (inbox, address) = working(bed.fresh().await, impatient(), |_, _| Ok(())).await;
        for _ in 0..2 {
            assert_eq!(post(address, &payment("EV-1")).await.status, 200);
            until("it is handled", async || counts(inbox.store()).await == [0, 0, 1]).await;
            let store = inbox.store();
            assert_eq!(store.forget_handled(Duration::from_secs(3600)).await.unwrap(), 0);
            assert_eq!(store.forget_handled(Duration::ZERO).await.unwrap(), 1);
            assert_eq!(counts(store).await, [0, 0, 0]);
        }
    });
}

fn what_is_kept_is_encrypted<B: Bed>(bed: &B) {
    block_on(async {
        let inbox = Arc::new(Inbox::new(shared(), bed.fresh().await));
        let address = serve(Router::new().route("/notify", inbox.route_v3())).await;
        let sent = payment("EV-1");
        assert_eq!(post(address, &sent).await.status, 200);
        let claim = inbox
            .store()
            .claim(Duration::from_secs(60))
            .await
            .unwrap()
            .unwrap();
        assert!(claim.arrival.body.ends_with(&sent.body));
        let kept = String::from_utf8(claim.arrival.body.to_vec()).unwrap();
        assert!(kept.contains("ciphertext") && !kept.contains("oSECRET"));
    });
}

/// Who can write into the store cannot have anything handled: not even a genuine body.
fn what_was_never_verified_is_not_handled<B: Bed>(bed: &B) {
    block_on(async {
        let inbox = Inbox::new(shared(), bed.fresh().await).policy(impatient().attempts(1));
        let arrival = Arrival::new("EV-1", Protocol::V3, "TRANSACTION.SUCCESS", payment("EV-1").body);
        inbox.store().put(&arrival).await.unwrap();
        let handled = AtomicU32::new(0);
        inbox
            .handle_next(&async |_| {
                handled.fetch_add(1, Ordering::SeqCst);
                Ok::<_, BoxError>(())
            })
            .await
            .unwrap();
        assert_eq!(handled.load(Ordering::SeqCst), 0);
        let [parked] = <[Parked; 1]>::try_from(inbox.store().parked(9).await.unwrap()).unwrap();
        assert!(parked.last_error.contains("no stored notification"), "{parked:?}");
    });
}

fn the_table_is_made_once<B: Bed>(bed: &B) {
    block_on(async {
        let place = bed.place().await;
        let (a, b, c) = tokio::join!(bed.open(&place), bed.open(&place), bed.open(&place));
        let arrival = Arrival::new("EV-1", Protocol::V2, "", "<xml/>");
        a.put(&arrival).await.unwrap();
        assert_eq!(counts(&b).await, [1, 0, 0]);
        assert_eq!(c.claim(Duration::ZERO).await.unwrap().unwrap().arrival, arrival);
        assert_eq!(counts(&bed.open(&place).await).await, [1, 0, 0]);
    });
}

fn a_newer_table_is_refused<B: Bed>(bed: &B) {
    block_on(async {
        let place = bed.place().await;
        drop(bed.open(&place).await);
        bed.run(&place, "INSERT INTO wxpay_inbox_schema VALUES (99)")
            .await;
        let error = bed.try_open(&place).await.map(drop).unwrap_err();
        assert!(error.to_string().contains("version 99"), "{error}");
    });
}

fn a_handled_body_is_deleted<B: Bed>(bed: &B) {
    block_on(async {
        let place = bed.place().await;
        let inbox = Inbox::new(shared(), bed.open(&place).await);
        inbox.store().put(&stored("EV-1")).await.unwrap();
        let ended = inbox.handle_next(&async |_| Ok::<_, BoxError>(())).await.unwrap();
        assert_eq!(
            ended,
            Some(Ended::Handled {
                id: "EV-1".to_owned()
            })
        );
        // Opened again by hand it has none.
        bed.run(&place, "UPDATE wxpay_inbox SET state = 'parked'").await;
        assert!(inbox.retry("EV-1").await.unwrap());
        let claim = inbox.store().claim(Duration::ZERO).await.unwrap().unwrap();
        assert!(claim.arrival.body.is_empty());
    });
}
