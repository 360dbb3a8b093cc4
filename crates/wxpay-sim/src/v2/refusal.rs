//! v2's business failures (业务错误): their codes, and what is said of them.

use wxpay_proto::v2::Fields;

use crate::fault::Fault;

/// A business failure (业务错误): told in a signed answer.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) description: String,
}

impl Refusal {
    pub(super) fn new(code: &str, description: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            description: description.into(),
        }
    }

    /// What an answer tells of it.
    pub(super) fn fields(self) -> Fields {
        let fields = [("err_code", self.code), ("err_code_des", self.description)];
        fields
            .into_iter()
            .map(|(name, text)| (name.to_owned(), text))
            .collect()
    }

    pub(super) fn param(name: &str, issue: &str) -> Self {
        Self::new("PARAM_ERROR", format!("参数错误 ({name}: {issue})"))
    }

    pub(super) fn missing(name: &str) -> Self {
        Self::new("LACK_PARAMS", format!("缺少参数 ({name})"))
    }

    pub(super) fn unknown_refund() -> Self {
        Self::new("REFUNDNOTEXIST", "退款订单查询失败 (no such refund)")
    }

    pub(super) fn unknown_order() -> Self {
        Self::new("ORDERNOTEXIST", "订单不存在 (no such order)")
    }

    pub(super) fn appid_mismatch() -> Self {
        Self::new("APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")
    }

    pub(super) fn paid() -> Self {
        Self::new("ORDERPAID", "该订单已支付")
    }

    pub(super) fn closed() -> Self {
        Self::new("ORDERCLOSED", "订单已关闭")
    }

    pub(super) fn other_parameters() -> Self {
        Self::new("INVALID_REQUEST", "请求重入时，参数与首次请求时不一致")
    }

    pub(super) fn number_used() -> Self {
        Self::new("OUT_TRADE_NO_USED", "商户订单号重复")
    }

    pub(super) fn too_often() -> Self {
        Self::new(
            "FREQUENCY_LIMITED",
            "频率限制 (too many requests: later, and slower)",
        )
    }

    /// What a fault says in the place of the operation, if it is one that does nothing.
    pub(super) fn of(fault: Option<Fault>) -> Option<Self> {
        match fault {
            Some(Fault::ServerErrorBefore) => Some(Self::system_error()),
            Some(Fault::TooManyRequests) => Some(Self::too_often()),
            _ => None,
        }
    }

    pub(super) fn system_error() -> Self {
        Self::new("SYSTEMERROR", "系统错误")
    }
}
