//! When certificates are fetched, and when not.

use std::time::Duration;

use wxpay_hyper::{Failure, KeyStore, KeysError};
use wxpay_proto::crypto::Certificate;
use wxpay_proto::v3::certificates::Region;
use wxpay_proto::{ApiV3Key, KeyId, Outcome, VerifiedBy, VerifyError};
use wxpay_sim::{Fault, Rotation, Simulator};

use crate::support::{
    before_rotation, builder, client, credentials, downloads, fetching, key, order, orders, public_key,
    public_key_only, rotate,
};

/// Sends so many orders at once, and gives how many were answered.
async fn at_once(client: &wxpay_hyper::Client, name: &str, count: usize) -> usize {
    let mut calls = tokio::task::JoinSet::new();
    for number in 0..count {
        let (client, order) = (client.clone(), order(format!("{name}{number:04}")));
        calls.spawn(async move { client.send(&order).await });
    }
    let mut answered = 0;
    while let Some(call) = calls.join_next().await {
        call.unwrap().unwrap();
        answered += 1;
    }
    answered
}

#[tokio::test]
async fn a_store_without_keys_fetches_before_the_first_calls_and_once_for_all_of_them() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, &fetching(&simulator).build());
    assert_eq!(at_once(&client, "FIRST", 24).await, 24);
    assert_eq!(downloads(&simulator), 1);
    assert!(simulator.log()[0].target().starts_with("/v3/certificates"));
}

#[tokio::test]
async fn an_answer_with_an_unknown_serial_is_held_until_its_key_is_there() {
    let simulator = before_rotation();
    let store = fetching(&simulator).build();
    let client = client(&simulator, &store);
    client.send(&order("HELD0001")).await.unwrap();
    rotate(&simulator, Rotation::After);
    let next = simulator.profile().next_platform_certificate().id();
    assert!(store.current().get(next).is_none());
    let answer = client.send(&order("HELD0002")).await.unwrap();
    assert_eq!(answer.verified_by(), &VerifiedBy::PlatformKey(next.clone()));
    // The order was not sent again, and the old certificate still verifies.
    assert_eq!((orders(&simulator), downloads(&simulator)), (2, 2));
    assert_eq!(store.current().iter().count(), 2);
}

#[tokio::test]
async fn many_answers_with_an_unknown_serial_wait_for_one_download() {
    let simulator = before_rotation();
    let client = client(&simulator, &fetching(&simulator).build());
    client.send(&order("MANY")).await.unwrap();
    rotate(&simulator, Rotation::After);
    assert_eq!(at_once(&client, "MANY", 24).await, 24);
    assert_eq!((orders(&simulator), downloads(&simulator)), (25, 2));
}

#[tokio::test]
async fn a_serial_that_nobody_has_is_looked_for_once_and_never_believed() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, &fetching(&simulator).build());
    client.send(&order("NOBODY0")).await.unwrap();
    for number in 1..4 {
        simulator.fail_next(Fault::UnknownSerial);
        let error = client.send(&order(format!("NOBODY{number}"))).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        let unknown = matches!(
            error.failure(),
            Failure::Exchange(wxpay_proto::Error::Unverified {
                source: VerifyError::UnknownSerial { .. },
                ..
            })
        );
        assert!(unknown, "{error}");
    }
    assert_eq!(downloads(&simulator), 2);
}

#[tokio::test]
async fn a_forged_answer_is_not_believed_because_its_key_was_looked_for() {
    let simulator = before_rotation();
    let client = client(&simulator, &fetching(&simulator).build());
    client.send(&order("FORGED0")).await.unwrap();
    rotate(&simulator, Rotation::After);
    simulator.fail_next(Fault::TamperBody);
    let error = client.send(&order("FORGED1")).await.unwrap_err();
    assert!(error.to_string().contains("signature"), "{error}");
    assert_eq!(downloads(&simulator), 2);
    client.send(&order("FORGED2")).await.unwrap();
}

#[tokio::test]
async fn a_merchant_with_the_public_key_alone_is_never_asked_about() {
    let simulator = public_key_only();
    let store = KeyStore::from(public_key(&simulator));
    let client = client(&simulator, &store);
    client.send(&order("PUBLIC0")).await.unwrap();
    simulator.fail_next(Fault::UnknownSerial);
    client.send(&order("PUBLIC1")).await.unwrap_err();
    store.refresh().await.unwrap();
    assert_eq!(downloads(&simulator), 0);
}

#[tokio::test]
async fn that_there_are_no_certificates_is_no_error_and_remembered() {
    let simulator = public_key_only();
    let store = fetching(&simulator).platform_keys(public_key(&simulator)).build();
    let client = client(&simulator, &store);
    client.send(&order("NONE0")).await.unwrap();
    assert_eq!(downloads(&simulator), 0, "the public key is enough");
    store.refresh().await.unwrap();
    store.refresh().await.unwrap();
    simulator.fail_next(Fault::UnknownSerial);
    client.send(&order("NONE1")).await.unwrap_err();
    assert_eq!(downloads(&simulator), 1);
}

#[tokio::test]
async fn without_any_key_a_merchant_is_told_what_to_give_and_nothing_is_sent() {
    let simulator = public_key_only();
    let error = client(&simulator, &fetching(&simulator).build())
        .send(&order("NOKEY"))
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(
        matches!(
            error.failure(),
            Failure::Keys {
                source: KeysError::PublicKeyMode,
                ..
            }
        ),
        "{error}"
    );
    assert!(error.to_string().contains("WeChat Pay public key"), "{error}");
    assert_eq!(orders(&simulator), 0);
}

#[tokio::test]
async fn a_failed_download_keeps_the_keys_and_is_told() {
    let simulator = Simulator::start().unwrap();
    let store = fetching(&simulator).build();
    let client = client(&simulator, &store);
    client.send(&order("FAILED0")).await.unwrap();
    let keys = store.current();
    simulator.fail_next(Fault::TamperBody);
    let error = store.refresh().await.unwrap_err();
    assert!(matches!(error, KeysError::Certificates(_)), "{error}");
    let ids = |keys: &wxpay_proto::v3::PlatformKeys| -> Vec<KeyId> {
        keys.iter().map(|key| key.id().clone()).collect()
    };
    assert_eq!(ids(&keys), ids(&store.current()));
    client.send(&order("FAILED1")).await.unwrap();
}

#[tokio::test]
async fn another_api_v3_key_and_another_root_are_not_believed() {
    let simulator = Simulator::start().unwrap();
    let other = ApiV3Key::new("x".repeat(32)).unwrap();
    let store = KeyStore::builder().certificates(other).build();
    let error = client(&simulator, &store)
        .send(&order("TRUST0"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("APIv3 key"), "{error}");

    let pem = simulator.profile().next_platform_certificate().pem();
    let store = fetching(&simulator)
        .root(Certificate::from_pem(pem).unwrap())
        .build();
    let error = client(&simulator, &store)
        .send(&order("TRUST1"))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("is not trusted"), "{error}");
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert_eq!(orders(&simulator), 0);
}

#[tokio::test]
async fn each_region_has_its_list() {
    let simulator = Simulator::start().unwrap();
    for (region, path) in [
        (Region::Mainland, "/v3/certificates"),
        (Region::HongKong, "/hk/v3/certificates"),
        (Region::Global, "/v3/global/certificates"),
    ] {
        let store = fetching(&simulator).region(region).build();
        let client = client(&simulator, &store);
        store.refresh().await.unwrap();
        assert_eq!(simulator.log().last().unwrap().target(), path);
        assert_eq!(store.current().iter().count(), 2);
        drop(client);
    }
}

#[tokio::test]
async fn an_old_list_is_fetched_again_beside_the_call() {
    let simulator = before_rotation();
    let store = fetching(&simulator).renewal(Duration::ZERO).build();
    let client = client(&simulator, &store);
    client.send(&order("OLD0")).await.unwrap();
    rotate(&simulator, Rotation::Overlap);
    client.send(&order("OLD1")).await.unwrap();
    let next = simulator.profile().next_platform_certificate().id();
    while store.current().get(next).is_none() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The newest is asked for from now on.
    let answer = client.send(&order("OLD2")).await.unwrap();
    assert_eq!(answer.verified_by(), &VerifiedBy::PlatformKey(next.clone()));
}

#[tokio::test]
async fn a_scheduled_refresh_goes_on_until_it_is_dropped() {
    let simulator = Simulator::start().unwrap();
    let store = fetching(&simulator).build();
    let _client = client(&simulator, &store);
    let task = tokio::spawn(store.refresh_every(Duration::ZERO));
    while downloads(&simulator) < 2 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    task.abort();
    assert_eq!(store.current().iter().count(), 2);
}

#[tokio::test]
async fn a_store_before_its_client_and_a_store_of_two_merchants_are_named() {
    let simulator = Simulator::start().unwrap();
    let store = fetching(&simulator).build();
    let error = store.refresh().await.unwrap_err();
    assert!(matches!(error, KeysError::NoClient), "{error}");

    let _client = client(&simulator, &store);
    let partner = simulator.profile().partner();
    let error = builder(&simulator)
        .merchant(credentials(partner), key(partner))
        .key_store(store)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("1900007291"), "{error}");
}
