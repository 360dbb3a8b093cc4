//! How many calls are under way, which versions of HTTP are spoken, and how it ends.

use std::time::Duration;

use tokio::task::JoinSet;
use wxpay_hyper::{ConfigError, Failure, Phase};
use wxpay_proto::Outcome;

use crate::operations::{pay, query};
use crate::server::{Behaviour, Server};
use crate::{builder, client};

#[tokio::test]
async fn calls_share_as_many_connections_as_may_be_in_flight() {
    let server = Server::with_alpn(Behaviour::signed("{}"), &["http/1.1"]).await;
    let client = builder(&server).calls_in_flight(3).build().unwrap();
    let mut calls = JoinSet::new();
    for _ in 0..40 {
        let client = client.clone();
        calls.spawn(async move { client.send(&query()).await.map(drop) });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
    let seen = server.seen();
    let connections: std::collections::BTreeSet<usize> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(seen.len(), 40);
    assert!(connections.len() <= 3, "{connections:?}");
}

#[tokio::test]
async fn who_finds_no_place_waits_or_is_turned_away_and_nothing_was_sent() {
    let server = Server::start(Behaviour::Hang).await;
    let client = builder(&server)
        .calls_in_flight(1)
        .calls_waiting(1)
        .call_timeout(Duration::from_millis(700))
        .build()
        .unwrap();
    let call = pay();
    let (first, (second, third)) = tokio::join!(client.send(&call), async {
        // The first has gone out.
        while server.seen().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let hasty = client.with(|calls| calls.call_timeout(Duration::from_millis(100)));
        tokio::join!(hasty.send(&call), client.send(&call))
    });
    assert_eq!(first.unwrap_err().outcome(), Outcome::Unknown);
    let (second, third) = (second.unwrap_err(), third.unwrap_err());
    assert!(
        matches!(
            second.failure(),
            Failure::Timeout {
                phase: Phase::Waiting,
                ..
            }
        ),
        "{second:?}"
    );
    assert!(
        matches!(third.failure(), Failure::Busy { waiting: 1, .. }),
        "{third:?}"
    );
    for error in [second, third] {
        assert_eq!(error.outcome(), Outcome::NotSent);
        assert_eq!(error.attempts().len(), 1);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_shutdown_waits_for_calls_under_way_and_lets_none_begin() {
    let server = Server::start(Behaviour::Hang).await;
    let client = client(&server).with(|calls| calls.call_timeout(Duration::from_millis(500)));
    let other = client.clone();
    let under_way = tokio::spawn(async move { other.send(&pay()).await.map(drop) });
    while server.seen().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // A shutdown that nobody waits for to the end has begun all the same.
    let waited = tokio::time::timeout(Duration::from_millis(20), client.shutdown()).await;
    assert!(waited.is_err() && !under_way.is_finished());
    let error = client.send(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::ShutDown { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    client.shutdown().await;
    let ended = under_way.await.unwrap().unwrap_err();
    assert_eq!(ended.outcome(), Outcome::Unknown);
    client.shutdown().await;
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn the_versions_of_http_can_be_chosen() {
    let both = Server::start(Behaviour::signed("{}")).await;
    let one = builder(&both).http1_only().build().unwrap();
    one.send(&pay()).await.unwrap();
    assert_eq!(both.only().request.version(), http::Version::HTTP_11);
    let two = builder(&both).http2_only().build().unwrap();
    two.send(&pay()).await.unwrap();
    assert_eq!(both.only().request.version(), http::Version::HTTP_2);

    let old = Server::with_alpn(Behaviour::signed("{}"), &["http/1.1"]).await;
    let error = builder(&old)
        .http2_only()
        .build()
        .unwrap()
        .send(&pay())
        .await
        .unwrap_err();
    assert!(matches!(error.failure(), Failure::Connect { .. }), "{error:?}");
    assert_eq!(error.outcome(), Outcome::NotSent);
}

#[tokio::test]
async fn limits_of_nothing_are_refused_when_the_client_is_made() {
    let server = Server::start(Behaviour::Hang).await;
    let builders = [
        builder(&server).calls_in_flight(0),
        builder(&server).file_limit(0),
        builder(&server).file_idle_timeout(Duration::ZERO),
    ];
    for builder in builders {
        assert!(matches!(builder.build(), Err(ConfigError::Zero { .. })));
    }
}
