//! Each operation takes the parts that it needs, and names the one that is missing.

use wxpay_hyper::{Client, ConfigError, Error, Failure};
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::retry::Budget;
use wxpay_proto::v3::canonical::request_message;
use wxpay_proto::v3::{Authorization, Call};
use wxpay_proto::{Outcome, v2};

use crate::keys::{BRAND, Keys, MERCHANT};
use crate::operations::{RefundV2, pay, query};
use crate::server::{Behaviour, Seen, Server};
use crate::{api_v2_key, builder, client};

const REFUND: RefundV2 = RefundV2 {
    mch_id: MERCHANT,
    out_refund_no: "R1",
};

fn nothing() -> Client {
    Client::builder().build().unwrap()
}

fn is_missing<T: std::fmt::Debug>(result: Result<T, Error>, part: &str) {
    let error = result.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
    let build = matches!(
        error.failure(),
        Failure::Exchange(wxpay_proto::Error::Build(
            wxpay_proto::BuildError::MissingCredential { .. }
        ))
    );
    assert!(build && error.to_string().contains(part), "{error:?}");
}

#[tokio::test]
async fn a_missing_part_is_named_and_nothing_is_sent() {
    let query_v2 = v2::Call::new("/pay/orderquery").field("mch_id", MERCHANT);
    is_missing(nothing().send(&query()).await, "v3 credentials");
    is_missing(
        nothing().send(&Call::new(http::Method::GET, "/brand/x")).await,
        "a brand's v3 credentials",
    );
    is_missing(nothing().send(&query_v2).await, "APIv2 key");

    let keys = Keys::get();
    let without_platform_keys = Client::builder()
        .merchant(keys.merchant_credentials(), keys.merchant_key())
        .build()
        .unwrap();
    is_missing(
        without_platform_keys.send(&query()).await,
        "WeChat Pay public key",
    );

    let server = Server::start(Behaviour::Hang).await;
    is_missing(client(&server).send(&REFUND).await, "client certificate");
    is_missing(
        client(&server).send(&query_v2.client_certificate()).await,
        "client certificate",
    );
    assert!(server.seen().is_empty());
}

/// A v2 success with the fields of a query, signed.
fn answer_v2() -> Behaviour {
    let mut fields = v2::Fields::new();
    for (name, value) in [
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("trade_state", "USERPAYING"),
    ] {
        fields.insert(name.to_owned(), value.to_owned());
    }
    let sign = v2::sign(&fields, Algorithm::HmacSha256, &api_v2_key()).unwrap();
    fields.insert("sign".to_owned(), sign);
    Behaviour::plain(200, vec![], v2::xml::write(&fields).unwrap())
}

#[tokio::test]
async fn v2_is_signed_and_verified_with_the_apiv2_key() {
    let server = Server::start(answer_v2()).await;
    let call = v2::Call::new("/pay/orderquery")
        .field("mch_id", MERCHANT)
        .field("out_trade_no", "1");
    let answer = client(&server).send(&call).await.unwrap().verified().unwrap();
    assert_eq!(answer.fields["trade_state"], "USERPAYING");
    let seen = server.only();
    assert_eq!(seen.target(), "/pay/orderquery");
    let sent = v2::xml::read(seen.request.body()).unwrap();
    assert_eq!(
        v2::verify_sign(&sent, &api_v2_key()).unwrap(),
        Algorithm::HmacSha256
    );
}

#[tokio::test]
async fn the_client_certificate_is_shown_where_it_is_needed_and_nowhere_else() {
    let server = Server::start(answer_v2()).await;
    let (chain, key) = &Keys::get().client_pem;
    let client = builder(&server)
        .client_certificate_pem(chain, key)
        .budget(Budget::once())
        .build()
        .unwrap();
    let call = v2::Call::new("/pay/orderquery").field("mch_id", MERCHANT);
    // Kept connections must not mix the two up, so each is asked for twice.
    for _ in 0..2 {
        client.send(&call).await.unwrap();
        client.send(&REFUND).await.unwrap();
        // The answer is none of v3; what was shown is what counts.
        client.send(&query()).await.unwrap_err();
        client.send(&call.clone().client_certificate()).await.unwrap();
    }
    let shown: Vec<bool> = server.seen().iter().map(|seen| seen.certificate).collect();
    assert_eq!(shown, [false, true, false, true, false, true, false, true]);
}

/// Who signed a request, told by its `Authorization`; the key is held against it.
fn signer(seen: &Seen) -> String {
    let authorization = Authorization::parse(seen.header("authorization").unwrap()).unwrap();
    let key = match authorization.identity.as_str() {
        BRAND => Keys::get().brand_key(),
        _ => Keys::get().merchant_key(),
    };
    let method = seen.request.method().as_str();
    let (timestamp, nonce) = (&authorization.timestamp, &authorization.nonce_str);
    let message = request_message(method, seen.target(), timestamp, nonce, seen.request.body());
    // RSA signatures of this kind are the same every time.
    let signature = key.sign(Algorithm::RsaSha256, &message).unwrap().to_base64();
    assert_eq!(signature, authorization.signature);
    format!("{}/{}", authorization.identity, authorization.serial_no)
}

#[tokio::test]
async fn the_brand_signs_its_own_operations_and_the_merchant_all_others() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let client = client(&server);
    let targets = [
        "/brand/store/brandstores/1",
        "/v3/brand/x",
        "/brand",
        "/brandx/y",
        "/brand/?a=b",
    ];
    let mut signers = Vec::new();
    for target in targets {
        client.send(&Call::new(http::Method::GET, target)).await.unwrap();
        signers.push(signer(&server.only()));
    }
    let (brand, merchant) = (format!("{BRAND}/0B"), format!("{MERCHANT}/0A"));
    assert_eq!(signers, [&*brand, &merchant, &merchant, &merchant, &brand]);
    client.send(&pay()).await.unwrap();
    assert_eq!(signer(&server.only()), merchant);
}

#[tokio::test]
async fn a_key_named_by_the_credentials_is_asked_for() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let named = wxpay_proto::KeyId::new("PUB_KEY_ID_0100000000000000000000000000000042").unwrap();
    let credentials = Keys::get().merchant_credentials().answer_key(named.clone());
    let client = builder(&server)
        .merchant(credentials, Keys::get().merchant_key())
        .build()
        .unwrap();
    client.send(&query()).await.unwrap();
    assert_eq!(server.only().header("wechatpay-serial"), Some(named.as_str()));
}

#[test]
fn parts_that_cannot_be_used_are_refused_when_the_client_is_made() {
    let keys = Keys::get();
    let error = Client::builder()
        .merchant(keys.brand_credentials(), keys.brand_key())
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("brand 6000000001"), "{error}");
    let error = Client::builder()
        .brand(keys.merchant_credentials(), keys.merchant_key())
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("merchant 1900007291"), "{error}");

    let (chain, key) = &keys.client_pem;
    for (chain, key) in [("", &**key), (chain, ""), (chain, chain), (&keys.root_pem, key)] {
        let error = Client::builder()
            .client_certificate_pem(chain, key)
            .build()
            .unwrap_err();
        assert!(matches!(error, ConfigError::ClientCertificate { .. }), "{error}");
    }
    let error = Client::builder().extra_root_pem("root.pem").build().unwrap_err();
    assert!(matches!(error, ConfigError::Root { .. }), "{error}");
    let error = Client::builder().only_extra_roots().build().unwrap_err();
    assert!(matches!(error, ConfigError::NoRoots), "{error}");
    let error = Client::builder()
        .call_timeout(std::time::Duration::ZERO)
        .build()
        .unwrap_err();
    assert!(error.to_string().contains("call_timeout"), "{error}");
}

#[tokio::test]
async fn debug_shows_whose_client_it_is_and_no_secret() {
    let server = Server::start(Behaviour::Hang).await;
    let (chain, key) = &Keys::get().client_pem;
    let builder = builder(&server).client_certificate_pem(chain, key);
    let mut text = format!("{builder:?}");
    text += &format!("{:?}", builder.build().unwrap());
    assert!(text.contains(MERCHANT) && text.contains(BRAND), "{text}");
    for secret in Keys::get().secrets() {
        assert!(!text.contains(secret), "{text}");
    }
}
