//! A client that calls until the simulator is gone, and writes down what it was told.

use std::fs;
use std::path::Path;

use http::Method;
use serde_json::{Value, json};
use wxpay_hyper::Client as Sender;
use wxpay_proto::crypto::{Backend, Certificate, MerchantKey};
use wxpay_proto::v3::{Call, Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{BaseUrl, MerchantId, Outcome, PublicKeyId};

use super::chance::Chance;
use super::ledger::{Ledger, Order, Told, Transfer};
use crate::running::{Control, Running};

pub(super) const MCHID: &str = "1900007291";
const APPID: &str = "wxd678efh567hg6787";

/// The connection broke: the simulator is gone.
pub(super) struct Gone;

/// Calls, signed and verified.
pub(super) struct Api {
    sender: Sender,
    runtime: tokio::runtime::Runtime,
}

impl Api {
    pub(super) fn new(running: &Running) -> Self {
        let folder = running.told["accounts"]["merchant"]["folder"].as_str().unwrap();
        let read = |name: &str| fs::read_to_string(Path::new(folder).join(name)).unwrap();
        let text = |name: &str| running.told[name].as_str().unwrap();
        let certificate = Certificate::from_pem(&read("apiclient_cert.pem")).unwrap();
        let credentials =
            Credentials::merchant(MerchantId::new(MCHID).unwrap(), certificate.serial().clone());
        let key = MerchantKey::from_pem(&read("apiclient_key.pem"), Backend::AwsLc).unwrap();
        let id = PublicKeyId::new(read("pub_key_id.txt").trim()).unwrap();
        let platform = PlatformKey::from_public_key_pem(id, &read("pub_key.pem"), Backend::AwsLc).unwrap();
        let sender = Sender::builder()
            .merchant(credentials, key)
            .platform_keys(PlatformKeys::new().with(platform))
            .base_url(BaseUrl::new(text("base_url")).unwrap())
            .extra_root_pem(fs::read_to_string(text("ca")).unwrap())
            .only_extra_roots()
            .build()
            .unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            sender,
            runtime: runtime.unwrap(),
        }
    }

    /// The answer's body; or `None` for a refusal.
    pub(super) fn call(&self, method: Method, target: &str, body: &Value) -> Result<Option<Value>, Gone> {
        let mut call = Call::new(method, target);
        if !body.is_null() {
            call = call.body(body.to_string());
        }
        match self.runtime.block_on(self.sender.send(&call)) {
            Ok(answer) if answer.body.is_empty() => Ok(Some(Value::Null)),
            Ok(answer) => Ok(Some(answer.json().unwrap())),
            Err(error) if error.outcome() == Outcome::Refused => Ok(None),
            // An answer that came and does not verify would be a fault of the simulator's.
            Err(error) => {
                assert!(error.api_error().is_none(), "{target}: {error}");
                Err(Gone)
            }
        }
    }
}

/// What a creation of an order says.
pub(super) fn order(number: &str, total: i64, notify_url: &str) -> Value {
    json!({
        "appid": APPID, "mchid": MCHID, "description": "茶", "out_trade_no": number, "notify_url": notify_url,
        "amount": { "total": total },
    })
}

pub(super) fn refund(number: &str, order: &Order, notify_url: &str) -> Value {
    json!({
        "out_trade_no": number, "out_refund_no": format!("{number}R"), "notify_url": notify_url,
        "amount": { "refund": order.refund, "total": order.total, "currency": "CNY" },
    })
}

pub(super) fn transfer(number: &str, transfer: &Transfer) -> Value {
    json!({
        "appid": APPID, "out_bill_no": number, "transfer_scene_id": "1000", "openid": "oUser",
        "transfer_amount": transfer.amount, "transfer_remark": "报销",
        "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "新会员有礼" }],
    })
}

pub(super) const NATIVE: &str = "/v3/pay/transactions/native";
pub(super) const REFUNDS: &str = "/v3/refund/domestic/refunds";
pub(super) const TRANSFERS: &str = "/v3/fund-app/mch-transfer/transfer-bills";

pub(super) struct Client {
    api: Api,
    control: Control,
    chance: Chance,
    /// What its numbers start with.
    name: String,
    notify_url: String,
    ledger: Ledger,
}

impl Client {
    pub(super) fn new(running: &Running, name: String, chance: Chance, notify_url: String) -> Self {
        Self {
            api: Api::new(running),
            control: running.controls(),
            chance,
            name,
            notify_url,
            ledger: Ledger::default(),
        }
    }

    pub(super) fn call_until_it_is_gone(mut self) -> Ledger {
        for count in 0_u32.. {
            if self.step(count).is_err() {
                break;
            }
        }
        self.ledger
    }

    fn step(&mut self, count: u32) -> Result<(), Gone> {
        let number = format!("C{}-{count:04}", self.name);
        match self.chance.below(10) {
            0..=1 => self.transfer(&number.replace('-', "T")),
            2 => self.look_at_deliveries(),
            _ => self.order(&number),
        }
    }

    /// Does something of which `written` is the record: perhaps done while it is under way, done when it is acknowledged,
    /// not done when it is refused.
    fn order(&mut self, number: &str) -> Result<(), Gone> {
        let total = 1 + i64::try_from(self.chance.below(1000)).unwrap();
        let order = self.ledger.orders.entry(number.to_owned()).or_default();
        order.total = total;
        order.created = Told::Perhaps;
        let body = self::order(number, total, &self.notify_url);
        let made = self.api.call(Method::POST, NATIVE, &body)?;
        assert!(made.is_some(), "{number} was refused");
        order.created = Told::Done;

        let paying = json!({ "number": number, "mchid": MCHID });
        let closing = format!("/v3/pay/transactions/out-trade-no/{number}/close");
        let by = json!({ "mchid": MCHID });
        if self.chance.percent(10) {
            // The user pays while the shop closes: one of them comes too late.
            (order.paid, order.closed) = (Told::Perhaps, Told::Perhaps);
            let (api, control) = (&self.api, &self.control);
            let (paid, closed) = std::thread::scope(|scope| {
                let paid = scope.spawn(|| control.post("orders/pay", &paying));
                let closed = api.call(Method::POST, &closing, &by);
                (paid.join().unwrap(), closed)
            });
            let done = |done| if done { Told::Done } else { Told::Not };
            if let Some(status) = paid {
                order.paid = done(status == 200);
            }
            if let Ok(answer) = &closed {
                order.closed = done(answer.is_some());
            }
            paid.ok_or(Gone)?;
            closed?;
            assert_ne!(order.paid, order.closed, "{number}: {order:?}");
            return Ok(());
        }
        if self.chance.percent(20) {
            order.closed = Told::Perhaps;
            let closed = self.api.call(Method::POST, &closing, &by)?;
            assert!(closed.is_some(), "{number} was not closed");
            order.closed = Told::Done;
            return Ok(());
        }
        if self.chance.percent(15) {
            return Ok(());
        }
        order.paid = Told::Perhaps;
        let paid = self.control.post("orders/pay", &paying).ok_or(Gone)?;
        assert_eq!(paid, 200, "{number} was not paid");
        order.paid = Told::Done;
        if self.chance.percent(50) {
            order.refund = 1 + i64::try_from(self.chance.below(u64::try_from(total).unwrap())).unwrap();
            order.refunded = Told::Perhaps;
            let body = refund(number, order, &self.notify_url);
            let refunded = self.api.call(Method::POST, REFUNDS, &body)?;
            assert!(refunded.is_some(), "{number} was not refunded");
            order.refunded = Told::Done;
        }
        Ok(())
    }

    fn transfer(&mut self, number: &str) -> Result<(), Gone> {
        let amount = 10 + i64::try_from(self.chance.below(1000)).unwrap();
        let bill = self.ledger.transfers.entry(number.to_owned()).or_default();
        bill.amount = amount;
        bill.created = Told::Perhaps;
        let made = self.api.call(Method::POST, TRANSFERS, &transfer(number, bill))?;
        assert!(made.is_some(), "{number} was refused");
        bill.created = Told::Done;
        Ok(())
    }

    fn look_at_deliveries(&mut self) -> Result<(), Gone> {
        let all = self.control.get("notifications").ok_or(Gone)?;
        let delivered = all
            .as_array()
            .unwrap()
            .iter()
            .filter(|notice| notice["delivered"] == true);
        let ids = delivered.map(|notice| notice["id"].as_str().unwrap().to_owned());
        self.ledger.delivered.extend(ids);
        Ok(())
    }
}
