//! A simulator, clients with key stores, and orders.

use wxpay_hyper::{Client, ClientBuilder, KeyStore, KeyStoreBuilder};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{ApiV3Key, v3};
use wxpay_sim::{Merchant, PlatformKeyMode, Rotation, Settings, Setup, Simulator};
use wxpay_types::v3::pay_transactions::{Amount, NativePrepay};

pub(crate) fn simulator(change: impl FnOnce(&mut Settings)) -> Simulator {
    let mut setup = Setup::default();
    change(&mut setup.settings);
    Simulator::start_with(setup).unwrap()
}

/// One that has the first platform certificate alone, for now.
pub(crate) fn before_rotation() -> Simulator {
    simulator(|settings| settings.rotation = Rotation::Before)
}

/// One whose merchants have the public key alone.
pub(crate) fn public_key_only() -> Simulator {
    simulator(|settings| settings.platform_keys = PlatformKeyMode::PublicKeyOnly)
}

pub(crate) fn rotate(simulator: &Simulator, rotation: Rotation) {
    simulator.control(|platform, _| platform.rotate(rotation));
}

pub(crate) fn api_v3_key(account: &Merchant) -> ApiV3Key {
    ApiV3Key::new(account.api_v3_key()).unwrap()
}

/// A store of the merchant's that fetches certificates.
pub(crate) fn fetching(simulator: &Simulator) -> KeyStoreBuilder {
    KeyStore::builder().certificates(api_v3_key(simulator.profile().merchant()))
}

pub(crate) fn public_key(simulator: &Simulator) -> v3::PlatformKeys {
    v3::PlatformKeys::new().with(simulator.profile().platform_public_key().key().clone())
}

pub(crate) fn key(account: &Merchant) -> MerchantKey {
    MerchantKey::from_pem(account.private_key_pem(), Backend::AwsLc).unwrap()
}

pub(crate) fn credentials(account: &Merchant) -> v3::Credentials {
    v3::Credentials::merchant(account.id().clone(), account.serial().clone())
}

/// Where to go and whom to trust.
pub(crate) fn builder(simulator: &Simulator) -> ClientBuilder {
    Client::builder()
        .base_url(simulator.base_url().clone())
        .extra_root_pem(simulator.ca_pem())
        .only_extra_roots()
}

/// The merchant's client.
pub(crate) fn client(simulator: &Simulator, store: &KeyStore) -> Client {
    let merchant = simulator.profile().merchant();
    builder(simulator)
        .merchant(credentials(merchant), key(merchant))
        .key_store(store.clone())
        .build()
        .unwrap()
}

/// An order of the merchant's.
pub(crate) fn order(number: impl std::fmt::Display) -> NativePrepay {
    NativePrepay::default()
        .appid("wxd678efh567hg6787")
        .mchid("1900007291")
        .description("茶")
        .out_trade_no(format!("SHOP-{number}"))
        .notify_url("https://shop.example/notify")
        .amount(Amount::default().total(888).currency("CNY"))
}

fn asked(simulator: &Simulator, path: &str) -> usize {
    let log = simulator.log();
    log.iter()
        .filter(|handled| handled.target().starts_with(path))
        .count()
}

/// How often the list of certificates was asked for.
pub(crate) fn downloads(simulator: &Simulator) -> usize {
    asked(simulator, "/v3/certificates")
}

/// How often an order was sent.
pub(crate) fn orders(simulator: &Simulator) -> usize {
    asked(simulator, "/v3/pay/transactions/native")
}
