//! v3's errors (protocol section 9): status, code, message, detail, and the inner code of `Request-ID`.

use serde_json::{Value, json};

use super::inner;

/// A refusal. 401 and 5xx are not signed, all others are.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) message: String,
    pub(super) detail: Option<Value>,
    pub(super) inner: u32,
    /// No product of the simulator's has the operation.
    pub(super) unknown_operation: bool,
    /// The operation whose documented facts refused it, where no product did.
    pub(super) documented: Option<&'static str>,
}

impl Refusal {
    pub(super) fn new(status: u16, code: &str, inner: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.to_owned(),
            message: message.into(),
            detail: None,
            inner,
            unknown_operation: false,
            documented: None,
        }
    }

    /// A parameter is wrong. `location` is `body`, `url`, `query` or `header`; `field` is a JSON pointer for the body.
    pub(super) fn param(location: &str, field: &str, value: Value, issue: &str) -> Self {
        let message = format!("参数错误 ({field}: {issue})");
        let detail = json!({ "field": field, "value": value, "issue": issue, "location": location });
        Self::new(400, "PARAM_ERROR", inner::ILLEGAL_PARAMETER, message).with_detail(detail)
    }

    /// The operation does not know a parameter, or a member of the body, which is named as for [`param`](Self::param).
    pub(super) fn unknown(location: &str, field: &str) -> Self {
        // `value` as the real platform gives it: a list of pointers that begin with the location.
        let value = json!([format!("/{location}/{}", field.trim_start_matches('/'))]);
        let issue = "not a parameter of this operation";
        let detail = json!({ "field": field, "value": value, "issue": issue, "location": location });
        let message = "请求中含有未在API文档中定义的参数";
        Self::new(400, "INVALID_REQUEST", inner::UNKNOWN_MEMBER, message).with_detail(detail)
    }

    /// The code is a setting, because sources differ about it.
    pub(super) fn undocumented_as(mut self, code: &str) -> Self {
        if self.inner == inner::UNKNOWN_MEMBER {
            code.clone_into(&mut self.code);
        }
        self
    }

    /// The simulator says that it is the simulator that does not know: a client's bug must not hide behind it.
    pub(super) fn unknown_operation() -> Self {
        let message = "模拟器不认识此接口 (the simulator knows no operation with this method and path: none is documented)";
        let mut refusal = Self::new(404, "RESOURCE_NOT_EXISTS", inner::ILLEGAL_PARAMETER, message);
        refusal.unknown_operation = true;
        refusal
    }

    pub(super) fn unknown_order() -> Self {
        Self::new(
            404,
            "ORDER_NOT_EXIST",
            inner::UNKNOWN_ORDER,
            "订单不存在 (no such order)",
        )
    }

    /// What a refund or its order is called when there is none.
    pub(super) fn unknown_resource() -> Self {
        let message = "查询的资源不存在 (no such refund, or no such order)";
        Self::new(404, "RESOURCE_NOT_EXISTS", inner::UNKNOWN_ORDER, message)
    }

    pub(super) fn appid_mismatch() -> Self {
        let message = "appid和mch_id不匹配 (the appid is not bound to the merchant)";
        Self::new(400, "APPID_MCHID_NOT_MATCH", inner::APPID_MISMATCH, message)
    }

    pub(super) fn no_relation(sub_mchid: &str) -> Self {
        let message = format!("无此权限 (no relation to sub-merchant {sub_mchid})");
        Self::new(403, "NOAUTH", inner::NO_RELATION, message)
    }

    pub(super) fn other_parameters() -> Self {
        let message = "请求重入时，参数与首次请求时不一致 (the number is in use with other parameters)";
        Self::new(400, "INVALID_REQUEST", inner::OTHER_PARAMETERS, message)
    }

    pub(super) fn paid() -> Self {
        Self::new(400, "ORDER_PAID", inner::PAID, "订单已支付 (the order is paid)")
    }

    pub(super) fn closed() -> Self {
        let message = "订单已关闭 (the order is closed)";
        Self::new(400, "ORDER_CLOSED", inner::NOT_VALID_ANY_MORE, message)
    }

    pub(super) fn other_sub_merchant() -> Self {
        let message = "子商户号与订单不匹配 (the order is another sub-merchant's)";
        Self::new(400, "INVALID_REQUEST", inner::OTHER_SUB_MERCHANT, message)
    }

    pub(super) fn number_used(field: &str) -> Self {
        let message = format!("商户订单号重复 ({field} is in use in another order)");
        Self::new(403, "OUT_TRADE_NO_USED", inner::OTHER_PARAMETERS, message)
    }

    pub(super) fn system_error() -> Self {
        Self::new(
            500,
            "SYSTEM_ERROR",
            inner::SYSTEM,
            "系统异常，请稍后重试 (system error)",
        )
    }

    pub(super) fn too_often() -> Self {
        let message = "频率超限 (too many requests: later, and slower)";
        Self::new(429, "FREQUENCY_LIMITED", inner::TOO_OFTEN, message)
    }

    pub(super) fn with_detail(mut self, detail: Value) -> Self {
        self.detail = Some(detail);
        self
    }

    pub(super) fn with_inner(mut self, inner: u32) -> Self {
        self.inner = inner;
        self
    }

    pub(super) fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(detail), Some(members)) = (&self.detail, body.as_object_mut()) {
            members.insert("detail".to_owned(), detail.clone());
        }
        body
    }
}
