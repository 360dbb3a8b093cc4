//! A paid order, as v2's query and notification tell it.

use wxpay_proto::TimeText;

use crate::store::Order;
use crate::v2::answer::Reply;

/// The fields that a payment brings about, and those that name the order.
pub(crate) fn paid(order: &Order) -> Reply {
    let mut reply = Reply::new();
    let mut put = |name: &str, text: &str| reply.insert(name.to_owned(), text.to_owned());
    put("appid", &order.appid);
    put("mch_id", &order.mchid);
    for (name, text) in [
        ("sub_mch_id", &order.sub_mchid),
        ("sub_appid", &order.sub_appid),
        ("sub_openid", &order.sub_openid),
        ("attach", &order.attach),
        ("device_info", &order.device_id),
    ] {
        if let Some(text) = text {
            put(name, text);
        }
    }
    put("out_trade_no", &order.out_trade_no);
    let Some(payment) = &order.payment else {
        return reply;
    };
    put("openid", order.payer());
    put("is_subscribe", "Y");
    put("trade_type", order.trade_type.as_str());
    put("bank_type", &payment.bank_type);
    put("total_fee", &order.total.to_string());
    put("fee_type", &order.currency);
    put("cash_fee", &order.payer_total().to_string());
    put("cash_fee_type", &order.currency);
    put("transaction_id", &order.transaction_id);
    put("time_end", TimeText::compact_beijing(payment.at).as_str());
    if payment.coupon > 0 {
        put("coupon_fee", &payment.coupon.to_string());
        put("coupon_count", "1");
        put("coupon_fee_0", &payment.coupon.to_string());
        put("coupon_id_0", "109519");
        put("coupon_type_0", "CASH");
        put("settlement_total_fee", &order.payer_total().to_string());
    }
    reply
}
