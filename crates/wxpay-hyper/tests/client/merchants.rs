//! Many merchants over one client's connections: each with its own keys, and with nobody else's.

use std::collections::BTreeSet;

use tokio::task::JoinSet;
use wxpay_hyper::{Client, ConfigError, Failure, KeyStore, Merchant};
use wxpay_proto::v3::{Authorization, Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, MerchantId, Outcome, PublicKeyId, Serial, VerifyError, v2};

use crate::keys::{Keys, MERCHANT};
use crate::operations::{RefundV2, query};
use crate::server::{Behaviour, Seen, Server};
use crate::{api_v2_key, builder};

const OTHER: &str = "1900000109";

/// Another merchant, who signs with the brand's key.
fn other() -> Merchant {
    let serial = Serial::new("0C").unwrap();
    let credentials = Credentials::merchant(MerchantId::new(OTHER).unwrap(), serial);
    Merchant::new().account(credentials, Keys::get().brand_key())
}

fn who(seen: &Seen) -> String {
    Authorization::parse(seen.header("authorization").unwrap())
        .unwrap()
        .identity
}

#[tokio::test]
async fn merchants_share_connections_and_sign_for_themselves() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let first = builder(&server).build().unwrap();
    let second = first
        .for_merchant(other().platform_keys(Keys::get().platform_keys()))
        .unwrap();
    for client in [&first, &second, &first, &second] {
        client.send(&query()).await.unwrap();
    }
    let seen = server.seen();
    let signers: Vec<_> = seen.iter().map(who).collect();
    assert_eq!(signers, [MERCHANT, OTHER, MERCHANT, OTHER]);
    assert!(seen.iter().all(|seen| seen.connection == 0), "{seen:?}");
}

#[tokio::test]
async fn hundreds_of_merchants_share_one_connection() {
    const MERCHANTS: usize = 300;
    let server = Server::start(Behaviour::signed("{}")).await;
    let first = builder(&server).build().unwrap();
    first.send(&query()).await.unwrap();
    let mut calls = JoinSet::new();
    for number in 0..MERCHANTS {
        let id = MerchantId::new((1_900_100_000 + number).to_string()).unwrap();
        let credentials = Credentials::merchant(id, Serial::new("0C").unwrap());
        let merchant = Merchant::new()
            .account(credentials, Keys::get().merchant_key())
            .platform_keys(Keys::get().platform_keys());
        let client = first.for_merchant(merchant).unwrap();
        calls.spawn(async move { client.send(&query()).await.map(drop) });
    }
    for answer in calls.join_all().await {
        answer.unwrap();
    }
    let seen = server.seen();
    let who: BTreeSet<String> = seen.iter().map(who).collect();
    assert_eq!((seen.len(), who.len()), (MERCHANTS + 1, MERCHANTS + 1));
    let connections: BTreeSet<usize> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(connections.len(), 1, "{connections:?}");
}

#[tokio::test]
async fn what_one_merchant_knows_verifies_nothing_for_another() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let first = builder(&server).build().unwrap();
    // The other knows a key of WeChat Pay's too, but not the one that signs.
    let id = PublicKeyId::new("PUB_KEY_ID_0100000000000000000000000000000042").unwrap();
    let key = Keys::get()
        .platform_keys()
        .get(&Keys::get().platform_id())
        .unwrap()
        .public_key()
        .clone();
    let store = KeyStore::from(PlatformKeys::new().with(PlatformKey::new(KeyId::PublicKey(id.clone()), key)));
    let second = first.for_merchant(other().key_store(store.clone())).unwrap();
    first.send(&query()).await.unwrap();
    let error = second.send(&query()).await.unwrap_err();
    let unknown = matches!(
        error.failure(),
        Failure::Exchange(wxpay_proto::Error::Unverified {
            source: VerifyError::UnknownSerial { .. },
            ..
        })
    );
    assert!(unknown, "{error}");
    assert_eq!(server.seen()[1].header("wechatpay-serial"), Some(id.as_str()));
    assert!(store.current().get(&Keys::get().platform_id()).is_none());
}

#[tokio::test]
async fn parts_that_another_merchant_has_are_missing_here() {
    let server = Server::start(Behaviour::Hang).await;
    let (chain, key) = &Keys::get().client_pem;
    let first = builder(&server)
        .client_certificate_pem(chain, key)
        .build()
        .unwrap();
    let query_v2 = v2::Call::new("/pay/orderquery").field("mch_id", OTHER);
    let refund = RefundV2 {
        mch_id: OTHER,
        out_refund_no: "R1",
    };
    let without_v2 = first.for_merchant(other()).unwrap();
    let with_v2 = other().api_v2(
        v2::Credentials::new(MerchantId::new(OTHER).unwrap()),
        api_v2_key(),
    );
    let without_certificate = first.for_merchant(with_v2).unwrap();
    for (error, part) in [
        (
            without_v2.send(&query()).await.unwrap_err(),
            "WeChat Pay public key",
        ),
        (without_v2.send(&query_v2).await.unwrap_err(), "APIv2 key"),
        (
            without_certificate.send(&refund).await.unwrap_err(),
            "client certificate",
        ),
    ] {
        assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
        assert!(error.to_string().contains(part), "{error}");
    }
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn each_merchant_shows_its_own_client_certificate() {
    // What it answers counts for nothing here: what was shown does.
    let server = Server::start(Behaviour::plain(200, vec![], "")).await;
    let (chain, key) = &Keys::get().client_pem;
    let first = builder(&server)
        .client_certificate_pem(chain, key)
        .build()
        .unwrap();
    let with_v2 = other().api_v2(
        v2::Credentials::new(MerchantId::new(OTHER).unwrap()),
        api_v2_key(),
    );
    let second = first
        .for_merchant(with_v2.client_certificate_pem(chain, key))
        .unwrap();
    for (client, mch_id) in [
        (&first, MERCHANT),
        (&second, OTHER),
        (&first, MERCHANT),
        (&second, OTHER),
    ] {
        let out_refund_no = "R1";
        client
            .send(&RefundV2 {
                mch_id,
                out_refund_no,
            })
            .await
            .unwrap_err();
    }
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.certificate), "{seen:?}");
    let connections: Vec<_> = seen.iter().map(|seen| seen.connection).collect();
    assert_eq!(connections, [0, 1, 0, 1]);

    let broken = first
        .for_merchant(other().client_certificate_pem(chain, chain))
        .unwrap_err();
    assert!(
        matches!(broken, ConfigError::ClientCertificate { .. }),
        "{broken}"
    );
}

#[tokio::test]
async fn a_key_store_serves_one_merchant() {
    let keys = Keys::get();
    let store = KeyStore::from(keys.platform_keys());
    let first = Client::builder()
        .merchant(keys.merchant_credentials(), keys.merchant_key())
        .key_store(store.clone())
        .build()
        .unwrap();
    let error = first.for_merchant(other().key_store(store.clone())).unwrap_err();
    assert!(
        error.to_string().contains(OTHER) && error.to_string().contains(MERCHANT),
        "{error}"
    );
    // The same merchant may have it again.
    let again = Merchant::new().account(keys.merchant_credentials(), keys.merchant_key());
    first.for_merchant(again.key_store(store)).unwrap();
}

#[tokio::test]
async fn a_call_waits_for_the_first_keys_no_longer_than_its_deadline() {
    let server = Server::start(Behaviour::Hang).await;
    let api_v3_key = wxpay_proto::ApiV3Key::new("k".repeat(32)).unwrap();
    let client = builder(&server)
        .key_store(KeyStore::builder().certificates(api_v3_key).build())
        .build()
        .unwrap();
    let limit = std::time::Duration::from_millis(200);
    let error = client
        .with(|options| options.call_timeout(limit))
        .send(&query())
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    assert!(
        error.to_string().contains("fetching WeChat Pay's certificates"),
        "{error}"
    );
    // The download goes on for whoever comes next; nothing else was sent.
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.target() == "/v3/certificates")
    );
}
