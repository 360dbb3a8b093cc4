//! Keys at hand and keys that live elsewhere, platform certificates and public keys.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wxpay_hyper::AsyncSigner;
use wxpay_proto::crypto::{Algorithm, Backend, CryptoError, MerchantKey, Signature, Signer};
use wxpay_proto::{KeyId, VerifiedBy, v3};
use wxpay_sim::Simulator;

use crate::support::{Order, builder, credentials, key};

/// A key that has to be asked over a network: it answers after other tasks had their turn.
struct Remote {
    key: MerchantKey,
    asked: Arc<AtomicUsize>,
}

impl AsyncSigner for Remote {
    async fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        self.key.sign(algorithm, message)
    }
}

#[tokio::test]
async fn an_async_signer_signs_every_call() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let asked = Arc::new(AtomicUsize::new(0));
    let remote = Remote {
        key: key(partner),
        asked: Arc::clone(&asked),
    };
    let client = builder(&simulator)
        .merchant_async(credentials(partner), remote)
        .build()
        .unwrap();
    let order = Order::new(&simulator, "S20260001");
    client.send(&order.create()).await.unwrap();
    client.send(&order.close()).await.unwrap();
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn both_backends_are_understood() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    for (number, backend) in [("S20260002", Backend::RustCrypto), ("S20260003", Backend::AwsLc)] {
        let key = MerchantKey::from_pem(partner.private_key_pem(), backend).unwrap();
        let client = builder(&simulator)
            .merchant(credentials(partner), key)
            .build()
            .unwrap();
        client
            .send(&Order::new(&simulator, number).create())
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn answers_are_signed_with_the_key_that_was_asked_for() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let profile = simulator.profile();
    for (number, wanted) in [
        ("S20260004", profile.platform_certificate().id()),
        ("S20260005", profile.platform_public_key().id()),
    ] {
        let credentials = credentials(partner).answer_key(wanted.clone());
        let client = builder(&simulator)
            .merchant(credentials, key(partner))
            .build()
            .unwrap();
        let created = client
            .send(&Order::new(&simulator, number).create())
            .await
            .unwrap();
        assert_eq!(created.verified_by(), &VerifiedBy::PlatformKey(wanted.clone()));
    }
}

#[tokio::test]
async fn certificate_alone_is_enough() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let pem = simulator.profile().platform_certificate().pem();
    let platform = v3::PlatformKey::from_certificate_pem(pem, Backend::AwsLc).unwrap();
    let client = builder(&simulator)
        .platform_keys(v3::PlatformKeys::new().with(platform))
        .merchant(credentials(partner), key(partner))
        .build()
        .unwrap();
    let created = client
        .send(&Order::new(&simulator, "S20260006").create())
        .await
        .unwrap();
    assert!(matches!(
        created.verified_by(),
        VerifiedBy::PlatformKey(KeyId::Certificate(_))
    ));
}
