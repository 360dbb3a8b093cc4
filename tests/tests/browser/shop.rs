//! A shop that speaks to the simulator through the transport, as it would to WeChat Pay.

use wxpay_hyper::Client;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::request_payment::h5_redirect;
use wxpay_proto::v3::{self, UnverifiedNotification};
use wxpay_proto::{ApiV3Key, UnixTime};
use wxpay_sim::Simulator;
use wxpay_types::events::v3::Event;
use wxpay_types::v3::pay_transactions::{
    Amount, H5Info, H5Prepay, H5PrepaySceneInfo, NativePrepay, QueryByOutTradeNo,
};
use wxpay_types::v3::refund::Create;

use crate::receiver::{Arrived, Receiver};

pub(crate) const MCHID: &str = "1900007291";

/// A shop, WeChat Pay, and where the shop hears of it.
pub(crate) struct Shop {
    pub(crate) simulator: Simulator,
    pub(crate) receiver: Receiver,
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Shop {
    pub(crate) fn open() -> Self {
        let simulator = Simulator::start().unwrap();
        let account = simulator.profile().merchant();
        let key = MerchantKey::from_pem(account.private_key_pem(), Backend::AwsLc).unwrap();
        let credentials = v3::Credentials::merchant(account.id().clone(), account.serial().clone());
        let client = Client::builder()
            .platform_keys(simulator.profile().platform_keys())
            .base_url(simulator.base_url().clone())
            .extra_root_pem(simulator.ca_pem())
            .only_extra_roots()
            .merchant(credentials, key)
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        Self {
            simulator,
            receiver: Receiver::start(),
            client,
            runtime: runtime.unwrap(),
        }
    }

    /// A page of the console.
    pub(crate) fn page(&self, path: &str) -> String {
        format!("http://{}/_sim/{path}", self.simulator.address())
    }

    /// Makes an order of 42 yuan, and gives its `code_url`.
    pub(crate) fn order(&self, number: &str) -> String {
        let order = NativePrepay::default()
            .appid("wxd678efh567hg6787")
            .mchid(MCHID)
            .description("Tea <b>& cake</b>")
            .out_trade_no(number)
            .notify_url(self.receiver.url())
            .amount(Amount::default().total(4200).currency("CNY"));
        let answer = self.runtime.block_on(self.client.send(&order)).unwrap();
        answer.into_inner().code_url.unwrap()
    }

    /// Asks for an order's state, or says why it is not known.
    pub(crate) fn state(&self, number: &str) -> Result<String, String> {
        let query = QueryByOutTradeNo::default().mchid(MCHID).out_trade_no(number);
        let answer = self.runtime.block_on(self.client.send(&query));
        let answer = answer.map_err(|error| error.to_string())?;
        Ok(answer.into_inner().trade_state.unwrap().as_str().to_owned())
    }

    /// Answers the user who complains.
    pub(crate) fn answer(&self, complaint: &str, text: &str) {
        let target = format!("/v3/merchant-service/complaints-v2/{complaint}/response");
        let body = serde_json::json!({ "complainted_mchid": MCHID, "response_content": text });
        let reply = v3::Call::new(http::Method::POST, target).body(body.to_string());
        self.runtime.block_on(self.client.send(&reply)).unwrap();
    }

    /// Makes an order for a browser outside WeChat, and gives where that browser goes, and the way back.
    pub(crate) fn h5_order(&self, number: &str) -> String {
        let scene = H5PrepaySceneInfo::default()
            .payer_client_ip("14.23.150.211")
            .h5_info(H5Info::default().r#type("Wap"));
        let order = H5Prepay::default()
            .appid("wxd678efh567hg6787")
            .mchid(MCHID)
            .description("Tea")
            .out_trade_no(number)
            .notify_url(self.receiver.url())
            .amount(Amount::default().total(4200).currency("CNY"))
            .scene_info(scene);
        let answer = self.runtime.block_on(self.client.send(&order)).unwrap();
        let h5_url = answer.into_inner().h5_url.unwrap();
        h5_redirect(&h5_url, &self.receiver.page()).unwrap()
    }

    /// Gives a part of it back.
    pub(crate) fn refund(&self, order: &str, number: &str) {
        let amount = wxpay_types::v3::refund::Amount::default();
        let refund = Create::default()
            .out_trade_no(order)
            .out_refund_no(number)
            .amount(amount.refund(1700).total(4200).currency("CNY"));
        self.runtime.block_on(self.client.send(&refund)).unwrap();
    }

    /// What a notification is about, when it is genuine.
    pub(crate) fn opened(&self, arrived: Arrived) -> Event {
        let profile = self.simulator.profile();
        let received = UnverifiedNotification::receive(&arrived.headers, arrived.body);
        let now: UnixTime = self.simulator.clocks().wire;
        let verified = received.verify(&profile.platform_keys(), now).unwrap();
        let key = ApiV3Key::new(profile.merchant().api_v3_key()).unwrap();
        Event::from(&verified.open(&key).unwrap())
    }
}
