//! The names that the server goes by.

use wxpay_proto::Host;

/// Pages for people; requests are never signed for them (protocol section 8).
const PAGES: [&str; 4] = [
    "action.weixin.qq.com",
    "pay.wechatpay.cn",
    "pay.weixin.qq.com",
    "wx.tenpay.com",
];

/// Every host of WeChat Pay's that the server stands in for, in lower case.
pub(crate) fn all() -> impl Iterator<Item = &'static str> {
    let signed_for = Host::ALL.iter().map(|host| host.as_str());
    signed_for.chain(PAGES)
}

/// Whether a name, in any case, is one of WeChat Pay's.
pub(crate) fn is_wechats(name: &str) -> bool {
    all().any(|host| host.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_what_looks_like_them() {
        assert_eq!(all().count(), 14);
        assert!(is_wechats("API.mch.weixin.qq.com") && is_wechats("wx.tenpay.com"));
        for name in [
            "",
            "weixin.qq.com",
            "api.mch.weixin.qq.com.example.com",
            "xapi.mch.weixin.qq.com",
        ] {
            assert!(!is_wechats(name), "{name}");
        }
    }
}
