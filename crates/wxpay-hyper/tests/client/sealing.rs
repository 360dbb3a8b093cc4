//! Sensitive fields are sealed on the way.

use wxpay_hyper::{Client, Failure};
use wxpay_proto::crypto::Padding;
use wxpay_proto::{KeyId, Outcome, Sensitive};

use crate::client;
use crate::keys::{Keys, PLATFORM};
use crate::operations::{AddReceiver, AddReceiverPkcs1};
use crate::server::{Behaviour, Server};

fn receiver() -> AddReceiver {
    let account = "86693852".to_owned();
    AddReceiver {
        account,
        name: Some("张三".into()),
        phone: Some("13800138000".into()),
    }
}

#[tokio::test]
async fn what_is_not_sealed_is_sealed_in_a_copy() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let operation = receiver();
    client(&server).send(&operation).await.unwrap();
    assert_eq!(operation.name.as_ref().unwrap().expose(), Some("张三"));

    let seen = server.only();
    assert_eq!(seen.header("wechatpay-serial"), Some(PLATFORM));
    let body = std::str::from_utf8(seen.request.body()).unwrap();
    assert!(!body.contains("张三") && !body.contains("13800138000"), "{body}");
    let mut sent: AddReceiver = serde_json::from_str(body).unwrap();
    let key = Keys::get().platform_key();
    for (field, text) in [(&mut sent.name, "张三"), (&mut sent.phone, "13800138000")] {
        let field = field.as_mut().unwrap();
        field.open(&key).unwrap();
        assert_eq!(field.expose(), Some(text));
    }
}

#[tokio::test]
async fn fields_take_the_padding_that_the_operation_says() {
    let server = Server::start(Behaviour::signed("{}")).await;
    client(&server).send(&AddReceiverPkcs1(receiver())).await.unwrap();
    let seen = server.only();
    assert_eq!(seen.header("wechatpay-serial"), Some(PLATFORM));
    let sent: AddReceiver = serde_json::from_slice(seen.request.body()).unwrap();
    let key = Keys::get().platform_key();
    for (field, text) in [(sent.name, "张三"), (sent.phone, "13800138000")] {
        let mut field = field.unwrap();
        // Both paddings of a 2048-bit key look the same from outside; one of them only opens.
        assert!(field.open(&key).is_err());
        field.open_with(Padding::Pkcs1v15, &key).unwrap();
        assert_eq!(field.expose(), Some(text));
    }
}

#[tokio::test]
async fn what_is_sealed_stays_as_it_is() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let other = KeyId::new("PUB_KEY_ID_0100000000000000000000000000000042").unwrap();
    let sealed = Some(Sensitive::sealed("Y2lwaGVy", other.clone()));
    client(&server)
        .send(&AddReceiver {
            phone: None,
            name: sealed.clone(),
            ..receiver()
        })
        .await
        .unwrap();
    let seen = server.only();
    assert_eq!(seen.header("wechatpay-serial"), Some(other.as_str()));
    assert!(seen.request.body().windows(8).any(|window| window == b"Y2lwaGVy"));

    // One header cannot name two keys.
    let error = client(&server)
        .send(&AddReceiver {
            name: sealed,
            ..receiver()
        })
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    assert!(error.to_string().contains("two keys"), "{error}");
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_field_that_cannot_be_sealed_is_named() {
    let server = Server::start(Behaviour::signed("{}")).await;
    let long = "长".repeat(72);
    let error = client(&server)
        .send(&AddReceiver {
            phone: Some(long.into()),
            ..receiver()
        })
        .await
        .unwrap_err();
    assert_eq!(error.outcome(), Outcome::NotSent);
    let text = error.to_string();
    assert!(
        text.contains("/phone") && text.contains("216 bytes") && !text.contains('长'),
        "{text}"
    );
    assert!(server.seen().is_empty());

    let keys = Keys::get();
    let without = Client::builder()
        .merchant(keys.merchant_credentials(), keys.merchant_key())
        .build()
        .unwrap();
    let error = without.send(&receiver()).await.unwrap_err();
    assert!(
        matches!(error.failure(), Failure::Seal { pointer, .. } if pointer == "/name"),
        "{error:?}"
    );
    assert!(error.to_string().contains("platform_keys"), "{error}");
}
