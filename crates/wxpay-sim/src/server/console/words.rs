//! The words that the wire, the store and the log have in one language.

use super::lang::Lang;
use super::markup::{Element, el};
use crate::fault::Fault;

/// A state with its official word, and in Chinese with the official name beside it.
pub(super) fn state(word: &str, lang: Lang) -> Element {
    let (zh, tone) = match word {
        "NOTPAY" => ("未支付", "wait"),
        "USERPAYING" => ("支付中", "wait"),
        "SUCCESS" => ("成功", "good"),
        "REFUND" => ("转入退款", "good"),
        "CLOSED" => ("已关闭", "over"),
        "REVOKED" => ("已撤销", "over"),
        "PAYERROR" => ("支付失败", "bad"),
        "PROCESSING" => ("处理中", "wait"),
        "ABNORMAL" => ("异常", "bad"),
        "WAIT_USER_CONFIRM" => ("待用户确认", "wait"),
        "TRANSFERING" => ("转账中", "wait"),
        "FAIL" => ("失败", "bad"),
        "CANCELING" => ("撤销中", "wait"),
        "CANCELLED" => ("已撤销", "over"),
        "PENDING" => ("待处理", "wait"),
        "PROCESSED" => ("处理完成", "good"),
        "OFFERED" => ("待签约", "wait"),
        "SIGNED" => ("已签约", "good"),
        "TERMINATED" => ("已解约", "over"),
        _ => ("", "over"),
    };
    let badge = el("span").attr("class", format!("badge {tone}")).put(word);
    match lang {
        Lang::Zh if !zh.is_empty() => badge.put(" ").put(zh),
        _ => badge,
    }
}

/// What was said or done about a complaint, by its official word.
pub(super) fn said(kind: &str, lang: Lang) -> &str {
    let (en, zh) = match kind {
        "USER_CREATE_COMPLAINT" => ("the user complains", "用户发起投诉"),
        "USER_RESPONSE" => ("the user writes", "用户留言"),
        "USER_CONTINUE_COMPLAINT" => ("the user goes on complaining", "用户继续投诉"),
        "USER_REVOKE_COMPLAINT" => ("the user takes it back", "用户撤诉"),
        "MERCHANT_RESPONSE" => ("the merchant writes", "商户留言"),
        "MERCHANT_CONFIRM_COMPLETE" => ("the merchant is done", "商户处理完成"),
        "MERCHANT_APPROVE_REFUND" => ("the merchant grants the refund", "商户同意退款"),
        "MERCHANT_REFUSE_RERUND" => ("the merchant refuses the refund", "商户驳回退款"),
        "COMPLAINT_FULL_REFUNDED_SYSTEM_MESSAGE" => ("all of the money is back", "订单已全额退款"),
        other => (other, other),
    };
    match lang {
        Lang::En => en,
        Lang::Zh => zh,
    }
}

/// Who says something about a complaint: the user and the system have Chinese names on the wire, merchants a number.
pub(super) fn speaker(who: &str, lang: Lang) -> String {
    match (who, lang) {
        ("投诉人", Lang::En) => "the user".to_owned(),
        ("系统", Lang::En) => "WeChat Pay".to_owned(),
        ("投诉人" | "系统", Lang::Zh) => who.to_owned(),
        (mchid, _) => format!("{} {mchid}", lang.say("merchant", "商户")),
    }
}

/// What kind of trouble a user has, by the official word.
pub(super) fn trouble(word: &str, lang: Lang) -> &str {
    match word {
        "REFUND" => lang.say("wants money back", "申请退款"),
        "SERVICE_NOT_WORK" => lang.say("the service does not work", "服务权益未生效"),
        "OTHERS" => lang.say("something else", "其他类型"),
        other => other,
    }
}

/// What happened to an order, a refund or a transfer.
pub(super) fn moment(what: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return what;
    }
    match what {
        "created" => "下单",
        "paid" => "已支付",
        "payment failed" => "支付失败",
        "abandoned" => "用户放弃支付",
        "closed" => "商户关单",
        "reversed" => "已撤销",
        "waits for the password" => "等待用户输入密码",
        "refund accepted" => "退款已受理",
        "refund succeeded" => "退款成功",
        "refund closed" => "退款关闭",
        "refund abnormal" => "退款异常",
        "refund sent elsewhere" => "退款改汇到其他账户",
        "profit sharing accepted" => "分账已受理",
        "deduction failed" => "扣款失败",
        "expired" => "超时未支付，已关闭",
        "transfer accepted" => "转账已受理，待用户确认",
        "confirmed by the user" => "用户确认收款",
        "transfer succeeded" => "转账成功",
        "transfer failed" => "转账失败",
        "cancellation accepted" => "撤销已受理",
        "cancelled" => "已撤销",
        "offered" => "发起签约",
        "signed" => "用户已签约",
        "terminated by the user" => "用户解约",
        "terminated by the merchant" => "商户解约",
        "terminated by the platform" => "系统自动解约",
        other => other,
    }
}

/// What kind of thing a notification is about.
pub(super) fn kind(word: &str, lang: Lang) -> &str {
    match word {
        "order" => lang.say("order", "订单"),
        "combined" => lang.say("combined order", "合单"),
        "refund" => lang.say("refund", "退款"),
        "transfer" => lang.say("transfer", "转账"),
        "complaint" => lang.say("complaint", "投诉"),
        "contract" => lang.say("contract", "协议"),
        "trigger" => lang.say("nothing that happened:", "手动触发："),
        other => other,
    }
}

/// What a fault does.
pub(super) fn fault(fault: Fault, lang: Lang) -> &'static str {
    let (en, zh) = match fault {
        Fault::TamperBody => ("the body is changed after it was signed", "签名后应答体被篡改"),
        Fault::Stale => ("signed 301 s ago", "时间戳为 301 秒前"),
        Fault::UnknownSerial => ("names a key that nobody has", "证书序列号不存在"),
        Fault::OtherOrder => (
            "a genuine answer about another order",
            "真实签名，但属于另一笔订单",
        ),
        Fault::MissingSignature => ("not signed", "没有签名"),
        Fault::Probe => ("the signature of probe traffic", "探测流量的签名"),
        Fault::WrongSignature => ("a signature over something else", "签名错误"),
        Fault::ServerErrorBefore => ("500, nothing was done", "500，未执行"),
        Fault::ServerErrorAfter => ("500, although it was done", "500，但已执行"),
        Fault::BadGateway => ("502 with a page, nothing was done", "502 网页，未执行"),
        Fault::TooManyRequests => ("429, nothing was done", "429，未执行"),
        Fault::Slow => ("a late answer", "应答很慢"),
        Fault::CutBefore => ("the connection ends, nothing was done", "连接中断，未执行"),
        Fault::CutAfter => ("the connection ends, although it was done", "连接中断，但已执行"),
        Fault::Truncated => (
            "half of the body, then the connection ends",
            "应答体只有一半，然后连接中断",
        ),
    };
    lang.say(en, zh)
}

/// Why a reply to a notification counts or does not.
pub(super) fn verdict(text: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return text;
    }
    let begins = [
        ("acknowledged", "已确认"),
        (
            "a probe was acknowledged",
            "探测流量被确认：签名是错的，验签的接收方应当拒绝",
        ),
        ("a probe was refused", "探测流量被拒绝，应当如此"),
        ("no reply yet", "等待应答"),
        ("no reply", "没有应答：5 秒内的 200 或 204 才算"),
        ("a redirection", "不跟随重定向：只有 200 和 204 才算"),
        (
            "200, but v2",
            "返回 200，但 v2 还需要 <return_code>SUCCESS</return_code>",
        ),
        ("a success that", "这种成功不算：只有 200 和 204 才算"),
        ("refused by", "被接收方拒绝：只有 200 和 204 才算"),
    ];
    let known = begins.iter().find(|(begin, _)| text.starts_with(begin));
    known.map_or(text, |(_, zh)| zh)
}

/// Money in the currency's smallest unit, as people read it.
pub(super) fn money(amount: i64, currency: &str) -> String {
    let sign = if amount < 0 { "-" } else { "" };
    let unit = match currency {
        "CNY" => "¥".to_owned(),
        other => format!("{other} "),
    };
    let amount = amount.unsigned_abs();
    // Of the currencies that WeChat Pay settles in these two have no smaller unit.
    if ["JPY", "KRW"].contains(&currency) {
        return format!("{sign}{unit}{amount}");
    }
    format!("{sign}{unit}{}.{:02}", amount / 100, amount % 100)
}

/// `2026-05-20T13:29:35+08:00` as people read it.
pub(super) fn time(text: &str) -> String {
    text.trim_end_matches("+08:00").replacen('T', " ", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_time_are_readable() {
        assert_eq!(money(1, "CNY"), "¥0.01");
        assert_eq!(money(-123_456, "CNY"), "-¥1234.56");
        assert_eq!(money(i64::MIN, "HKD"), "-HKD 92233720368547758.08");
        assert_eq!(money(500, "JPY"), "JPY 500");
        assert_eq!(time("2026-05-20T13:29:35+08:00"), "2026-05-20 13:29:35");
    }

    #[test]
    fn every_verdict_has_chinese_words() {
        use crate::outbox::Attempted;

        for (acknowledged, probe) in [(true, true), (true, false), (false, true), (false, false)] {
            for status in [None, Some(200), Some(202), Some(302), Some(500)] {
                for reply in [None, Some(String::new())] {
                    let attempt = Attempted {
                        number: 1,
                        at: wxpay_proto::UnixTime::from_secs(0),
                        probe,
                        status,
                        reply,
                        acknowledged,
                    };
                    let said = verdict(attempt.verdict(), Lang::Zh);
                    assert_ne!(said, attempt.verdict());
                }
            }
        }
    }
}
