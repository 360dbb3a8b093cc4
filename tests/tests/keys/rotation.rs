//! Rotation and migration under load, without a failed call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use wxpay_axum::{Keys, Receiver, V3};
use wxpay_hyper::{Client, KeyStore};
use wxpay_proto::v3::Migration;
use wxpay_proto::v3::migration::{SeenIn, Share};
use wxpay_proto::{KeyId, VerifiedBy};
use wxpay_sim::{NotificationKey, OrderRef, Rotation, Simulator};

use crate::support::{
    api_v3_key, before_rotation, client, downloads, fetching, order, orders, public_key, rotate, simulator,
};

/// Eight senders at once; `at` is told how many calls have been answered, and may turn the world.
async fn under_load(
    client: &Client,
    name: &'static str,
    calls: usize,
    at: impl Fn(usize) + Send + Sync + 'static,
) -> Vec<KeyId> {
    let (next, at) = (Arc::new(AtomicUsize::new(0)), Arc::new(at));
    let mut senders = JoinSet::new();
    for _ in 0..8 {
        let (client, next, at) = (client.clone(), Arc::clone(&next), Arc::clone(&at));
        senders.spawn(async move {
            let mut signers = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= calls {
                    return signers;
                }
                at(number);
                let sent = client.send(&order(format!("{name}{number:05}"))).await;
                let answer = sent.unwrap_or_else(|error| panic!("call {number} of {name}: {error}"));
                let VerifiedBy::PlatformKey(signer) = answer.verified_by() else {
                    panic!("not signed by a key of WeChat Pay's");
                };
                signers.push(signer.clone());
            }
        });
    }
    senders.join_all().await.into_iter().flatten().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certificate_is_replaced_under_load_and_no_call_fails() {
    const CALLS: usize = 300;
    let simulator = Arc::new(before_rotation());
    let store = fetching(&simulator).build();
    let client = client(&simulator, &store);
    let world = Arc::clone(&simulator);
    let signers = under_load(&client, "ROTATE", CALLS, move |number| match number {
        100 => rotate(&world, Rotation::Mixed),
        200 => rotate(&world, Rotation::After),
        _ => {}
    });
    let signers = signers.await;
    assert_eq!((signers.len(), orders(&simulator)), (CALLS, CALLS));
    let profile = simulator.profile();
    for identity in [
        profile.platform_certificate(),
        profile.next_platform_certificate(),
    ] {
        let signed = signers.iter().filter(|signer| *signer == identity.id()).count();
        assert!(signed >= 80, "{} signed {signed}", identity.id());
        assert_eq!(
            store.seen().total(SeenIn::Answer, identity.id()),
            u64::try_from(signed).unwrap()
        );
    }
    // One before the first call, one when the new certificate was met.
    assert_eq!(downloads(&simulator), 2);
}

/// A store with both kinds of keys, in the middle of a migration at 0 %.
fn migrating(simulator: &Simulator) -> (KeyStore, KeyId, KeyId) {
    let profile = simulator.profile();
    let (from, to) = (
        profile.platform_certificate().id(),
        profile.platform_public_key().id(),
    );
    let store = fetching(simulator)
        .platform_keys(public_key(simulator))
        .migration(Migration::new(from.clone(), to.clone()))
        .build();
    (store, from.clone(), to.clone())
}

fn set_share(store: &KeyStore, percent: u8) {
    store.steer(|migration| {
        migration
            .as_mut()
            .unwrap()
            .set_share(Share::percent(percent))
            .unwrap()
    });
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_merchant_moves_to_the_public_key_and_back_under_load_and_no_call_fails() {
    const CALLS: usize = 400;
    let simulator = before_rotation();
    let (store, from, to) = migrating(&simulator);
    let client = client(&simulator, &store);
    let steered = store.clone();
    let signers = under_load(&client, "MIGRATE", CALLS, move |number| match number {
        50 => set_share(&steered, 25),
        150 => set_share(&steered, 100),
        250 => steered.steer(|migration| migration.as_mut().unwrap().roll_back()),
        350 => steered.steer(|migration| migration.as_mut().unwrap().resume()),
        _ => {}
    });
    let signers = signers.await;
    assert_eq!((signers.len(), orders(&simulator)), (CALLS, CALLS));
    // Each answer was signed with the key that its request had asked for, and both were used.
    let seen = store.seen();
    for key in [&from, &to] {
        let signed = u64::try_from(signers.iter().filter(|signer| *signer == key).count()).unwrap();
        assert!(signed > 100, "{key} signed {signed}: {seen}");
        assert_eq!(seen.total(SeenIn::Answer, key), signed);
        assert_eq!(seen.total(SeenIn::Request, key), signed);
    }
    assert_eq!(downloads(&simulator), 1);
}

#[tokio::test]
async fn a_share_is_kept_exactly_and_per_operation() {
    const CALLS: u64 = 200;
    let simulator = before_rotation();
    let (store, from, to) = migrating(&simulator);
    let client = client(&simulator, &store);
    set_share(&store, 30);
    let migration = store.migration().unwrap();
    let name = "v3.pay-transactions.native_prepay";
    for number in 0..CALLS {
        client.send(&order(format!("SHARE{number}"))).await.unwrap();
    }
    let wanted = (0..CALLS)
        .filter(|number| *migration.key(name, *number) == to)
        .count();
    let wanted = u64::try_from(wanted).unwrap();
    assert!((58..=62).contains(&wanted), "{wanted}");
    let asked = |key: &KeyId| store.seen().total(SeenIn::Request, key);
    assert_eq!((asked(&to), asked(&from)), (wanted, CALLS - wanted));
    let rows = store.seen();
    assert!(
        rows.rows().all(|(_, operation, _, _)| operation == name),
        "{rows}"
    );

    // None of this operation, whatever the share of all others.
    let none =
        |migration: &mut Option<Migration>| migration.as_mut().unwrap().set_share_of(name, Share::NONE);
    store.steer(none).unwrap();
    set_share(&store, 100);
    client.send(&order("SHARENONE")).await.unwrap();
    assert_eq!((asked(&to), asked(&from)), (wanted, CALLS - wanted + 1));
    // Stopped: it stays as it is.
    store.steer(|migration| migration.as_mut().unwrap().stop());
    let refused = store.steer(|migration| migration.as_mut().unwrap().set_share(Share::NONE));
    refused.unwrap_err();
}

#[tokio::test]
async fn a_certificate_that_is_replaced_during_a_migration_keeps_its_share() {
    let simulator = before_rotation();
    let (store, from, _) = migrating(&simulator);
    // The certificate that the migration names has been replaced before this process began.
    rotate(&simulator, Rotation::After);
    let answer = client(&simulator, &store).send(&order("REPLACED")).await.unwrap();
    let next = simulator.profile().next_platform_certificate().id();
    assert!(store.current().get(&from).is_none());
    assert_eq!(answer.verified_by(), &VerifiedBy::PlatformKey(next.clone()));
}

#[tokio::test]
async fn notifications_are_verified_with_the_clients_store() {
    let simulator = simulator(|settings| {
        settings.rotation = Rotation::Before;
        settings.notification_key = NotificationKey::Certificate;
    });
    let store = fetching(&simulator).build();
    let client = client(&simulator, &store);
    let (view, refresh, report) = (store.clone(), store.clone(), store.clone());
    let keys = Keys::from_fn(
        move || view.current(),
        move |serial| {
            let store = refresh.clone();
            async move { Ok(store.with_key(&serial).await.map(drop)?) }
        },
    )
    .counted_by(move |event_type, key| report.saw_notification(event_type, key));
    let receiver = Receiver::new(keys).api_v3_key(api_v3_key(simulator.profile().merchant()));
    let (told, mut heard) = mpsc::unbounded_channel();
    let handler = post(async move |V3(notification): V3| {
        told.send(notification.event_type().to_owned()).unwrap();
        notification.taken()
    });
    let app = Router::new()
        .route("/notify", handler)
        .with_state(Arc::new(receiver));
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/notify", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    for (number, rotation) in [("NOTIFY0", Rotation::Before), ("NOTIFY1", Rotation::After)] {
        client.send(&order(number).notify_url(&*address)).await.unwrap();
        rotate(&simulator, rotation);
        simulator.pay(&OrderRef::order(format!("SHOP-{number}"))).unwrap();
        assert_eq!(heard.recv().await.unwrap(), "TRANSACTION.SUCCESS");
    }
    assert_eq!(downloads(&simulator), 2);
    // Each was counted with the key that signed it, and what is not proven is not counted.
    let forged = tokio::task::spawn_blocking(move || ureq::post(&address).send("{}"));
    let forged = forged.await.unwrap().unwrap_err();
    assert!(matches!(forged, ureq::Error::StatusCode(401)), "{forged}");
    let seen = store.seen();
    let profile = simulator.profile();
    let notified: Vec<_> = seen.rows().filter(|row| row.0 == SeenIn::Notification).collect();
    let mut wanted = [
        profile.platform_certificate(),
        profile.next_platform_certificate(),
    ]
    .map(|certificate| {
        let event = "TRANSACTION.SUCCESS";
        (SeenIn::Notification, event, certificate.id().as_str(), 1)
    });
    wanted.sort();
    assert_eq!(notified, wanted);
}
