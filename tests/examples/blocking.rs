//! The core in a blocking program: no tokio, no hyper, a client of your choice (here `ureq`).
//!
//! `cargo run -p wxpay-tests --example blocking` starts a simulator and closes a combined order at it. Against the real
//! WeChat Pay, leave out the simulator, `at(…)` and the extra root certificate.

#![expect(clippy::print_stdout, reason = "an example tells what it does")]

use std::error::Error;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::proof::Signed;
use wxpay_proto::{Nonce, Operation, Response, Stamp, UnixTime, Unsigned, Verified, v3};
use wxpay_sim::Simulator;
use wxpay_types::v3::combine_transactions::{
    Amount, Close, CloseSubOrder, NativePrepay, QueryByOutTradeNo, SceneInfo, SubOrder,
};

/// All that a shop needs around the core: who it is, its key, WeChat Pay's keys, and something that sends.
struct Shop<'a> {
    simulator: &'a Simulator,
    credentials: v3::Credentials,
    key: MerchantKey,
    platform_keys: v3::PlatformKeys,
    agent: Agent,
}

impl Shop<'_> {
    /// Builds, signs, sends and verifies.
    fn call<O>(&self, operation: &O) -> Result<Verified<O::Response>, Box<dyn Error>>
    where
        O: Operation<Protocol = v3::V3, Response: Response<Proof = Signed>>,
    {
        let stamp = Stamp::new(now()?, Nonce::from_entropy(random()?));
        let signed = Unsigned::new(operation, &self.credentials, &stamp)?.sign(&self.key)?;
        let (request, pending) = signed.at(self.simulator.base_url()).into_parts();
        let answer = self.send(request)?;
        // Until it is verified, the answer has no body to look at.
        Ok(pending.receive(answer).verify(&self.platform_keys, now()?)?)
    }

    fn send(&self, request: http::Request<Bytes>) -> Result<http::Response<Bytes>, Box<dyn Error>> {
        let answer = if request.body().is_empty() {
            self.agent.run(request.map(drop))?
        } else {
            self.agent.run(request.map(Vec::from))?
        };
        let (parts, mut body) = answer.into_parts();
        Ok(http::Response::from_parts(parts, body.read_to_vec()?.into()))
    }
}

pub(crate) fn main() -> Result<(), Box<dyn Error>> {
    let simulator = Simulator::start()?;
    let partner = simulator.profile().partner();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::from(vec![Certificate::from_pem(
            simulator.ca_pem().as_bytes(),
        )?]))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    let shop = Shop {
        simulator: &simulator,
        credentials: v3::Credentials::merchant(partner.id().clone(), partner.serial().clone())
            .answer_key(simulator.profile().platform_public_key().id().clone()),
        key: MerchantKey::from_pem(partner.private_key_pem(), Backend::AwsLc)?,
        platform_keys: simulator.profile().platform_keys(),
        // A refusal is an answer too, and a redirect is never followed: a signed request must not go elsewhere.
        agent: Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into(),
    };

    let (number, mchid) = ("BLOCKING0001", partner.id().as_str());
    let sub_merchants = partner.sub_merchants();
    let numbered = || sub_merchants.iter().take(2).enumerate();
    let created = shop.call(
        &NativePrepay::default()
            .combine_appid("wxd678efh567hg6787")
            .combine_mchid(mchid)
            .combine_out_trade_no(number)
            .notify_url("https://shop.example/notify")
            .scene_info(
                SceneInfo::default()
                    .device_id("POS1:1")
                    .payer_client_ip("14.17.22.32"),
            )
            .sub_orders(
                numbered()
                    .map(|(index, sub_mchid)| {
                        SubOrder::default()
                            .mchid(mchid)
                            .sub_mchid(sub_mchid)
                            .out_trade_no(format!("{number}-{index}"))
                            .attach("深圳分店")
                            .description("茶")
                            .amount(Amount::default().total_amount(888).currency("CNY"))
                    })
                    .collect::<Vec<_>>(),
            ),
    )?;
    println!(
        "created, to be paid at {}",
        created.code_url.as_deref().unwrap_or_default()
    );

    let close = Close::default()
        .combine_out_trade_no(number)
        .combine_appid("wxd678efh567hg6787")
        .sub_orders(
            numbered()
                .map(|(index, sub_mchid)| {
                    CloseSubOrder::default()
                        .mchid(mchid)
                        .sub_mchid(sub_mchid)
                        .out_trade_no(format!("{number}-{index}"))
                })
                .collect::<Vec<_>>(),
        );
    let closed = shop.call(&close)?;
    println!(
        "closed: {}, verified by {:?}",
        closed.status(),
        closed.verified_by()
    );

    let order = shop.call(&QueryByOutTradeNo::default().combine_out_trade_no(number))?;
    for sub_order in &order.sub_orders {
        println!("{:?}: {:?}", sub_order.out_trade_no, sub_order.trade_state);
    }
    Ok(())
}

fn now() -> Result<UnixTime, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(UnixTime::from_secs(since.as_secs().try_into()?))
}

fn random() -> Result<[u8; 32], Box<dyn Error>> {
    let mut bytes = [0; 32];
    let generator = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    generator
        .fill(&mut bytes)
        .map_err(|_| "this machine's random generator failed")?;
    Ok(bytes)
}
