//! Orders (订单): of v3, v2 and global alike, and the parts of combined ones.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::moment::Moment;
use super::names::{Dialect, TradeType};
use super::payment::Payment;
use super::record::Record;
use super::seconds;

/// Who pays when the creation does not say: the user behind a QR code.
const SOMEBODY: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

/// Where an order stands. Whether its time is over is not in here: [`Order::state`] tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum State {
    Open,
    /// A code payment waits for the user's password.
    UserPaying,
    Paid,
    Closed,
    /// A code payment was taken back.
    Revoked,
    /// A code payment failed.
    PayError,
}

/// An order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Whose number it is: the merchant, partner or institution. A part of a combined order has its own.
    pub(crate) mchid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) out_trade_no: String,
    /// Known from the start, and shown once it is paid.
    pub(crate) transaction_id: String,
    pub(crate) dialect: Dialect,
    pub(crate) trade_type: TradeType,
    /// The key of the combined order that it is a part of.
    pub(crate) combined: Option<String>,
    pub(crate) appid: String,
    pub(crate) sub_appid: Option<String>,
    /// The user whom the creation names, by the merchant's appid and by the sub-merchant's.
    pub(crate) openid: Option<String>,
    pub(crate) sub_openid: Option<String>,
    pub(crate) description: String,
    pub(crate) attach: Option<String>,
    pub(crate) device_id: Option<String>,
    /// In the smallest unit of the currency.
    pub(crate) total: i64,
    pub(crate) currency: String,
    pub(crate) notify_url: Option<String>,
    pub(crate) profit_sharing: bool,
    /// Whether what was left to share was released.
    #[serde(default)]
    pub(crate) released: bool,
    /// The key of the contract that it is deducted by, or that its payment signs.
    #[serde(default)]
    pub(crate) contract: Option<String>,
    /// When the bank does what a deduction asks for.
    #[serde(default, with = "seconds::optional")]
    pub(crate) deducts: Option<UnixTime>,
    /// The parameters of its creation, sensitive fields opened: sealing gives other bytes each time.
    pub(crate) asked: Document,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    #[serde(with = "seconds")]
    pub(crate) expires: UnixTime,
    pub(crate) state: State,
    pub(crate) payment: Option<Payment>,
    /// What was refunded, or is being refunded.
    pub(crate) refunded: i64,
    /// The part of it that goes back to the payer; the rest goes back to a coupon.
    pub(crate) payer_refunded: i64,
    /// How many refunds were accepted and not closed.
    pub(crate) refunds: u32,
    /// When the last refund was accepted.
    #[serde(with = "seconds::optional")]
    pub(crate) last_refund: Option<UnixTime>,
    /// Whether it is `REFUND` by now.
    pub(crate) shows_refund: bool,
    pub(crate) history: Vec<Moment>,
}

impl Order {
    /// An order of nothing, of nobody, that nobody has paid: what a creation fills in.
    pub(crate) fn blank(
        dialect: Dialect,
        trade_type: TradeType,
        created: UnixTime,
        expires: UnixTime,
    ) -> Self {
        Self {
            mchid: String::new(),
            sub_mchid: None,
            out_trade_no: String::new(),
            transaction_id: String::new(),
            dialect,
            trade_type,
            combined: None,
            appid: String::new(),
            sub_appid: None,
            openid: None,
            sub_openid: None,
            description: String::new(),
            attach: None,
            device_id: None,
            total: 0,
            currency: String::new(),
            notify_url: None,
            profit_sharing: false,
            released: false,
            contract: None,
            deducts: None,
            asked: Document::default(),
            created,
            expires,
            state: State::Open,
            payment: None,
            refunded: 0,
            payer_refunded: 0,
            refunds: 0,
            last_refund: None,
            shows_refund: false,
            history: Vec::new(),
        }
    }

    /// Who paid, or is to pay: somebody when nobody is named, as behind a QR code.
    pub(crate) fn payer(&self) -> &str {
        let paid = self
            .payment
            .as_ref()
            .and_then(|payment| payment.openid.as_deref());
        paid.or(self.openid.as_deref()).unwrap_or(SOMEBODY)
    }

    /// The key of the order with a merchant's number.
    pub(crate) fn key_of(mchid: &str, out_trade_no: &str) -> String {
        format!("{mchid}/{out_trade_no}")
    }

    /// Where it stands now: an order that was not paid in time is closed.
    pub(crate) fn state(&self, now: UnixTime) -> State {
        match self.state {
            State::Open if now >= self.expires => State::Closed,
            state => state,
        }
    }

    /// The official word for its state.
    pub(crate) fn trade_state(&self, now: UnixTime) -> &'static str {
        match self.state(now) {
            State::Paid if self.shows_refund => "REFUND",
            State::Paid => "SUCCESS",
            State::Open => "NOTPAY",
            State::UserPaying => "USERPAYING",
            State::Closed => "CLOSED",
            State::Revoked => "REVOKED",
            State::PayError => "PAYERROR",
        }
    }

    /// What the state is called for people.
    pub(crate) fn trade_state_desc(&self, now: UnixTime) -> &'static str {
        match self.trade_state(now) {
            "SUCCESS" => "支付成功",
            "REFUND" => "订单发生过退款，退款详情请查询退款单",
            "CLOSED" => "订单已关闭",
            "USERPAYING" => "需要用户输入支付密码",
            "REVOKED" => "订单已撤销",
            "PAYERROR" => "支付失败",
            _ => "订单未支付",
        }
    }

    /// What the payer pays, or paid: a coupon may have paid the rest.
    pub(crate) fn payer_total(&self) -> i64 {
        self.total - self.payment.as_ref().map_or(0, |payment| payment.coupon)
    }

    /// Whose money it brings: the sub-merchant's, if there is one.
    pub(crate) fn receiver(&self) -> &str {
        self.sub_mchid.as_deref().unwrap_or(&self.mchid)
    }

    pub(crate) fn note(&mut self, at: UnixTime, what: &str) {
        self.history.push(Moment::new(at, what));
    }

    /// Whether this is another request for the same order.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        self.dialect == other.dialect
            && self.trade_type == other.trade_type
            && self.combined.is_none()
            && self.asked.says(&other.asked)
    }
}

impl Record for Order {
    const SHELF: &'static str = "order";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.out_trade_no)
    }

    fn marks(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.transaction_id),
            format!("number:{}", self.out_trade_no),
        ]
    }

    fn due(&self) -> Option<UnixTime> {
        self.deducts
    }
}
