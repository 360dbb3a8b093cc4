//! v2's operations that want the merchant's client certificate (双向证书), with TLS on both sides.

use std::fs;

use wxpay_hyper::{Client, ClientBuilder, ConfigError, Failure};
use wxpay_proto::{BuildError, Outcome, v2};
use wxpay_sim::{Merchant, OrderRef, Role, Setup, Simulator};
use wxpay_types::v2::pay::{Micropay, OrderQuery, Refund, RefundV2, Reverse, UnifiedOrder};

use crate::support::{APPID, api_v2_key, builder};

/// The merchant, who shows somebody's certificate.
#[expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]
fn showing(simulator: &Simulator, shown: &Merchant) -> Client {
    let merchant = simulator.profile().merchant();
    builder(simulator)
        .api_v2(v2::Credentials::new(merchant.id().clone()), api_v2_key(merchant))
        .client_certificate_pem(shown.certificate_pem(), shown.private_key_pem())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_refund_and_a_reversal_want_the_merchants_own_certificate() {
    let simulator = Simulator::start().unwrap();
    let profile = simulator.profile();
    let mchid = profile.merchant().id().as_str();
    let own = showing(&simulator, profile.merchant());
    let order = UnifiedOrder::default()
        .appid(APPID)
        .mch_id(mchid)
        .body("茶")
        .out_trade_no("C0001")
        .total_fee(888)
        .spbill_create_ip("8.8.8.8")
        .notify_url("https://shop.example/paid")
        .trade_type("NATIVE")
        .product_id("1");
    own.send(&order).await.unwrap();
    simulator.pay(&OrderRef::order("C0001")).unwrap();
    let refund = Refund::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_trade_no("C0001")
        .out_refund_no("CR0001")
        .total_fee(888)
        .refund_fee(88);

    // Somebody else's certificate is as good as none, and nothing has happened.
    let other = showing(&simulator, profile.partner());
    let refused = other.send(&refund).await.unwrap_err();
    assert!(refused.to_string().contains("400"), "{refused}");
    let exchange = simulator.log().pop().unwrap();
    let page = String::from_utf8_lossy(exchange.response.body()).into_owned();
    assert!(page.contains("No required SSL certificate was sent"), "{page}");
    assert!(simulator.control(|platform, _| platform.refunds()).is_empty());

    let refunded = own.send(&refund).await.unwrap();
    assert_eq!(refunded.refund_fee, Some(88));

    // From 1,000 yuan on the user is asked for a password, and the till may give up.
    let pay = Micropay::default()
        .appid(APPID)
        .mch_id(mchid)
        .body("茶")
        .out_trade_no("C0002")
        .total_fee(100_000)
        .spbill_create_ip("8.8.8.8")
        .auth_code("134567890123456789");
    let waits = own.send(&pay).await.unwrap_err();
    assert_eq!(
        waits.api_error().unwrap().code.as_deref(),
        Some("USERPAYING"),
        "{waits}"
    );
    let reverse = Reverse::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_trade_no("C0002");
    other.send(&reverse).await.unwrap_err();
    let query = OrderQuery::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_trade_no("C0002");
    let state = |answer: &wxpay_types::v2::pay::OrderQueryResponse| {
        answer.trade_state.as_ref().map(|state| state.as_str().to_owned())
    };
    let asked = own.send(&query).await.unwrap();
    assert_eq!(state(&asked).as_deref(), Some("USERPAYING"));
    own.send(&reverse).await.unwrap();
    let asked = own.send(&query).await.unwrap();
    assert_eq!(state(&asked).as_deref(), Some("REVOKED"));
}

/// An operation that is answered from the catalogue asks for it as well.
#[tokio::test]
async fn what_is_only_documented_wants_the_certificate_too() {
    let simulator = Simulator::start().unwrap();
    let profile = simulator.profile();
    let refund = RefundV2::default()
        .appid(APPID)
        .mch_id(profile.merchant().id().as_str())
        .out_trade_no("C0003")
        .out_refund_no("CR0003")
        .total_fee(888)
        .refund_fee(88);
    let other = showing(&simulator, profile.partner());
    let refused = other.send(&refund).await.unwrap_err();
    assert_eq!(refused.outcome(), Outcome::Unknown, "a page tells nothing");
    let own = showing(&simulator, profile.merchant());
    own.send(&refund).await.unwrap();
    let told = simulator.log().pop().unwrap();
    assert!(told.response.headers().contains_key("wxpay-sim-documented"));
}

/// The files that a merchant downloads, in both their forms.
#[tokio::test]
async fn a_refund_shows_the_certificate_from_pem_and_from_p12() {
    let folder = std::env::temp_dir().join(format!("wxpay-p12-{}", std::process::id()));
    let setup = Setup::in_folder(&folder).unwrap();
    let account = setup.account_folder(Role::Merchant).unwrap();
    let simulator = Simulator::start_with(setup).unwrap();
    let merchant = simulator.profile().merchant();
    let (id, mchid) = (merchant.id(), merchant.id().as_str());
    let text = |name| fs::read_to_string(account.join(name)).unwrap();
    let p12 = fs::read(account.join("apiclient_cert.p12")).unwrap();
    let without = || builder(&simulator).api_v2(v2::Credentials::new(id.clone()), api_v2_key(merchant));

    let order = UnifiedOrder::default()
        .appid(APPID)
        .mch_id(mchid)
        .body("茶")
        .out_trade_no("C0004")
        .total_fee(888)
        .spbill_create_ip("8.8.8.8")
        .notify_url("https://shop.example/paid")
        .trade_type("NATIVE")
        .product_id("1");
    without().build().unwrap().send(&order).await.unwrap();
    simulator.pay(&OrderRef::order("C0004")).unwrap();
    let refund = |number: &str| {
        Refund::default()
            .appid(APPID)
            .mch_id(mchid)
            .out_trade_no("C0004")
            .out_refund_no(number)
            .total_fee(888)
            .refund_fee(88)
    };

    // None is asked for before anything is sent: the simulator has heard of no refund.
    let heard = simulator.log().len();
    let missing = without().build().unwrap().send(&refund("CR0")).await.unwrap_err();
    assert_eq!(missing.outcome(), Outcome::NotSent);
    let Failure::Exchange(wxpay_proto::Error::Build(BuildError::MissingCredential { missing, .. })) =
        missing.failure()
    else {
        panic!("{missing:?}")
    };
    assert!(missing.contains("apiclient_cert.p12"), "{missing}");
    assert_eq!(simulator.log().len(), heard);

    let forms: [(&str, ClientBuilder); 2] = [
        (
            "CR0005",
            without().client_certificate_pem(text("apiclient_cert.pem"), text("apiclient_key.pem")),
        ),
        ("CR0006", without().client_certificate_p12(p12.clone(), mchid)),
    ];
    for (number, builder) in forms {
        let answer = builder.build().unwrap().send(&refund(number)).await.unwrap();
        assert_eq!(answer.out_refund_no.as_deref(), Some(number));
        // A minute lies between two refunds of an order.
        simulator.turn_business_clock(61);
    }
    assert_eq!(simulator.control(|platform, _| platform.refunds().len()), 2);

    let wrong = without()
        .client_certificate_p12(p12.clone(), "1900007292")
        .build();
    let wrong = wrong.unwrap_err();
    assert!(
        matches!(wrong, ConfigError::ClientCertificate { .. }),
        "{wrong:?}"
    );
    assert!(wrong.to_string().contains("merchant number"), "{wrong}");
    let cut = without()
        .client_certificate_p12(&p12[..p12.len() / 2], mchid)
        .build();
    assert!(matches!(cut.unwrap_err(), ConfigError::ClientCertificate { .. }));
    drop(simulator);
    fs::remove_dir_all(&folder).unwrap();
}
