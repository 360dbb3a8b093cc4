//! The platform certificates (平台证书) from the first call, without a key store: fetched, opened, verified with, replaced.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use wxpay_hyper::Client;
use wxpay_proto::crypto::Backend;
use wxpay_proto::v3::PlatformKeys;
use wxpay_proto::v3::certificates::{CertificatesProof, FetchCertificates, Fetched, Region};
use wxpay_proto::{ApiV3Key, VerifiedBy};
use wxpay_sim::{PlatformKeyMode, Rotation, Setup, Simulator};

use crate::support::{Order, builder, credentials, key};

/// A client that verifies with these keys.
fn knowing(simulator: &Simulator, keys: PlatformKeys) -> Client {
    let partner = simulator.profile().partner();
    let builder = builder(simulator).platform_keys(keys);
    let built = builder.merchant(credentials(partner), key(partner)).build();
    built.unwrap()
}

#[tokio::test]
async fn certificates_are_fetched_opened_verified_with_and_replaced() {
    let mut setup = Setup::default();
    setup.settings.rotation = Rotation::Before;
    let simulator = Simulator::start_with(setup).unwrap();
    let profile = simulator.profile();
    let (first, second) = (
        profile.platform_certificate(),
        profile.next_platform_certificate(),
    );
    let api_v3_key = ApiV3Key::new(profile.partner().api_v3_key()).unwrap();
    let now = || simulator.clocks().wire;
    let list = FetchCertificates::new(Region::Mainland);

    // Without any key the APIv3 key proves the first of them, and it verifies answers.
    let fetched = knowing(&simulator, PlatformKeys::new())
        .exchange(&list)
        .await
        .unwrap();
    let fetched = fetched
        .bootstrap(&api_v3_key, None, Backend::AwsLc, now())
        .unwrap();
    let mut keys = PlatformKeys::new();
    fetched.merge_into(&mut keys, now());
    let certificates = fetched.certificates().unwrap();
    assert_eq!(
        certificates.proof(),
        &CertificatesProof::ApiV3Key {
            signer: first.id().clone(),
            root: false
        }
    );
    let pems: Vec<_> = certificates
        .iter()
        .map(|found| found.key().id().clone())
        .collect();
    assert_eq!(pems, [first.id().clone()]);
    let client = knowing(&simulator, keys.clone());
    let created = client
        .send(&Order::new(&simulator, "CERT0001").create())
        .await
        .unwrap();
    assert_eq!(
        created.verified_by(),
        &VerifiedBy::PlatformKey(first.id().clone())
    );

    // The second is handed out before it signs, so that nobody meets it unprepared.
    let rotate = |to: Rotation| simulator.control(|platform, _| platform.rotate(to));
    rotate(Rotation::Overlap);
    let fetched = client.exchange(&list).await.unwrap();
    let fetched = fetched
        .certificates(&keys, &api_v3_key, Backend::AwsLc, now())
        .unwrap();
    fetched.merge_into(&mut keys, now());
    let certificates = fetched.certificates().unwrap();
    assert_eq!(
        certificates.proof(),
        &CertificatesProof::PlatformKey(first.id().clone())
    );
    assert_eq!(certificates.iter().count(), 2);
    rotate(Rotation::After);
    let prepared = knowing(&simulator, keys);
    let order = Order::new(&simulator, "CERT0002");
    let created = prepared.send(&order.create()).await.unwrap();
    assert_eq!(
        created.verified_by(),
        &VerifiedBy::PlatformKey(second.id().clone())
    );
    // Who has slept through it does not believe the answer, and knows nothing of the order.
    let error = client.send(&order.close()).await.unwrap_err();
    assert_eq!(error.outcome(), wxpay_proto::Outcome::Unknown, "{error}");
}

#[tokio::test]
async fn a_merchant_with_the_public_key_alone_has_none() {
    let mut setup = Setup::default();
    setup.settings.platform_keys = PlatformKeyMode::PublicKeyOnly;
    let simulator = Simulator::start_with(setup).unwrap();
    let profile = simulator.profile();
    let api_v3_key = ApiV3Key::new(profile.partner().api_v3_key()).unwrap();
    let client = knowing(&simulator, profile.platform_keys());
    let fetched = client
        .exchange(&FetchCertificates::new(Region::Mainland))
        .await
        .unwrap();
    let keys = profile.platform_keys();
    let fetched = fetched.certificates(&keys, &api_v3_key, Backend::AwsLc, simulator.clocks().wire);
    assert!(matches!(fetched, Ok(Fetched::PublicKeyMode(_))), "{fetched:?}");
}
