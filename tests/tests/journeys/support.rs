//! A simulator, clients for its accounts, and the orders that the journeys are about.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use http::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wxpay_hyper::{Client, ClientBuilder};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{ApiV2Key, v2, v3};
use wxpay_sim::{Merchant, Simulator};
use wxpay_types::v3::combine_transactions::{
    Amount, Close, CloseSubOrder, NativePrepay, QueryByOutTradeNo, SceneInfo, SubOrder,
};

pub(crate) const APPID: &str = "wxd678efh567hg6787";

/// A builder with where to go, whom to trust and what to verify with, but without an account.
pub(crate) fn builder(simulator: &Simulator) -> ClientBuilder {
    Client::builder()
        .platform_keys(simulator.profile().platform_keys())
        .base_url(simulator.base_url().clone())
        .extra_root_pem(simulator.ca_pem())
        .only_extra_roots()
}

pub(crate) fn key(account: &Merchant) -> MerchantKey {
    MerchantKey::from_pem(account.private_key_pem(), Backend::AwsLc).unwrap()
}

pub(crate) fn credentials(account: &Merchant) -> v3::Credentials {
    v3::Credentials::merchant(account.id().clone(), account.serial().clone())
}

pub(crate) fn api_v2_key(account: &Merchant) -> ApiV2Key {
    ApiV2Key::new(account.api_v2_key()).unwrap()
}

/// A client with every part that an account has.
pub(crate) fn client(simulator: &Simulator, account: &Merchant) -> Client {
    builder(simulator)
        .merchant(credentials(account), key(account))
        .api_v2(v2::Credentials::new(account.id().clone()), api_v2_key(account))
        .build()
        .unwrap()
}

/// A combined order of the partner, with two sub-orders.
pub(crate) struct Order<'a> {
    partner: &'a Merchant,
    pub(crate) number: &'a str,
}

impl<'a> Order<'a> {
    pub(crate) fn new(simulator: &'a Simulator, number: &'a str) -> Self {
        Self {
            partner: simulator.profile().partner(),
            number,
        }
    }

    fn parts(&self) -> impl Iterator<Item = (String, &String)> {
        let numbered = self.partner.sub_merchants().iter().take(2).enumerate();
        numbered.map(|(index, sub_mchid)| (format!("{}-{index}", self.number), sub_mchid))
    }

    pub(crate) fn create(&self) -> NativePrepay {
        let mchid = self.partner.id().as_str();
        let sub_orders: Vec<_> = self
            .parts()
            .map(|(number, sub_mchid)| {
                SubOrder::default()
                    .mchid(mchid)
                    .sub_mchid(sub_mchid)
                    .out_trade_no(number)
                    .attach("深圳分店 & <co>")
                    .description("茶")
                    .amount(Amount::default().total_amount(888).currency("CNY"))
            })
            .collect();
        NativePrepay::default()
            .combine_appid(APPID)
            .combine_mchid(mchid)
            .combine_out_trade_no(self.number)
            .notify_url("https://shop.example/notify")
            .scene_info(
                SceneInfo::default()
                    .device_id("POS1:1")
                    .payer_client_ip("14.17.22.32"),
            )
            .sub_orders(sub_orders)
    }

    pub(crate) fn query(&self) -> QueryByOutTradeNo {
        QueryByOutTradeNo::default().combine_out_trade_no(self.number)
    }

    pub(crate) fn close(&self) -> Close {
        let sub_orders: Vec<_> = self
            .parts()
            .map(|(number, sub_mchid)| {
                let mchid = self.partner.id().as_str();
                CloseSubOrder::default()
                    .mchid(mchid)
                    .sub_mchid(sub_mchid)
                    .out_trade_no(number)
            })
            .collect();
        Close::default()
            .combine_out_trade_no(self.number)
            .combine_appid(APPID)
            .sub_orders(sub_orders)
    }
}

/// A request of an operation, from its members.
pub(crate) fn typed<T: DeserializeOwned>(members: Value) -> T {
    serde_json::from_value(members).unwrap()
}

/// An operation spelled out: its answer's JSON, or the code that it is refused with.
pub(crate) async fn say(client: &Client, method: Method, target: &str, body: Value) -> Result<Value, String> {
    let mut call = v3::Call::new(method, target);
    if !body.is_null() {
        call = call.body(body.to_string());
    }
    match client.send(&call).await {
        Ok(answer) => Ok(answer.json().unwrap_or(Value::Null)),
        Err(error) => Err(error
            .api_error()
            .and_then(|told| told.code.clone())
            .unwrap_or_default()),
    }
}

/// What a merchant has, in fen.
pub(crate) fn money(simulator: &Simulator, mchid: &str) -> i64 {
    simulator.control(|platform, _| platform.balance(mchid, "CNY"))
}
