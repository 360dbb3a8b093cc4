//! What takes the parameters, and what has to be given for it.

/// What takes the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    /// A page inside WeChat (JSAPI), v3.
    Jsapi,
    /// A mini program (小程序), v3.
    MiniProgram,
    /// An app's SDK (APP), v3.
    App,
    /// A page inside WeChat, v2.
    V2Jsapi,
    /// A mini program, v2.
    V2MiniProgram,
    /// An app's SDK, v2.
    V2App,
    /// Payscore (支付分): confirm an order; PREPAY_ID is its `package`.
    PayscoreConfirm,
    /// Payscore: look at an order. Set `service_id`, `out_order_no`.
    PayscoreDetail,
    /// A red packet in a mini program (小程序红包); PREPAY_ID is its `package`.
    RedPacket,
    /// The plugin that hands out coupons (小程序发券). Set `stock_id`, `out_request_no`, perhaps `coupon_code`; once more
    /// for each further coupon.
    SendCoupons,
    /// A link that hands out a merchant's coupon (商家券). Set `stock_id`, `out_request_no`, `open_id`, perhaps
    /// `coupon_code`.
    CouponLink,
    /// Papay (委托代扣): a link for a page inside WeChat. Set `plan_id`, `contract_code`, `request_serial`,
    /// `contract_display_account`, `notify_url`.
    ContractPage,
    /// Papay: a link for a browser outside WeChat. Set the same, and the user's `clientip`.
    ContractH5,
    /// Papay: for WeChat Pay's mini program. Set the same as for a page.
    ContractMiniProgram,
    /// Medical insurance (医保支付), the part that the user pays. Set `mixTradeNo`.
    MedicalInsurance,
    /// A merchant transfer (商家转账) for the user to confirm; nothing is signed. Set `package`, its `package_info`.
    MerchantTransfer,
}

/// The members of a contract that are needed, and those that may be.
const CONTRACT: &[&str] = &[
    "plan_id",
    "contract_code",
    "request_serial",
    "contract_display_account",
    "notify_url",
];
const CONTRACT_H5: &[&str] = &[
    "plan_id",
    "contract_code",
    "request_serial",
    "contract_display_account",
    "notify_url",
    "clientip",
];
/// What a contract may say besides.
pub(super) const CONTRACT_MORE: &[&str] = &["sub_mch_id", "sub_appid", "return_app", "return_web", "outerid"];

impl Kind {
    /// Whether it is of an order, and so takes PREPAY_ID.
    pub(super) fn takes_prepay_id(self) -> bool {
        match self {
            Self::Jsapi | Self::MiniProgram | Self::App | Self::MedicalInsurance => true,
            Self::V2Jsapi | Self::V2MiniProgram | Self::V2App => true,
            Self::PayscoreConfirm | Self::RedPacket => true,
            Self::PayscoreDetail | Self::SendCoupons | Self::CouponLink | Self::MerchantTransfer => false,
            Self::ContractPage | Self::ContractH5 | Self::ContractMiniProgram => false,
        }
    }

    /// Whether it carries an appid.
    pub(super) fn takes_appid(self) -> bool {
        !matches!(
            self,
            Self::PayscoreConfirm | Self::PayscoreDetail | Self::SendCoupons | Self::CouponLink
        )
    }

    /// The members to be set: those that are needed, and those that may be.
    pub(super) fn members(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::PayscoreDetail => (&["service_id", "out_order_no"], &[]),
            Self::SendCoupons => (&["stock_id", "out_request_no"], &["coupon_code"]),
            Self::CouponLink => (&["stock_id", "out_request_no", "open_id"], &["coupon_code"]),
            Self::ContractPage | Self::ContractMiniProgram => (CONTRACT, CONTRACT_MORE),
            Self::ContractH5 => (CONTRACT_H5, CONTRACT_MORE),
            Self::MedicalInsurance => (&["mixTradeNo"], &[]),
            Self::MerchantTransfer => (&["package"], &["subMchId", "subAppId", "openId"]),
            _ => (&[], &[]),
        }
    }
}
