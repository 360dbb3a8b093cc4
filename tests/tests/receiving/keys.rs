//! An unknown key of WeChat Pay's: asked for once, however many notifications name it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::post as on_post;
use wxpay_axum::{Keys, Receiver, V3};
use wxpay_proto::v3::PlatformKeys;
use wxpay_tests::journey::{now, trusted};
use wxpay_tests::keys::api_v3_key;

use crate::world::{payment, post, serve, try_post, until};
use crate::{Tests, block_on};

pub(crate) fn tests() -> Tests {
    vec![
        (
            "keys::an_unknown_key_is_asked_for_once",
            an_unknown_key_is_asked_for_once,
        ),
        (
            "keys::one_that_stays_unknown_is_refused",
            one_that_stays_unknown_is_refused,
        ),
        (
            "keys::a_refresh_outlives_its_sender",
            a_refresh_outlives_its_sender,
        ),
    ]
}

/// A key store, and how often it was asked to refresh. `after` is what it has then.
struct KeyStore {
    now: Mutex<Arc<PlatformKeys>>,
    asked: AtomicU32,
}

impl KeyStore {
    fn empty() -> Arc<Self> {
        Arc::new(Self {
            now: Mutex::new(Arc::new(PlatformKeys::new())),
            asked: AtomicU32::new(0),
        })
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    fn keys(self: &Arc<Self>, takes: Duration, after: Option<PlatformKeys>) -> Keys {
        let (view, store) = (self.clone(), self.clone());
        Keys::from_fn(
            move || view.now.lock().unwrap().clone(),
            move |serial| {
                assert!(serial.starts_with("PUB_KEY_ID_"), "{serial}");
                store.asked.fetch_add(1, Ordering::SeqCst);
                let (store, after) = (store.clone(), after.clone());
                async move {
                    tokio::time::sleep(takes).await;
                    *store.now.lock().unwrap() = Arc::new(after.ok_or("WeChat Pay does not answer")?);
                    Ok(())
                }
            },
        )
    }
}

async fn receiving(keys: Keys) -> std::net::SocketAddr {
    let receiver = Receiver::new(keys).api_v3_key(api_v3_key()).clock(now);
    let route = on_post(async |V3(notification): V3| notification.taken());
    serve(
        Router::new()
            .route("/notify", route)
            .with_state(Arc::new(receiver)),
    )
    .await
}

fn an_unknown_key_is_asked_for_once() {
    block_on(async {
        let store = KeyStore::empty();
        let address = receiving(store.keys(Duration::from_millis(50), Some(trusted()))).await;
        let at_once: Vec<_> = (0..10)
            .map(|number| {
                let sent = payment(&format!("EV-{number}"));
                tokio::spawn(async move { post(address, &sent).await.status })
            })
            .collect();
        for answered in at_once {
            assert_eq!(answered.await.unwrap(), 200);
        }
        assert_eq!(store.asked(), 1);
    });
}

fn one_that_stays_unknown_is_refused() {
    block_on(async {
        for after in [None, Some(PlatformKeys::new())] {
            let store = KeyStore::empty();
            let address = receiving(store.keys(Duration::ZERO, after)).await;
            for _ in 0..3 {
                assert_eq!(post(address, &payment("EV-1")).await.status, 401);
            }
            // Anybody can send unknown serial numbers; they must not become downloads.
            assert_eq!(store.asked(), 1);
        }
    });
}

fn a_refresh_outlives_its_sender() {
    block_on(async {
        let store = KeyStore::empty();
        let address = receiving(store.keys(Duration::from_millis(200), Some(trusted()))).await;
        let sent = payment("EV-1");
        let hasty = sent.clone();
        let hanging_up = tokio::spawn(async move { try_post(address, &hasty.headers, &hasty.body).await });
        until("it is asked", async || store.asked() == 1).await;
        hanging_up.abort();
        assert_eq!(post(address, &sent).await.status, 200);
        assert_eq!(store.asked(), 1);
    });
}
