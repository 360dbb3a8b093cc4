//! One piece of the core's work, so many times: for tools that count instructions and allocations.
//!
//! `cargo xtask bench` runs it under valgrind and prints what one time costs. By hand:
//!
//! ```sh
//! cargo build --profile bench -p wxpay-tests --bin instructions
//! valgrind --tool=callgrind target/release/instructions sign 1000
//! ```

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a measurement that cannot go on fails"
)]

use std::hint::black_box;

use bytes::Bytes;
use wxpay_proto::Unsigned;
use wxpay_proto::crypto::{Algorithm, Backend, Signature, Signer as _, Verifier as _};
use wxpay_proto::v3::notification::{NotificationDraft, seal};
use wxpay_proto::v3::{Call, UnverifiedNotification, canonical};
use wxpay_tests::journey::{
    PLATFORM, now, platform_id, signed_answer, stamp, trusted, unsigned_answer, v2_credentials,
    v3_credentials,
};
use wxpay_tests::keys::{api_v2_key, api_v3_key, private_key, public_key};
use wxpay_tests::samples::{ANSWER, PREPAY, notification_text, v2_answer};
use wxpay_types::events::v3::Event;
use wxpay_types::v2::pay::OrderQuery;
use wxpay_types::v3::combine_transactions::{Close, CloseSubOrder};
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let (Some(work), Some(times)) = (arguments.get(1), arguments.get(2)) else {
        panic!("usage: instructions <work> <times>");
    };
    let times: usize = times.parse().expect("a number");
    match work.as_str() {
        "sign" => sign_prepay(times),
        "sign-typed" => sign_close(times),
        "verify" => verify(times),
        "verify-bare" => verify_bare(times),
        "open" => open(times, 600),
        "open-large" => open(times, 2_000),
        "v2" => v2_read(times),
        other => panic!("no such work: {other}"),
    }
}

/// All of a signed request but RSA itself.
fn sign_prepay(times: usize) {
    let call = Call::new(http::Method::POST, "/v3/pay/transactions/jsapi").body(PREPAY);
    let (credentials, stamp) = (v3_credentials(), stamp());
    let signature = Signature::new([7; 256]);
    for _ in 0..times {
        let unsigned = Unsigned::new(black_box(&call), &credentials, &stamp).expect("a request");
        black_box(unsigned.message());
        black_box(unsigned.attach(&signature).expect("signed").into_parts());
    }
}

/// The same of a typed operation: a combined order of two is closed.
fn sign_close(times: usize) {
    let part = |number: &str| {
        CloseSubOrder::default()
            .mchid("1900000109")
            .sub_mchid("1230000109")
            .out_trade_no(number)
    };
    let close = Close::default()
        .combine_out_trade_no("P20150806125346")
        .combine_appid("wxd678efh567hg6787")
        .sub_orders([part("20150806125346"), part("20150806125347")]);
    let (credentials, stamp) = (v3_credentials(), stamp());
    let signature = Signature::new([7; 256]);
    for _ in 0..times {
        let unsigned = Unsigned::new(black_box(&close), &credentials, &stamp).expect("a request");
        black_box(unsigned.message());
        black_box(unsigned.attach(&signature).expect("signed").into_parts());
    }
}

fn verify(times: usize) {
    let keys = trusted();
    let (credentials, stamp, signature) = (v3_credentials(), stamp(), Signature::new([7; 256]));
    let response = signed_answer(200, ANSWER);
    let query = QueryByOutTradeNo::default()
        .out_trade_no("1217752501201407033233368018")
        .mchid("1900007291");
    // Made before, so that only the answers count.
    let mut asked: Vec<_> = (0..times)
        .map(|_| {
            let unsigned = Unsigned::new(&query, &credentials, &stamp).expect("a request");
            (
                unsigned.attach(&signature).expect("signed").into_parts().1,
                response.clone(),
            )
        })
        .collect();
    for (pending, response) in asked.drain(..) {
        let answer = pending.receive(response).verify(&keys, now());
        black_box(answer.expect("good"));
    }
}

/// What `verify` does beside reading: the questions, and RSA.
fn verify_bare(times: usize) {
    let (credentials, stamp, signature) = (v3_credentials(), stamp(), Signature::new([7; 256]));
    let response = signed_answer(200, ANSWER);
    let query = QueryByOutTradeNo::default()
        .out_trade_no("1217752501201407033233368018")
        .mchid("1900007291");
    let asked: Vec<_> = (0..times)
        .map(|_| {
            let unsigned = Unsigned::new(&query, &credentials, &stamp).expect("a request");
            (
                unsigned.attach(&signature).expect("signed").into_parts().1,
                response.clone(),
            )
        })
        .collect();
    black_box(asked);
    let header = |name: &str| response.headers()[name].to_str().expect("a text").to_owned();
    let signature = Signature::from_base64(&header("wechatpay-signature")).expect("base64");
    let message = canonical::answer_message(
        &header("wechatpay-timestamp"),
        &header("wechatpay-nonce"),
        ANSWER.as_bytes(),
    );
    let public = public_key(PLATFORM, Backend::AwsLc);
    for _ in 0..times {
        let verified = public.verify(Algorithm::RsaSha256, black_box(&message), &signature);
        verified.expect("good");
    }
}

/// A notification, from its bytes to the event.
fn open(times: usize, size: usize) {
    let keys = trusted();
    let draft = NotificationDraft::new(
        "EV-1",
        "TRANSACTION.SUCCESS",
        "fdasflkja484",
        notification_text(size),
    );
    let platform = private_key(PLATFORM, Backend::AwsLc);
    let sealed = seal(&draft, &api_v3_key(), &platform, &platform_id(), &stamp()).expect("sealed");
    let api_v3_key = api_v3_key();
    for _ in 0..times {
        let notification = UnverifiedNotification::receive(black_box(&sealed.headers), sealed.body.clone());
        let verified = notification.verify(&keys, now()).expect("good");
        black_box(Event::from(&verified.open(&api_v3_key).expect("opened")));
    }
}

fn v2_read(times: usize) {
    let key = api_v2_key();
    let body: Bytes = v2_answer(&key);
    let query = OrderQuery::default()
        .mch_id("1900007291")
        .out_trade_no("1415659990");
    let (credentials, stamp) = (v2_credentials(), stamp());
    for _ in 0..times {
        let unsigned = Unsigned::new(&query, &credentials, &stamp).expect("a request");
        let signature = key
            .sign(unsigned.algorithm(), unsigned.message())
            .expect("signed");
        let pending = unsigned.attach(&signature).expect("signed").into_parts().1;
        let answer = pending.receive(unsigned_answer(200, body.clone()));
        black_box(answer.verify(&key, now()).expect("good"));
    }
}
