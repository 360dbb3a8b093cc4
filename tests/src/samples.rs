//! What benchmarks work on: requests and answers of the usual size.

use bytes::Bytes;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::{ApiV2Key, v2};

/// An ordinary request of v3: an order.
pub const PREPAY: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","description":"Image形象店-深圳腾大-QQ公仔","out_trade_no":"1217752501201407033233368018","time_expire":"2018-06-08T10:34:56+08:00","attach":"自定义数据说明","notify_url":"https://www.weixin.qq.com/wxpay/pay.php","amount":{"total":100,"currency":"CNY"},"payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}}"#;
/// An ordinary answer of v3: a paid order.
pub const ANSWER: &str = r#"{"appid":"wxd678efh567hg6787","mchid":"1900007291","out_trade_no":"1217752501201407033233368018","transaction_id":"1217752501201407033233368018","trade_type":"MICROPAY","trade_state":"SUCCESS","trade_state_desc":"支付成功","bank_type":"CMC","attach":"自定义数据","success_time":"2018-06-08T10:34:56+08:00","payer":{"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},"amount":{"total":100,"payer_total":100,"currency":"CNY","payer_currency":"CNY"},"scene_info":{"device_id":"013467007045764"},"promotion_detail":[{"coupon_id":"109519","name":"单品惠-6","scope":"GLOBAL","amount":100}]}"#;

/// A notification's JSON whose sealed body has about so many bytes.
#[must_use]
pub fn notification_text(body: usize) -> String {
    let frame = r#"{"out_trade_no":"1217752501201407033233368018","trade_state":"SUCCESS","attach":""}"#;
    // Base64 makes four bytes of three; the envelope around it has some 300.
    let length = (body - 300) / 4 * 3;
    frame.replace(
        "\"\"",
        &format!("{:?}", "a".repeat(length.saturating_sub(frame.len()))),
    )
}

/// An answer of v2 with forty fields: v2 numbers its lists.
///
/// # Panics
/// When the fields cannot be signed or written.
#[must_use]
#[expect(
    clippy::expect_used,
    reason = "a sample that cannot be made fails its benchmark"
)]
pub fn v2_answer(key: &ApiV2Key) -> Bytes {
    let mut answer = v2::Fields::from(
        [
            ("return_code", "SUCCESS"),
            ("result_code", "SUCCESS"),
            ("appid", "wx2421b1c4370ec43b"),
            ("mch_id", "1900007291"),
            ("nonce_str", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS"),
            ("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
            ("trade_type", "JSAPI"),
            ("trade_state", "SUCCESS"),
            ("bank_type", "CCB_DEBIT"),
            ("total_fee", "100"),
            ("cash_fee", "90"),
            ("coupon_fee", "10"),
            ("coupon_count", "8"),
            ("transaction_id", "4200000000202311150000000001"),
            ("out_trade_no", "1415659990"),
        ]
        .map(owned),
    );
    for index in 0..8 {
        answer.insert(format!("coupon_id_{index}"), format!("1000{index}"));
        answer.insert(format!("coupon_type_{index}"), "CASH".to_owned());
        answer.insert(format!("coupon_fee_{index}"), "1".to_owned());
    }
    let sign = v2::sign(&answer, Algorithm::Md5, key).expect("signed");
    answer.insert("sign".to_owned(), sign);
    assert_eq!(answer.len(), 40);
    Bytes::from(v2::xml::write(&answer).expect("XML"))
}

fn owned((name, value): (&str, &str)) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
