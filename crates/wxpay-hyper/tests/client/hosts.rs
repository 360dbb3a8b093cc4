//! Main host and backups.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use http::Method;
use wxpay_hyper::{Client, Failure};
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::Call;
use wxpay_proto::{Host, Outcome};

use crate::builder;
use crate::operations::{Refund, query};
use crate::server::{Behaviour, Server};

/// A host that hangs up on everybody, and how many have called.
async fn dead() -> (Server, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&calls);
    let server = Server::raw(move |tcp| {
        count.fetch_add(1, Ordering::Relaxed);
        async move { drop(tcp) }
    })
    .await;
    (server, calls)
}

fn client(main: &Server, backup: &Server) -> Client {
    let budget = Budget {
        first_wait: Duration::from_millis(1),
        ..Budget::default()
    };
    builder(main)
        .base_url(backup.base())
        .budget(budget)
        .build()
        .unwrap()
}

#[tokio::test]
async fn the_backup_takes_over_and_is_remembered() {
    let (main, calls) = dead().await;
    let backup = Server::start(Behaviour::signed("{}")).await;
    let client = client(&main, &backup);
    // Nothing was sent to the main host, so that money can go to the backup too.
    client.send(&Refund { out_refund_no: "R1" }).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 1);
    for _ in 0..3 {
        client.send(&query()).await.unwrap();
    }
    assert_eq!(
        calls.load(Ordering::Relaxed),
        1,
        "the main host was tried again at once"
    );
    assert_eq!(backup.seen().len(), 4);
    // Who names a host gets that host: a read of another service stays there.
    client.send(&query().host(Host::FRAUD)).await.unwrap_err();
    assert!(calls.load(Ordering::Relaxed) > 1);
    assert!(backup.seen().is_empty());
}

#[tokio::test]
async fn an_answer_never_changes_the_host() {
    let main = Server::start(Behaviour::Script(vec![
        Behaviour::plain(502, vec![], "<html>"),
        Behaviour::plain(200, vec![], "not signed"),
        Behaviour::signed("{}"),
    ]))
    .await;
    let backup = Server::start(Behaviour::signed("{}")).await;
    client(&main, &backup).send(&query()).await.unwrap();
    assert_eq!((main.seen().len(), backup.seen().len()), (3, 0));
}

#[tokio::test]
async fn global_operations_stay_where_they_are() {
    let (main, _) = dead().await;
    let backup = Server::start(Behaviour::signed("{}")).await;
    for target in ["/hk/v3/certificates", "/v3/global/certificates"] {
        let error = client(&main, &backup)
            .send(&Call::new(Method::GET, target))
            .await
            .unwrap_err();
        assert!(matches!(error.failure(), Failure::Connect { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.attempts().len(), 4);
        let main = main.base().to_string();
        let everywhere = error
            .attempts()
            .iter()
            .all(|attempt| attempt.host.as_deref() == main.strip_prefix("https://"));
        assert!(everywhere, "{error:?}");
    }
    assert!(backup.seen().is_empty());
}

#[tokio::test]
async fn every_host_that_was_tried_is_named() {
    let ((main, _), (backup, _)) = (dead().await, dead().await);
    let error = client(&main, &backup)
        .send(&Refund { out_refund_no: "R1" })
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let hosts: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| format!("https://{}", attempt.host.as_deref().unwrap()))
        .collect();
    let (main, backup) = (main.base().to_string(), backup.base().to_string());
    assert_eq!(hosts, [&*main, &*backup, &*backup, &*main]);
    let text = error.to_string();
    assert!(
        hosts.iter().all(|host| text.contains(&host["https://".len()..])),
        "{text}"
    );
}
