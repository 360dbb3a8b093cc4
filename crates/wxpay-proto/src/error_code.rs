//! WeChat Pay's error codes, by name.

crate::open_enum! {
    /// An error code (错误码) of v3 or v2.
    ///
    /// Both spellings of a code are one value here (`SYSTEM_ERROR` and `SYSTEMERROR` occur on the same page), while
    /// [`ApiError::code`](crate::ApiError::code) keeps the text as it arrived. Sources: the error tables of the
    /// combine close and query pages, the global close page, and protocol sections 7.6 and 9.
    pub enum ErrorCode {
        /// `ACCOUNT_ERROR`: the account cannot be used.
        AccountError = "ACCOUNT_ERROR",
        /// `APPID_MCHID_NOT_MATCH`: appid and merchant are not bound.
        AppidMchidNotMatch = "APPID_MCHID_NOT_MATCH",
        /// `APPID_NOT_EXIST`: no such appid.
        AppidNotExist = "APPID_NOT_EXIST",
        /// `AUTH_CODE_INVALID`: the payment code is used up or wrong.
        AuthCodeInvalid = "AUTH_CODE_INVALID",
        /// `BIZERR_NEED_RETRY`: repeat with the same order number.
        BizerrNeedRetry = "BIZERR_NEED_RETRY",
        /// `FREQUENCY_LIMITED` and its spellings: too many calls.
        FrequencyLimited = "FREQUENCY_LIMITED",
        /// `INVALID_REQUEST`: the request breaks a rule.
        InvalidRequest = "INVALID_REQUEST",
        /// `INVALID_TRANSACTIONID`: no such WeChat Pay order number.
        InvalidTransactionid = "INVALID_TRANSACTIONID",
        /// `LACK_PARAMS`: a parameter is missing.
        LackParams = "LACK_PARAMS",
        /// `MCH_NOT_EXISTS` or `MCHID_NOT_EXIST`: no such merchant.
        MchNotExists = "MCH_NOT_EXISTS",
        /// `NO_AUTH` or `NOAUTH`: the merchant may not do this.
        NoAuth = "NO_AUTH",
        /// `NO_STATEMENT_EXIST`: no bill for that day.
        NoStatementExist = "NO_STATEMENT_EXIST",
        /// `NOT_ENOUGH` or `NOTENOUGH`: too little money.
        NotEnough = "NOT_ENOUGH",
        /// `NOT_FOUND` or `RESOURCE_NOT_EXISTS`: no such thing.
        ResourceNotExists = "RESOURCE_NOT_EXISTS",
        /// `NOT_UTF8`: the text is not UTF-8.
        NotUtf8 = "NOT_UTF8",
        /// `ORDER_CLOSED` or `ORDERCLOSED`: the order is closed.
        OrderClosed = "ORDER_CLOSED",
        /// `ORDER_NOT_EXIST` or `ORDERNOTEXIST`: no such order.
        OrderNotExist = "ORDER_NOT_EXIST",
        /// `ORDER_PAID` or `ORDERPAID`: the order is paid.
        OrderPaid = "ORDER_PAID",
        /// `OUT_TRADE_NO_USED`: the order number was used before.
        OutTradeNoUsed = "OUT_TRADE_NO_USED",
        /// `PARAM_ERROR`: a parameter is wrong; `detail` names it.
        ParamError = "PARAM_ERROR",
        /// `POST_DATA_EMPTY`: the body is empty.
        PostDataEmpty = "POST_DATA_EMPTY",
        /// `REFUND_NOT_EXIST` or `REFUNDNOTEXIST`: no such refund.
        RefundNotExist = "REFUND_NOT_EXIST",
        /// `REQUIRE_POST_METHOD`: the method must be POST.
        RequirePostMethod = "REQUIRE_POST_METHOD",
        /// `RULE_LIMIT` or `RULELIMIT`: a rule of the business forbids it.
        RuleLimit = "RULE_LIMIT",
        /// `SERVICE_UNAVAILABLE`: for the moment.
        ServiceUnavailable = "SERVICE_UNAVAILABLE",
        /// `SIGN_ERROR` or `SIGNERROR`: the signature does not fit.
        SignError = "SIGN_ERROR",
        /// `SYSTEM_ERROR` or `SYSTEMERROR`: an error at WeChat Pay's end; what happened is unknown.
        SystemError = "SYSTEM_ERROR",
        /// `TRADE_OVERDUE`: the order is too old.
        TradeOverdue = "TRADE_OVERDUE",
        /// `TRADE_STATE_ERROR`: the order's state does not allow it.
        TradeStateError = "TRADE_STATE_ERROR",
        /// `USER_ACCOUNT_ABNORMAL`: the user's account has a problem.
        UserAccountAbnormal = "USER_ACCOUNT_ABNORMAL",
        /// `USERPAYING`: the user is still entering the password.
        UserPaying = "USERPAYING",
        /// `XML_FORMAT_ERROR`: the XML cannot be read.
        XmlFormatError = "XML_FORMAT_ERROR",
    }
}

impl ErrorCode {
    /// Classifies a code in any of its spellings.
    #[must_use]
    pub fn classify(text: &str) -> Self {
        match text {
            "BANKERROR" | "SYSTEMERROR" => Self::SystemError,
            "FREQUENCY_LIMIT_EXCEED" | "INVALID_REQ_TOO_MUCH" | "RATELIMIT_EXCEED" | "RATELIMIT_EXCEEDED" => {
                Self::FrequencyLimited
            }
            "MCHID_NOT_EXIST" => Self::MchNotExists,
            "NOAUTH" => Self::NoAuth,
            "NOTENOUGH" => Self::NotEnough,
            "NOT_FOUND" => Self::ResourceNotExists,
            "ORDERCLOSED" => Self::OrderClosed,
            "ORDERNOTEXIST" => Self::OrderNotExist,
            "ORDERPAID" => Self::OrderPaid,
            "REFUNDNOTEXIST" => Self::RefundNotExist,
            "RULELIMIT" => Self::RuleLimit,
            "SIGNERROR" => Self::SignError,
            _ => Self::from(text),
        }
    }

    /// What to do about it; nothing for a code that this version does not know.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::AccountError | Self::UserAccountAbnormal => {
                "The account has a problem that its owner must solve; offer another way to pay."
            }
            Self::AppidMchidNotMatch => {
                "Bind the appid to the merchant number on the merchant platform, or correct either of them."
            }
            Self::AppidNotExist => "Check the appid; it begins with wx and belongs to your account.",
            Self::AuthCodeInvalid => "Have the user refresh the payment code and scan it again.",
            Self::BizerrNeedRetry => "Repeat with the same parameters and the same order number.",
            Self::FrequencyLimited => "Slow down and repeat later with the same parameters.",
            Self::InvalidRequest => {
                "Compare the request with the order's creation and the documentation; `message` and `detail` name the rule."
            }
            Self::InvalidTransactionid | Self::OrderNotExist => {
                "Check the order number and that it belongs to this merchant; right after creation, query again."
            }
            Self::LackParams | Self::ParamError | Self::PostDataEmpty => {
                "Correct the parameter that `detail` or `message` names."
            }
            Self::MchNotExists => "Check the merchant number.",
            Self::NoAuth => {
                "Apply for the permission on the merchant platform, or check the sub-merchant's relation."
            }
            Self::NoStatementExist => {
                "There is no bill for that day; check the date, and fetch after 10:00 the next day."
            }
            Self::NotEnough => "Top up the account, then repeat with the same order number.",
            Self::NotUtf8 => "Send the text as UTF-8.",
            Self::OrderClosed => "The order is closed; to sell again, create a new one under a new number.",
            Self::OrderPaid => "The order is paid; query it, and refund it if it should not be.",
            Self::OutTradeNoUsed => "Query the order of that number; a new order needs a new number.",
            Self::RefundNotExist | Self::ResourceNotExists => {
                "Check the number; when the creating call's outcome is unknown, query again before creating anew."
            }
            Self::RequirePostMethod => "Use POST.",
            Self::RuleLimit => {
                "The merchant's rules do not allow it; ask WeChat Pay's support with the Request-ID."
            }
            Self::ServiceUnavailable | Self::SystemError => {
                "The outcome is unknown: query by the same order number, then repeat with the same parameters if needed."
            }
            Self::SignError => {
                "Check the private key, the certificate's serial number, the clock, and that exactly the signed bytes were sent."
            }
            Self::TradeOverdue => "The order is too old for this; settle it with the user directly.",
            Self::TradeStateError => "Query the order: its state does not allow this call.",
            Self::UserPaying => "The user is entering the password: query every few seconds.",
            Self::XmlFormatError => "Check the XML: one level, UTF-8, values escaped.",
            Self::__Unknown(_) => return None,
        })
    }
}
