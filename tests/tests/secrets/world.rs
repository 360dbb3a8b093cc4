//! A shop's account at a simulator, and what must stand nowhere.

use std::path::PathBuf;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_hyper::{Client, ClientBuilder, ClientProtocol};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::proof::Proof;
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::Authorization;
use wxpay_proto::{ApiV2Key, ApiV3Key, Operation, Response, v2, v3};
use wxpay_sim::{Merchant, Simulator};
use wxpay_types::v2::pay::{OrderQuery, Refund};
use wxpay_types::v3::pay_transactions::{Amount, NativePrepay, QueryByOutTradeNo};
use wxpay_types::v3::refund::ApplyAbnormalRefund;

use crate::search::Search;

pub(crate) const APPID: &str = "wxd678efh567hg6787";
pub(crate) const NAME: &str = "Zhang San of the secret";
pub(crate) const CALLS: usize = 5;
pub(crate) const ACCOUNT: &str = "6222020200112233445";
pub(crate) const OPENID: &str = "oSecretPayer-0123456789abcdef";
pub(crate) const PROXY_PASSWORD: &str = "hunter2-of-the-proxy";
pub(crate) const P12_PASSWORD: &str = "hunter2-of-the-p12";
pub(crate) const OTHER_API_V3_KEY: &str = "another-api-v3-key-32-characters";

/// The simulator, and what a shop has of it.
pub(crate) struct World {
    pub(crate) simulator: Simulator,
    pub(crate) folder: PathBuf,
    pub(crate) p12: Vec<u8>,
    pub(crate) notify_url: String,
}

impl World {
    pub(crate) fn merchant(&self) -> &Merchant {
        self.simulator.profile().merchant()
    }

    pub(crate) fn api_v3_key(&self) -> ApiV3Key {
        ApiV3Key::new(self.merchant().api_v3_key()).unwrap()
    }

    /// A client with every part there is.
    pub(crate) fn builder(&self) -> ClientBuilder {
        let merchant = self.merchant();
        let (id, serial) = (merchant.id().clone(), merchant.serial().clone());
        let api_v2_key = ApiV2Key::new(merchant.api_v2_key()).unwrap();
        let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).unwrap();
        Client::builder()
            .merchant(v3::Credentials::merchant(id.clone(), serial), key)
            .api_v2(v2::Credentials::new(id.clone()), api_v2_key)
            .platform_keys(self.simulator.profile().platform_keys())
            .client_certificate_p12(self.p12.clone(), id.as_str())
            .base_url(self.simulator.base_url().clone())
            .extra_root_pem(self.simulator.ca_pem())
            .only_extra_roots()
            .answer_timeout(Duration::from_millis(200))
            .budget(Budget::once())
    }

    pub(crate) fn order(&self, number: &str) -> NativePrepay {
        NativePrepay::default()
            .appid(APPID)
            .mchid(self.merchant().id().as_str())
            .description("茶")
            .out_trade_no(number)
            .notify_url(&*self.notify_url)
            .amount(Amount::default().total(888).currency("CNY"))
    }

    /// [`CALLS`] calls, one of each kind: made, asked for, sealed, and v2's with and without the client certificate.
    pub(crate) async fn call(&self, search: &Search, client: &Client, number: &str) {
        search.show(client);
        let mchid = self.merchant().id().as_str();
        let payee = ApplyAbnormalRefund::default()
            .refund_id("50000000382019052709732678859")
            .out_refund_no(number)
            .r#type("USER_BANK_CARD")
            .bank_type("ICBC_DEBIT")
            .bank_account(ACCOUNT)
            .real_name(NAME);
        let refund = Refund::default()
            .appid(APPID)
            .mch_id(mchid)
            .out_trade_no("ORDER-PAID")
            .out_refund_no(number)
            .total_fee(888)
            .refund_fee(1);
        let query = QueryByOutTradeNo::default()
            .out_trade_no("ORDER-PAID")
            .mchid(mchid);
        let query_v2 = OrderQuery::default()
            .appid(APPID)
            .mch_id(mchid)
            .out_trade_no("ORDER-PAID");
        send(search, client, &self.order(number)).await;
        send(search, client, &query).await;
        send(search, client, &payee).await;
        send(search, client, &refund).await;
        send(search, client, &query_v2).await;
    }

    /// What must stand nowhere.
    pub(crate) fn secrets(&self, search: &mut Search) {
        let merchant = self.merchant();
        search.private_key(
            "the merchant's and the client certificate's key",
            merchant.private_key_pem(),
        );
        search.secret("the APIv2 key", merchant.api_v2_key());
        search.secret("the APIv3 key", merchant.api_v3_key());
        search.secret("another APIv3 key", OTHER_API_V3_KEY);
        search.secret("a payee's name", NAME);
        search.secret("a payee's account", ACCOUNT);
        search.secret("the payer", OPENID);
        search.secret("the proxy's password", PROXY_PASSWORD);
        search.secret(
            "the proxy's credentials",
            STANDARD.encode(format!("shop:{PROXY_PASSWORD}")),
        );
        search.secret("the p12 file's password", P12_PASSWORD);
    }

    /// Signatures are secrets for as long as they are fresh: whoever has one can send the request.
    pub(crate) fn signatures(&self, search: &mut Search) {
        for handled in self.simulator.log() {
            let request = handled.request;
            if let Some(header) = request.headers().get("authorization") {
                let authorization = Authorization::parse(header.to_str().unwrap()).unwrap();
                search.secret("a request's signature", authorization.signature);
            } else if let Ok(fields) = v2::xml::read(request.body()) {
                search.secret("a signature of v2", &*fields["sign"]);
            }
        }
    }
}

async fn send<O>(search: &Search, client: &Client, operation: &O)
where
    O: Operation<Protocol: ClientProtocol, Response: Response<Proof: Proof>>,
{
    if let Err(error) = client.send(operation).await {
        search.show_error(&error);
    }
}
