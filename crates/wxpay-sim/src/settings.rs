//! What the sources leave open or contradict each other about, as switches.

use std::collections::BTreeMap;

use crate::documented::Facts;

/// What a second close of the same v3 order gives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RepeatedClose {
    /// `204`: the call is re-entrant, as the official troubleshooting notes say.
    #[default]
    NoContent,
    /// `400 ORDER_CLOSED`, as the pages' error tables list it.
    OrderClosed,
}

/// When an order becomes `REFUND`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefundShown {
    /// As soon as a refund is accepted.
    #[default]
    OnAcceptance,
    /// When a refund has succeeded.
    OnSuccess,
}

/// Which of the platform's keys there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PlatformKeyMode {
    /// Certificates and the public key, as during a migration.
    #[default]
    Both,
    /// The public key alone: `/v3/certificates` is `404`, and a certificate's serial is unknown.
    PublicKeyOnly,
}

/// How far the replacement of the platform certificate has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rotation {
    /// Both certificates are handed out, and each answer is signed with the one that was asked for.
    #[default]
    Overlap,
    /// Only the first is handed out, and signs.
    Before,
    /// Both are handed out, and either signs, whichever was asked for.
    Mixed,
    /// Only the second is handed out, and signs, whichever was asked for. What was sealed for the first is still opened.
    After,
}

/// Which key signs notifications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotificationKey {
    /// The WeChat Pay public key (微信支付公钥).
    #[default]
    PublicKey,
    /// The platform certificate (平台证书).
    Certificate,
}

/// How notifications misbehave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Unruly {
    /// How often each is delivered beside its schedule, at the same moment.
    pub duplicates: u32,
    /// Whether a probe (`WECHATPAY/SIGNTEST/…`) comes before the genuine one.
    pub probe_first: bool,
    /// Whether the latest of those that are due goes out first.
    pub newest_first: bool,
}

/// How the platform behaves where the sources leave a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Where nonces, order numbers and `Request-ID`s start: the same seed and the same calls give the same bytes.
    pub seed: u64,
    /// Whether `Accept`, `User-Agent` and, with a body, `Content-Type: application/json` must be there (v3).
    pub strict_headers: bool,
    /// Which of the catalogue's facts requests are held against, of operations that no product of the simulator's has.
    pub facts: Facts,
    /// The code of a v3 request with a parameter, or a member of its body, that is not documented: `INVALID_REQUEST`. What
    /// users of the real platform have shown of its answers says `PARAM_ERROR`; a client should take either as final.
    pub undocumented_code: String,
    /// Which of the platform's keys there are.
    pub platform_keys: PlatformKeyMode,
    /// How far the replacement of the platform certificate has come ([`Platform::rotate`](crate::Platform::rotate)).
    pub rotation: Rotation,
    /// What a second close of a v3 order gives. Global and v2 answer `ORDERCLOSED` in any case.
    pub v3_repeated_close: RepeatedClose,
    /// How many seconds old a v3 order must be to be closed. The current pages state none: 0.
    pub min_close_age_v3: i64,
    /// How many seconds old a global order must be to be closed: 300.
    pub min_close_age_global: i64,
    /// How many seconds old a v2 combined order must be to be closed: 60.
    pub min_close_age_v2: i64,
    /// How many seconds old a v2 order that is not combined must be to be closed: 300.
    pub min_close_age_v2_order: i64,
    /// The code of a close that comes too early. No source tells it; `INVALID_REQUEST` is a guess.
    pub early_close_code: String,
    /// From which amount on, in fen, a code payment waits for the user's password: 100,000.
    pub password_from: i64,
    /// After how many seconds of the business clock a refund succeeds: 3. Nothing: only control settles it.
    pub refund_seconds: Option<i64>,
    /// How many seconds must lie between two refunds of an order: 60; 0 switches the rule off.
    pub refund_interval: i64,
    /// When an order becomes `REFUND`.
    pub refund_shown: RefundShown,
    /// How many seconds of the business clock the user has to confirm a transfer. The sources speak of a limited time;
    /// a day, 86,400, is a guess.
    pub transfer_confirm_seconds: i64,
    /// After how many seconds of the business clock a confirmed transfer succeeds, and one that is taken back is
    /// cancelled: 3.
    pub transfer_seconds: i64,
    /// From which amount on, in fen, a transfer needs the user's name. The sources speak of a certain amount; 200,000 is a
    /// guess.
    pub transfer_name_from: i64,
    /// How many seconds must lie between a payment and its sharing: 60.
    pub split_after: i64,
    /// After how many seconds of the business clock a sharing, or a return, comes to its end: 3.
    pub split_seconds: i64,
    /// After how many seconds of the business clock the bank does what a deduction by contract asks for: 3.
    pub deduct_seconds: i64,
    /// Whether users are told of deductions by contract only when they are not disturbed: by schedule from 8:00 to 19:30,
    /// announced from 7:00 to 22:00, in Beijing. Off: a test would fail at night.
    pub quiet_hours: bool,
    /// Which part of a payment may be shared at most, in ten thousandths: 3,000.
    pub split_ratio: i64,
    /// Where merchants learn of shares that came to them or that they gave back, by their numbers. On the real platform
    /// it is set up beforehand; nobody is told here.
    pub split_notify_urls: BTreeMap<String, String>,
    /// Which key signs v3's notifications.
    pub notification_key: NotificationKey,
    /// How notifications misbehave: not at all.
    pub notifications: Unruly,
    /// How late an answer comes that is [`Slow`](crate::Fault::Slow), in milliseconds of real time: 3,000.
    pub slow_milliseconds: u64,
    /// Whether v2 operations that are documented to need the merchant's client certificate refuse a connection without
    /// it. A platform that is called without a server has no connections: off here, and on in [`Setup`](crate::Setup).
    pub v2_client_certificate: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            strict_headers: true,
            facts: Facts::default(),
            undocumented_code: "INVALID_REQUEST".to_owned(),
            platform_keys: PlatformKeyMode::default(),
            rotation: Rotation::default(),
            v3_repeated_close: RepeatedClose::default(),
            min_close_age_v3: 0,
            min_close_age_global: 300,
            min_close_age_v2: 60,
            min_close_age_v2_order: 300,
            early_close_code: "INVALID_REQUEST".to_owned(),
            password_from: 100_000,
            refund_seconds: Some(3),
            refund_interval: 60,
            refund_shown: RefundShown::default(),
            transfer_confirm_seconds: 86_400,
            transfer_seconds: 3,
            transfer_name_from: 200_000,
            split_after: 60,
            split_seconds: 3,
            deduct_seconds: 3,
            quiet_hours: false,
            split_ratio: 3000,
            split_notify_urls: BTreeMap::new(),
            notification_key: NotificationKey::default(),
            notifications: Unruly::default(),
            slow_milliseconds: 3000,
            v2_client_certificate: false,
        }
    }
}
