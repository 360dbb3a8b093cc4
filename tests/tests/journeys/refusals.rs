//! What WeChat Pay refuses, and what is refused before it is sent.

use wxpay_hyper::Error;
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{ErrorCode, JsonText, MerchantId, Outcome, Serial, v2, v3};
use wxpay_sim::Simulator;
use wxpay_types::v2::combine::{CloseCombinedOrder, SubOrder};

use crate::support::{APPID, Order, api_v2_key, builder, client, credentials, key};

fn code(error: &Error) -> Option<ErrorCode> {
    error.api_error().and_then(wxpay_proto::ApiError::kind)
}

#[tokio::test]
async fn a_wrong_private_key_comes_back_with_what_was_verified() {
    let simulator = Simulator::start().unwrap();
    let (partner, other) = (simulator.profile().partner(), simulator.profile().merchant());
    let client = builder(&simulator)
        .merchant(credentials(partner), key(other))
        .build()
        .unwrap();
    let error = client
        .send(&Order::new(&simulator, "R20260001").query())
        .await
        .unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::SignError));
    assert_eq!(error.outcome(), Outcome::Refused);
    let api = error.api_error().unwrap();
    assert_eq!((api.status, api.authentic), (401, false), "401 is never signed");
    let seen = api.sign_information().unwrap();
    assert_eq!(seen.method.as_deref(), Some("GET"));
    assert_eq!(
        seen.url.as_deref(),
        Some("/v3/combine-transactions/out-trade-no/R20260001")
    );
    // The simulator tells the message that it verified against, and that is the one that was signed.
    let handled = simulator.log().pop().unwrap();
    let header = handled.request.headers()["authorization"].to_str().unwrap();
    let parts = v3::Authorization::parse(header).unwrap();
    let message =
        v3::canonical::request_message("GET", handled.target(), &parts.timestamp, &parts.nonce_str, b"");
    assert_eq!(
        seen.truncated_sign_message.as_deref(),
        Some(std::str::from_utf8(&message).unwrap())
    );
    assert_eq!(seen.sign_message_length, Some(message.len() as u64));
}

#[tokio::test]
async fn the_platforms_serial_in_place_of_the_merchants_is_a_sign_error() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let serial = Serial::new(simulator.profile().platform_certificate().id().as_str()).unwrap();
    let wrong = v3::Credentials::merchant(partner.id().clone(), serial);
    let client = builder(&simulator).merchant(wrong, key(partner)).build().unwrap();
    let error = client
        .send(&Order::new(&simulator, "R20260002").query())
        .await
        .unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::SignError));
}

#[tokio::test]
async fn unknown_orders_changed_parts_and_foreign_appids_are_told_apart() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let order = Order::new(&simulator, "R20260003");
    let unknown = client.send(&order.query()).await.unwrap_err();
    assert_eq!(code(&unknown), Some(ErrorCode::OrderNotExist));
    assert_eq!(unknown.api_error().unwrap().status, 404);
    assert_eq!(unknown.api_error().unwrap().inner_code(), Some(268_512_771));
    assert!(unknown.api_error().unwrap().authentic);

    client.send(&order.create()).await.unwrap();
    let mut fewer = order.close();
    fewer.sub_orders.pop();
    assert_eq!(
        code(&client.send(&fewer).await.unwrap_err()),
        Some(ErrorCode::InvalidRequest)
    );
    let foreign = order.close().combine_appid("wx0000000000000000");
    assert_eq!(
        code(&client.send(&foreign).await.unwrap_err()),
        Some(ErrorCode::AppidMchidNotMatch)
    );
    let mut changed = order.create();
    changed.sub_orders[0].description = Some("other".to_owned());
    assert_eq!(
        code(&client.send(&changed).await.unwrap_err()),
        Some(ErrorCode::InvalidRequest)
    );
    client.send(&order.create()).await.unwrap();
}

#[tokio::test]
async fn what_is_missing_is_named_and_nothing_is_sent() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let order = Order::new(&simulator, "R20260004");
    let nobody = builder(&simulator).build().unwrap();
    let error = nobody.send(&order.query()).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("v3 credentials"), "{error}");

    let close = CloseCombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id("1999999999")
        .combine_out_trade_no("R20260005")
        .sub_order_list(JsonText::new(&vec![SubOrder::default()]).unwrap());
    let v2_only = builder(&simulator)
        .api_v2(v2::Credentials::new(partner.id().clone()), api_v2_key(partner))
        .build()
        .unwrap();
    let error = v2_only.send(&close).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let text = error.to_string();
    assert!(
        text.contains("1999999999") && text.contains(partner.id().as_str()),
        "{text}"
    );
    assert!(simulator.log().is_empty(), "nothing was sent");
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_a_sign_error() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let client = builder(&simulator)
        .merchant(credentials(partner), key(partner))
        .clock(|| wxpay_proto::UnixTime::from_secs(1_700_000_000))
        .build()
        .unwrap();
    let error = client
        .send(&Order::new(&simulator, "R20260006").query())
        .await
        .unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::SignError));
}

#[tokio::test]
async fn a_merchant_that_is_unknown_is_a_sign_error() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let stranger =
        v3::Credentials::merchant(MerchantId::new("1999999999").unwrap(), partner.serial().clone());
    let key = MerchantKey::from_pem(partner.private_key_pem(), Backend::AwsLc).unwrap();
    let client = builder(&simulator).merchant(stranger, key).build().unwrap();
    let error = client
        .send(&Order::new(&simulator, "R20260007").query())
        .await
        .unwrap_err();
    assert_eq!(code(&error), Some(ErrorCode::SignError));
}

#[tokio::test]
async fn nobody_listening_is_not_sent() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().partner());
    let query = Order::new(&simulator, "R20260008").query();
    simulator.shutdown();
    let error = client.send(&query).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent, "{error}");
}
