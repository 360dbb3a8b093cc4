//! Fund-flow bills (资金账单): of an account of one's own, of one sub-merchant, or of all of them.

use super::record::record;
use crate::time_text::TimeText;

record! {
    /// A row of a fund-flow bill (资金账单): money that came into an account or left it. Amounts are in fen.
    ///
    /// The bills of sub-merchants (子商户、二级商户) are of the same form; what columns they have beside these is in
    /// [`other`](Self::other).
    FundFlow {
        /// When it was booked (记账时间), Beijing time.
        booking_time: TimeText = "记账时间";
        /// WeChat Pay's number of the business (微信支付业务单号): an order's or a refund's.
        business_id: String = "微信支付业务单号";
        /// The number of this flow (资金流水单号).
        flow_id: String = "资金流水单号";
        /// What kind of business it is (业务名称).
        business_name: String = "业务名称";
        /// What was done (业务类型).
        business_type: String = "业务类型";
        /// Which way the money went (收支类型): `收入` came in, `支出` went out.
        direction: String = "收支类型";
        /// The amount (收支金额), in fen, never negative: the direction tells.
        amount: i64 = "收支金额(元)" | "收支金额（元）";
        /// What is left in the account (账户结余), in fen.
        balance: i64 = "账户结余(元)" | "账户结余（元）";
        /// Who asked for it (资金变更提交申请人).
        applicant: String = "资金变更提交申请人";
        /// A remark (备注). It may hold commas.
        remark: String = "备注";
        /// The merchant's number of the business (业务凭证号).
        voucher_no: String = "业务凭证号";
    }
}

impl FundFlow {
    /// The columns of a fund-flow bill.
    pub const COLUMNS: [&'static str; 11] = [
        "记账时间",
        "微信支付业务单号",
        "资金流水单号",
        "业务名称",
        "业务类型",
        "收支类型",
        "收支金额(元)",
        "账户结余(元)",
        "资金变更提交申请人",
        "备注",
        "业务凭证号",
    ];

    /// The columns of the summary.
    pub const SUMMARY: [&'static str; 5] = ["资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额"];
}
