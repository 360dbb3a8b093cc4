//! Numbers and texts that look random and are not: one seed gives one sequence.

use wxpay_proto::{TimeText, UnixTime};

/// SplitMix64 (Steele, Lea and Flood, 2014): good enough to look random, and nothing here is a secret.
#[derive(Clone, Debug)]
pub(crate) struct Sequence(u64);

impl Sequence {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Where it stands: a sequence that begins there goes on as this one does.
    pub(crate) fn state(&self) -> u64 {
        self.0
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// 32 capital hexadecimal digits: a nonce, or the head of a `Request-ID`.
    pub(crate) fn hex(&mut self) -> String {
        format!("{:016X}{:016X}", self.next(), self.next())
    }

    /// Decimal digits.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.next() % 10).unwrap_or_default()))
            .collect()
    }

    /// Fills a buffer.
    pub(crate) fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_be_bytes()[..chunk.len()]);
        }
    }

    /// A WeChat Pay order number (微信支付订单号): 28 digits with the day in the middle.
    pub(crate) fn transaction_id(&mut self, now: UnixTime) -> String {
        format!("4200{}{}{}", self.digits(6), day(now), self.digits(10))
    }

    /// A WeChat Pay refund number (微信支付退款号): 29 digits with the day in the middle.
    pub(crate) fn refund_id(&mut self, now: UnixTime) -> String {
        format!("503{}{}{}", self.digits(8), day(now), self.digits(10))
    }

    /// WeChat Pay's number of a transfer (微信转账单号): 40 digits with the day in the middle.
    pub(crate) fn transfer_bill_no(&mut self, now: UnixTime) -> String {
        format!("133{}{}{}", self.digits(15), day(now), self.digits(14))
    }

    /// WeChat Pay's number of a sharing, of one share or of a return: 28 digits with the day in the middle.
    pub(crate) fn split_id(&mut self, now: UnixTime) -> String {
        format!("3008{}{}{}", self.digits(6), day(now), self.digits(10))
    }

    /// WeChat Pay's number of a contract (委托代扣协议id): 24 digits with the day in front.
    pub(crate) fn contract_id(&mut self, now: UnixTime) -> String {
        format!("{}{}", day(now), self.digits(16))
    }

    /// WeChat Pay's number of a complaint (投诉单号): 27 digits with the day in the middle.
    pub(crate) fn complaint_id(&mut self, now: UnixTime) -> String {
        format!("2002{}{}{}", self.digits(2), day(now), self.digits(13))
    }

    /// The number of an entry in a complaint's history (操作流水号): 27 digits with the day in the middle.
    pub(crate) fn log_id(&mut self, now: UnixTime) -> String {
        format!("3002{}{}{}", self.digits(4), day(now), self.digits(11))
    }

    /// The `id` of a notification, which has the form of a UUID.
    pub(crate) fn notification_id(&mut self) -> String {
        let hex = self.hex().to_ascii_lowercase();
        let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
        parts.join("-")
    }

    /// A prepay id, which begins with the moment of its making.
    pub(crate) fn prepay_id(&mut self, now: UnixTime) -> String {
        let tail = self.hex().to_ascii_lowercase();
        format!("wx{}{}", TimeText::compact_beijing(now), &tail[..20])
    }

    /// The token in a link to pay by.
    pub(crate) fn token(&mut self) -> String {
        self.alphanumeric(9)
    }

    /// So many letters and digits.
    pub(crate) fn alphanumeric(&mut self, count: usize) -> String {
        const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let mut symbol = || usize::try_from(self.next() % 62).unwrap_or_default();
        (0..count).map(|_| char::from(ALPHABET[symbol()])).collect()
    }
}

fn day(now: UnixTime) -> String {
    TimeText::compact_beijing(now).as_str().chars().take(8).collect()
}
