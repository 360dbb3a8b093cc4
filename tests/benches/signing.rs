//! What the core costs beside the bare primitive, which is measured in the same run: read the ratio.
//!
//! `cargo bench -p wxpay-tests --bench signing`

#![expect(clippy::expect_used, reason = "a benchmark that cannot go on fails")]

use std::hint::black_box;
use std::time::Duration;

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use md5::{Digest as _, Md5};
use wxpay_proto::crypto::{Algorithm, Backend, Signature, Signer as _, Verifier as _};
use wxpay_proto::v3::notification::{NotificationDraft, seal};
use wxpay_proto::v3::{Call, PlatformKeys, UnverifiedNotification, canonical};
use wxpay_proto::{ApiV2Key, Pending, Unsigned, v2};
use wxpay_tests::journey::{
    PLATFORM, now, platform_id, signed_answer, stamp, unsigned_answer, v2_credentials, v3_credentials,
};
use wxpay_tests::keys::{api_v2_key, api_v3_key, key_text, platform_keys, private_key, public_key};
use wxpay_tests::samples::{ANSWER, PREPAY, notification_text, v2_answer};
use wxpay_types::events::v3::Event;
use wxpay_types::v2::pay::OrderQuery;
use wxpay_types::v3::pay_transactions::QueryByOutTradeNo;

/// One answer at a time, as a program reads them.
const ALONE: BatchSize = BatchSize::PerIteration;
/// How many questions are asked before their answers are read. Thousands at a time would measure how memory that nothing
/// has touched for long is brought back.
const BATCH: BatchSize = BatchSize::NumIterations(32);

fn prepay() -> Call {
    Call::new(http::Method::POST, "/v3/pay/transactions/jsapi").body(PREPAY)
}

fn keys(backend: Backend) -> PlatformKeys {
    platform_keys([(key_text(PLATFORM, "public_key_id"), PLATFORM)], backend)
}

fn v3(criterion: &mut Criterion) {
    for backend in Backend::ALL {
        let key = private_key("merchant_rsa", *backend);
        let call = prepay();
        let credentials = v3_credentials();
        let unsigned = Unsigned::new(&call, &credentials, &stamp()).expect("a request");
        let message = unsigned.message().to_vec();

        let mut group = criterion.benchmark_group(format!("v3_sign_{backend:?}"));
        group.bench_function("bare_rsa", |bencher| {
            bencher.iter(|| {
                key.sign(Algorithm::RsaSha256, black_box(&message))
                    .expect("signed")
            });
        });
        group.bench_function("request", |bencher| {
            bencher.iter(|| {
                let unsigned = Unsigned::new(black_box(&call), &credentials, &stamp()).expect("a request");
                unsigned.sign(&key).expect("signed").into_parts()
            });
        });
        group.finish();

        let keys = keys(*backend);
        let response = signed_answer(200, ANSWER);
        let header = |name: &str| response.headers()[name].to_str().expect("a text").to_owned();
        let signature = Signature::from_base64(&header("wechatpay-signature")).expect("base64");
        let message = canonical::answer_message(
            &header("wechatpay-timestamp"),
            &header("wechatpay-nonce"),
            ANSWER.as_bytes(),
        );
        let public = public_key(PLATFORM, *backend);
        let mut group = criterion.benchmark_group(format!("v3_verify_{backend:?}"));
        let query = QueryByOutTradeNo::default()
            .out_trade_no("1217752501201407033233368018")
            .mchid("1900007291");
        let ask = || -> Pending<QueryByOutTradeNo> {
            let unsigned = Unsigned::new(&query, &credentials, &stamp()).expect("a request");
            let signed = unsigned.attach(&Signature::new([0; 256])).expect("signed");
            signed.into_parts().1
        };
        // Before each, bare or not, a question was just asked.
        let asked = || (ask(), response.clone());
        group.bench_function("bare_rsa", |bencher| {
            bencher.iter_batched(
                asked,
                |asked| {
                    let verified = public.verify(Algorithm::RsaSha256, black_box(&message), &signature);
                    (asked, verified.expect("good"))
                },
                ALONE,
            );
        });
        if *backend == Backend::AwsLc {
            // As the library is mostly called: the key is read at each verification.
            let unparsed = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public.as_spki_der());
            group.bench_function("bare_rsa_of_a_key_in_bytes", |bencher| {
                bencher.iter_batched(
                    asked,
                    |asked| {
                        let verified = unparsed.verify(black_box(&message), signature.as_bytes());
                        (asked, verified.expect("good"))
                    },
                    ALONE,
                );
            });
        }
        group.bench_function("answer", |bencher| {
            bencher.iter_batched(
                asked,
                |(pending, response)| pending.receive(response).verify(&keys, now()).expect("good"),
                ALONE,
            );
        });
        group.finish();

        for size in [600, 2_000] {
            notification(criterion, *backend, &keys, size);
        }
    }
}

fn notification(criterion: &mut Criterion, backend: Backend, keys: &PlatformKeys, size: usize) {
    let draft = NotificationDraft::new(
        "EV-1",
        "TRANSACTION.SUCCESS",
        "fdasflkja484",
        notification_text(size),
    );
    let platform = private_key(PLATFORM, backend);
    let sealed = seal(&draft, &api_v3_key(), &platform, &platform_id(), &stamp()).expect("sealed");
    let of = |name: &str| sealed.headers[name].to_str().expect("a text");
    let signature = Signature::from_base64(of("wechatpay-signature")).expect("base64");
    let message = canonical::answer_message(of("wechatpay-timestamp"), of("wechatpay-nonce"), &sealed.body);
    let (public, api_v3_key) = (public_key(PLATFORM, backend), api_v3_key());
    let name = format!("v3_notification_of_{}_bytes_{backend:?}", sealed.body.len());
    let mut group = criterion.benchmark_group(name);
    group.bench_function("bare_rsa", |bencher| {
        bencher.iter(|| {
            public
                .verify(Algorithm::RsaSha256, black_box(&message), &signature)
                .expect("good")
        });
    });
    group.bench_function("open", |bencher| {
        bencher.iter(|| {
            let notification =
                UnverifiedNotification::receive(black_box(&sealed.headers), sealed.body.clone());
            let verified = notification.verify(keys, now()).expect("good");
            Event::from(&verified.open(&api_v3_key).expect("opened"))
        });
    });
    group.finish();
}

fn v2(criterion: &mut Criterion) {
    let key = api_v2_key();
    let fields = [
        ("appid", "wx2421b1c4370ec43b"),
        ("body", "JSAPI支付测试"),
        ("notify_url", "https://wxpay.wxutil.com/pub_v2/pay/notify.v2.php"),
        ("openid", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"),
        ("out_trade_no", "1415659990"),
        ("spbill_create_ip", "14.23.150.211"),
        ("total_fee", "1"),
        ("trade_type", "JSAPI"),
    ];
    let call = fields.into_iter().fold(
        v2::Call::new("/pay/unifiedorder").field("mch_id", "1900007291"),
        |call, (name, value)| call.field(name, value),
    );
    let credentials = v2_credentials().sign_type(v2::SignType::HmacSha256);
    let unsigned = Unsigned::new(&call, &credentials, &stamp()).expect("a request");
    assert_eq!(unsigned.algorithm(), Algorithm::HmacSha256);
    let message = unsigned.message().to_vec();
    let mut group = criterion.benchmark_group("v2");
    group.bench_function("bare_hmac", |bencher| {
        bencher.iter(|| {
            key.sign(Algorithm::HmacSha256, black_box(&message))
                .expect("signed")
        });
    });
    group.bench_function("sign", |bencher| {
        bencher.iter(|| {
            let unsigned = Unsigned::new(black_box(&call), &credentials, &stamp()).expect("a request");
            unsigned.sign(&key).expect("signed").into_parts()
        });
    });
    group.finish();
}

/// The least that a v2 answer costs: its pairs, sorted, and their MD5.
fn pairs_and_md5(body: &str, key: &ApiV2Key) -> String {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(body);
    let (mut pairs, mut name) = (Vec::new(), String::new());
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(start) => name = start.name().into_inner().to_owned(),
            Event::Text(text) => pairs.push((std::mem::take(&mut name), text.into_inner())),
            Event::Eof => break,
            _ => {}
        }
    }
    pairs.sort_unstable();
    let mut hash = Md5::new();
    for (name, value) in pairs.iter().filter(|(name, _)| *name != "sign") {
        for part in [name, "=", &**value, "&"] {
            hash.update(part);
        }
    }
    hash.update("key=");
    hash.update(key.expose());
    hash.finalize().iter().map(|byte| format!("{byte:02X}")).collect()
}

fn v2_read(criterion: &mut Criterion) {
    let key = api_v2_key();
    let body = v2_answer(&key);
    let text = String::from_utf8(body.to_vec()).expect("UTF-8");
    assert!(text.contains(&pairs_and_md5(&text, &key)), "both sign the same");
    let mut group = criterion.benchmark_group("v2_answer_of_40_fields");
    group.bench_function("bare_pairs_and_md5", |bencher| {
        bencher.iter(|| pairs_and_md5(black_box(&text), &key));
    });
    group.bench_function("typed", |bencher| {
        let query = OrderQuery::default()
            .mch_id("1900007291")
            .out_trade_no("1415659990");
        let credentials = v2_credentials();
        bencher.iter_batched(
            || {
                let unsigned = Unsigned::new(&query, &credentials, &stamp()).expect("a request");
                let pending = unsigned.sign(&key).expect("signed").into_parts().1;
                (pending, unsigned_answer(200, body.clone()))
            },
            |(pending, response)| pending.receive(response).verify(&key, now()).expect("good"),
            BATCH,
        );
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    targets = v3, v2, v2_read
}
criterion_main!(benches);
