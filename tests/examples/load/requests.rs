//! Signed requests, made before they are measured.

use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{Method, Request};
use serde_json::json;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::v3::{Call, Credentials};
use wxpay_proto::{Nonce, Stamp, UnixTime, Unsigned};
use wxpay_sim::Profile;

const APPID: &str = "wxd678efh567hg6787";

/// Who signs.
pub(crate) struct Merchant {
    pub(crate) key: MerchantKey,
    credentials: Credentials,
    mchid: String,
    signed: u64,
}

impl Merchant {
    pub(crate) fn new() -> Self {
        let profile = Profile::test();
        let merchant = profile.merchant();
        Self {
            key: MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).expect("a key"),
            credentials: Credentials::merchant(merchant.id().clone(), merchant.serial().clone())
                .answer_key(profile.platform_public_key().id().clone()),
            mchid: merchant.id().as_str().to_owned(),
            signed: 0,
        }
    }

    /// A native order of 888 fen.
    pub(crate) fn prepay(&mut self, number: &str) -> Vec<u8> {
        let body = json!({
            "appid": APPID, "mchid": self.mchid, "description": "Image形象店-深圳腾大-QQ公仔", "out_trade_no": number,
            "notify_url": "https://shop.example/notify", "amount": { "total": 888, "currency": "CNY" },
        });
        let call = Call::new(Method::POST, "/v3/pay/transactions/native").body(body.to_string());
        self.signed(&call)
    }

    pub(crate) fn query(&mut self, number: &str) -> Vec<u8> {
        let target = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={}", self.mchid);
        self.signed(&Call::new(Method::GET, target))
    }

    fn signed(&mut self, call: &Call) -> Vec<u8> {
        self.signed += 1;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .expect("after 1970")
            .as_secs();
        let now = UnixTime::from_secs(i64::try_from(now).expect("before the end of time"));
        let mut entropy = [0; 32];
        entropy[..8].copy_from_slice(&self.signed.to_be_bytes());
        let stamp = Stamp::new(now, Nonce::from_entropy(entropy));
        let unsigned = Unsigned::new(call, &self.credentials, &stamp).expect("a request");
        let (request, _) = unsigned.sign(&self.key).expect("a signature").into_parts();
        written(&request)
    }
}

/// A request as HTTP/1.1 has it.
fn written(request: &Request<Bytes>) -> Vec<u8> {
    let target = request.uri().path_and_query().expect("a target");
    let mut head = format!(
        "{} {target} HTTP/1.1\r\nhost: api.mch.weixin.qq.com\r\n",
        request.method()
    );
    for (name, value) in request.headers() {
        if name != "host" && name != "content-length" {
            head.push_str(&format!("{name}: {}\r\n", value.to_str().expect("a text")));
        }
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body().len()));
    [head.as_bytes(), request.body()].concat()
}
