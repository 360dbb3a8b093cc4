//! Trade bills (交易账单) of every kind, for merchants and partners, v3 and v2.

use super::record::record;
use crate::money::DecimalText;
use crate::time_text::TimeText;

record! {
    /// A row of a trade bill (交易账单): a payment, or a refund, which is a row of its own.
    ///
    /// Which columns a bill has depends on its kind ([`ALL`](Self::ALL), [`SUCCESS`](Self::SUCCESS),
    /// [`REFUND`](Self::REFUND)), on the account, and on its age; older names of a column are read as well. A bill is a
    /// snapshot: the state of a refund is that of the moment when the bill was made. Amounts are in fen.
    Trade {
        /// When it was paid, or the refund accepted (交易时间), Beijing time.
        trade_time: TimeText = "交易时间";
        /// The appid (公众账号ID).
        appid: String = "公众账号ID";
        /// The merchant number (商户号): a partner's own in a partner's bill.
        mchid: String = "商户号";
        /// The sub-merchant's number (特约商户号), `0` for a merchant without.
        sub_mchid: String = "特约商户号" | "子商户号";
        /// The device (设备号).
        device_info: String = "设备号";
        /// WeChat Pay's order number (微信订单号).
        transaction_id: String = "微信订单号";
        /// The merchant's order number (商户订单号).
        out_trade_no: String = "商户订单号";
        /// The payer's openid (用户标识).
        openid: String = "用户标识";
        /// How it was paid (交易类型): `JSAPI`, `NATIVE` …
        trade_type: String = "交易类型";
        /// What the row is (交易状态): `SUCCESS`, `REFUND`, `REVOKED`.
        trade_state: String = "交易状态";
        /// The payer's bank (付款银行).
        bank_type: String = "付款银行";
        /// The currency (货币种类), `CNY`.
        currency: String = "货币种类";
        /// What is settled (应结订单金额), in fen; 0 in a refund's row.
        settlement_amount: i64 = "应结订单金额";
        /// What older bills have as the amount (总金额), in fen.
        total: i64 = "总金额";
        /// What coupons paid (代金券金额), in fen.
        coupon_amount: i64 = "代金券金额" | "代金券或立减优惠金额" | "企业红包金额";
        /// When the refund was asked for (退款申请时间), Beijing time; in refund bills.
        refund_request_time: TimeText = "退款申请时间";
        /// When the refund succeeded (退款成功时间), Beijing time; in refund bills.
        refund_success_time: TimeText = "退款成功时间";
        /// WeChat Pay's refund number (微信退款单号), `0` in a payment's row.
        refund_id: String = "微信退款单号";
        /// The merchant's refund number (商户退款单号), `0` in a payment's row.
        out_refund_no: String = "商户退款单号";
        /// What is refunded (退款金额), in fen.
        refund_amount: i64 = "退款金额";
        /// What is refunded to coupons (充值券退款金额), in fen.
        coupon_refund_amount: i64 = "充值券退款金额" | "代金券或立减优惠退款金额" | "企业红包退款金额";
        /// Where the refund went (退款类型): `ORIGINAL`, `BALANCE` …
        refund_type: String = "退款类型";
        /// The refund's state when the bill was made (退款状态): `SUCCESS`, `PROCESSING`, `FAIL`, `CHANGE`.
        refund_status: String = "退款状态";
        /// What was sold (商品名称). It may hold commas.
        description: String = "商品名称";
        /// The merchant's own data (商户数据包).
        attach: String = "商户数据包";
        /// The fee (手续费) in yuan, with up to five decimals; negative when it is given back.
        fee: DecimalText = "手续费";
        /// The fee's rate (费率) as written, `0.60%`.
        rate: String = "费率";
        /// The order's amount (订单金额), in fen; 0 in a refund's row.
        order_amount: i64 = "订单金额";
        /// What the refund was asked for (申请退款金额), in fen.
        refund_requested: i64 = "申请退款金额";
        /// A remark on the rate (费率备注).
        rate_remark: String = "费率备注";
    }
}

impl Trade {
    /// The columns of a bill of payments and refunds (`bill_type=ALL`).
    pub const ALL: [&'static str; 27] = [
        "交易时间",
        "公众账号ID",
        "商户号",
        "特约商户号",
        "设备号",
        "微信订单号",
        "商户订单号",
        "用户标识",
        "交易类型",
        "交易状态",
        "付款银行",
        "货币种类",
        "应结订单金额",
        "代金券金额",
        "微信退款单号",
        "商户退款单号",
        "退款金额",
        "充值券退款金额",
        "退款类型",
        "退款状态",
        "商品名称",
        "商户数据包",
        "手续费",
        "费率",
        "订单金额",
        "申请退款金额",
        "费率备注",
    ];

    /// The columns of a bill of payments (`bill_type=SUCCESS`).
    pub const SUCCESS: [&'static str; 20] = [
        "交易时间",
        "公众账号ID",
        "商户号",
        "特约商户号",
        "设备号",
        "微信订单号",
        "商户订单号",
        "用户标识",
        "交易类型",
        "交易状态",
        "付款银行",
        "货币种类",
        "应结订单金额",
        "代金券金额",
        "商品名称",
        "商户数据包",
        "手续费",
        "费率",
        "订单金额",
        "费率备注",
    ];

    /// The columns of a bill of refunds (`bill_type=REFUND`).
    pub const REFUND: [&'static str; 29] = [
        "交易时间",
        "公众账号ID",
        "商户号",
        "特约商户号",
        "设备号",
        "微信订单号",
        "商户订单号",
        "用户标识",
        "交易类型",
        "交易状态",
        "付款银行",
        "货币种类",
        "应结订单金额",
        "代金券金额",
        "退款申请时间",
        "退款成功时间",
        "微信退款单号",
        "商户退款单号",
        "退款金额",
        "充值券退款金额",
        "退款类型",
        "退款状态",
        "商品名称",
        "商户数据包",
        "手续费",
        "费率",
        "订单金额",
        "申请退款金额",
        "费率备注",
    ];

    /// The columns of the summary, the same for every kind.
    pub const SUMMARY: [&'static str; 7] = [
        "总交易单数",
        "应结订单总金额",
        "退款总金额",
        "充值券退款总金额",
        "手续费总金额",
        "订单总金额",
        "申请退款总金额",
    ];
}
