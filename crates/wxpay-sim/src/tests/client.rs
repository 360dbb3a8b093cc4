//! A client without a transport, and orders to send.

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::{Value, json};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{
    ApiError, ApiV2Key, Checked, Error, KeyId, MerchantId, Nonce, SignTypeRule, Stamp, UnixTime, Unsigned,
    v2, v3,
};

use crate::{Clocks, Merchant, OrderRef, PayError, Platform, Profile, Settings};

pub(super) const START: i64 = 1_700_000_000;
pub(super) const APPID: &str = "wxd678efh567hg6787";
pub(super) const GLOBAL_APPID: &str = "wx8888888888888888";

/// A platform, its clocks, and somebody who calls it.
pub(super) struct Table {
    pub(super) platform: Platform,
    pub(super) clocks: Clocks,
    pub(super) merchant: Merchant,
    pub(super) answer_key: KeyId,
}

impl Table {
    pub(super) fn merchant() -> Self {
        Self::of(Settings::default(), |profile| profile.merchant())
    }

    pub(super) fn partner() -> Self {
        Self::of(Settings::default(), |profile| profile.partner())
    }

    pub(super) fn of(settings: Settings, choose: fn(&Profile) -> &Merchant) -> Self {
        let profile = Profile::test();
        let merchant = choose(&profile).clone();
        let answer_key = profile.platform_public_key().id().clone();
        let clocks = Clocks::at(UnixTime::from_secs(START));
        Self {
            platform: Platform::new(profile, settings),
            clocks,
            merchant,
            answer_key,
        }
    }

    pub(super) fn wait(&mut self, seconds: i64) {
        self.clocks = self.clocks.turned(seconds);
    }

    pub(super) fn pay(&mut self, order: &OrderRef) -> Result<(), PayError> {
        self.platform.pay(order, self.clocks)
    }

    pub(super) fn stamp(&self) -> Stamp {
        Stamp::new(
            self.clocks.wire,
            Nonce::new("593BEC0C930BF1AFEB40B4A08C8FB242").unwrap(),
        )
    }

    pub(super) fn unsigned(&self, method: Method, target: &str, body: &Value) -> Unsigned<v3::Call> {
        let id = MerchantId::new(self.merchant.id().as_str()).unwrap();
        let credentials = v3::Credentials::merchant(id, self.merchant.serial().clone());
        let mut call = v3::Call::new(method, target);
        if !body.is_null() {
            call = call.body(body.to_string());
        }
        Unsigned::new(
            &call,
            &credentials.answer_key(self.answer_key.clone()),
            &self.stamp(),
        )
        .unwrap()
    }

    pub(super) fn key(&self) -> MerchantKey {
        MerchantKey::from_pem(self.merchant.private_key_pem(), Backend::AwsLc).unwrap()
    }

    /// A signed request, to be changed and handed in.
    pub(super) fn request(&self, method: Method, target: &str, body: &Value) -> Request<Bytes> {
        self.unsigned(method, target, body)
            .sign(&self.key())
            .unwrap()
            .into_parts()
            .0
    }

    pub(super) fn handle(&mut self, request: &Request<Bytes>) -> Response<Bytes> {
        self.platform.handle(request, self.clocks)
    }

    /// The whole journey: what comes out has been verified.
    pub(super) fn call(&mut self, method: Method, target: &str, body: &Value) -> Result<v3::Raw, Error> {
        let signed = self.unsigned(method, target, body).sign(&self.key()).unwrap();
        let (request, pending) = signed.into_parts();
        let response = self.handle(&request);
        let answer = pending
            .receive(response)
            .verify(&self.platform.profile().platform_keys(), self.clocks.wire);
        answer.map(|verified| verified.into_inner())
    }

    pub(super) fn post(&mut self, target: &str, body: &Value) -> Result<Value, Error> {
        self.call(Method::POST, target, body)
            .map(|raw| raw.json().unwrap_or_default())
    }

    pub(super) fn get(&mut self, target: &str) -> Result<Value, Error> {
        self.call(Method::GET, target, &Value::Null)
            .map(|raw| raw.json().unwrap())
    }

    /// Status, code and inner code of a refusal, which must be signed.
    pub(super) fn refusal(&mut self, method: Method, target: &str, body: &Value) -> (u16, String, u64) {
        let error = self.call(method, target, body).unwrap_err();
        let error = refused(error);
        assert!(error.authentic, "{error}");
        (
            error.status,
            error.code.clone().unwrap(),
            error.inner_code().unwrap(),
        )
    }

    pub(super) fn refuse_post(&mut self, target: &str, body: &Value) -> (u16, String, u64) {
        self.refusal(Method::POST, target, body)
    }

    fn v2_unsigned(&self, rule: SignTypeRule, path: &str, fields: &[(&str, &str)]) -> Unsigned<v2::Call> {
        let credentials = v2::Credentials::new(self.merchant.id().clone());
        let mut call = v2::Call::new(path).sign_type(rule);
        for (name, value) in fields {
            call = call.field(*name, *value);
        }
        Unsigned::new(&call, &credentials, &self.stamp()).unwrap()
    }

    /// A signed request of v2, to be changed and handed in.
    pub(super) fn v2_request(&self, path: &str, fields: &[(&str, &str)]) -> Request<Bytes> {
        self.v2_request_by(SignTypeRule::Choice, path, fields)
    }

    pub(super) fn v2_request_by(
        &self,
        rule: SignTypeRule,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Request<Bytes> {
        let key = ApiV2Key::new(self.merchant.api_v2_key()).unwrap();
        let unsigned = self.v2_unsigned(rule, path, fields);
        unsigned.sign(&key).unwrap().into_parts().0
    }

    pub(super) fn v2(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<v2::Fields, Error> {
        self.v2_by(SignTypeRule::Choice, path, fields)
    }

    pub(super) fn v2_by(
        &mut self,
        rule: SignTypeRule,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<v2::Fields, Error> {
        let key = ApiV2Key::new(self.merchant.api_v2_key()).unwrap();
        let signed = self.v2_unsigned(rule, path, fields).sign(&key).unwrap();
        let (request, pending) = signed.into_parts();
        let response = self.handle(&request);
        let checked: Checked<v2::Raw> = pending.receive(response).verify(&key, self.clocks.wire)?;
        Ok(checked
            .verified()
            .expect("the answer is signed")
            .into_inner()
            .fields)
    }

    pub(super) fn v2_refusal(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let error = refused(self.v2(path, fields).unwrap_err());
        assert!(error.authentic, "{error}");
        error.code.clone().unwrap()
    }
}

pub(super) fn refused(error: Error) -> Box<ApiError> {
    match error {
        Error::Refused(error) => error,
        other => panic!("not refused: {other}"),
    }
}

/// A merchant's combined order with two sub-orders.
pub(super) fn combine(number: &str) -> Value {
    let sub_order = |index: u32| {
        json!({
            "mchid": "1900007291",
            "attach": "深圳分店",
            "amount": { "total_amount": 100, "currency": "CNY" },
            "out_trade_no": format!("{number}_000{index}"),
            "description": "腾讯充值中心-QQ会员充值",
        })
    };
    json!({
        "combine_appid": APPID,
        "combine_mchid": "1900007291",
        "combine_out_trade_no": number,
        "scene_info": { "device_id": "POS1:1", "payer_client_ip": "14.17.22.32" },
        "sub_orders": [sub_order(1), sub_order(2)],
        "combine_payer_info": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        "notify_url": "https://yourapp.com/notify",
    })
}

pub(super) fn close(number: &str) -> Value {
    json!({
        "combine_appid": APPID,
        "sub_orders": [
            { "mchid": "1900007291", "out_trade_no": format!("{number}_0002") },
            { "mchid": "1900007291", "out_trade_no": format!("{number}_0001") },
        ],
    })
}

pub(super) fn global(number: &str) -> Value {
    json!({
        "mchid": "1900007291",
        "appid": GLOBAL_APPID,
        "out_trade_no": number,
        "description": "image",
        "notify_url": "https://yourapp.com/notify",
        "trade_type": "NATIVE",
        "merchant_category_code": "1011",
        "amount": { "total": 888, "currency": "HKD" },
    })
}
