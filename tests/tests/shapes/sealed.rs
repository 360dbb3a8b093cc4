//! Sensitive fields: sealed for one key, named in `Wechatpay-Serial`, and never sent as plaintext.

use wxpay_proto::crypto::Backend;
use wxpay_proto::{BuildError, KeyId, Operation as _, Sensitive};
use wxpay_tests::journey::platform_id;
use wxpay_tests::keys::{private_key, public_key};

use crate::operations::Apply;
use crate::{ask_v3, header};

const NAME: &str = "张三";
const PHONE: &str = "13900000000";

fn apply() -> Apply {
    Apply {
        business_code: Some("APL_1".to_owned()),
        contact_name: Some(NAME.into()),
        mobile_phone: Some(PHONE.into()),
    }
}

fn seal(operation: &mut Apply, pointer: &str, key: &KeyId) {
    let platform = public_key("platform_rsa_pubkey", Backend::AwsLc);
    operation.sensitive(&mut |found, field| {
        if found == pointer {
            field
                .seal(&platform, key, &mut |_: &mut [u8]| {})
                .expect("it fits");
        }
    });
}

#[test]
fn sealed_fields_name_their_key_and_can_be_opened_by_its_owner() {
    let mut operation = apply();
    let other = KeyId::new("0ABC").expect("a serial");
    seal(&mut operation, "/contact_name", &other);
    seal(&mut operation, "/mobile_phone", &other);
    let (request, _) = ask_v3(&operation).expect("a request");
    // Not the key that the credentials name: the one that the fields are sealed for.
    assert_eq!(header(&request, "wechatpay-serial"), Some("0ABC"));
    let body = std::str::from_utf8(request.body()).expect("UTF-8");
    assert!(!body.contains(NAME) && !body.contains(PHONE), "{body}");

    let sent: serde_json::Value = serde_json::from_slice(request.body()).expect("JSON");
    let mut field: Sensitive = serde_json::from_value(sent["contact_name"].clone()).expect("a text");
    field
        .open(&private_key("platform_rsa_pubkey", Backend::RustCrypto))
        .expect("it opens");
    assert_eq!(field.expose(), Some(NAME));
    // What was opened is written as the ciphertext that it was.
    assert_eq!(serde_json::to_value(&field).expect("JSON"), sent["contact_name"]);
}

#[test]
fn every_sensitive_field_is_shown_with_its_pointer() {
    let mut pointers = Vec::new();
    apply().sensitive(&mut |pointer, _| pointers.push(pointer.to_owned()));
    assert_eq!(pointers, ["/contact_name", "/mobile_phone"]);
}

#[test]
fn two_keys_in_one_request_are_refused_with_both_names() {
    let mut operation = apply();
    seal(
        &mut operation,
        "/contact_name",
        &KeyId::new("0ABC").expect("a serial"),
    );
    seal(&mut operation, "/mobile_phone", &platform_id());
    let wanted = BuildError::TwoSeals {
        operation: "test.apply",
        first: "0ABC".to_owned(),
        second: platform_id().to_string(),
    };
    assert_eq!(ask_v3(&operation).err(), Some(wanted));
}

#[test]
fn plaintext_is_not_sent_and_not_shown() {
    let half = {
        let mut operation = apply();
        seal(&mut operation, "/mobile_phone", &platform_id());
        operation
    };
    for operation in [apply(), half] {
        let error = ask_v3(&operation).expect_err("it is not sealed");
        assert!(matches!(error, BuildError::Body { .. }), "{error}");
        for shown in [error.to_string(), format!("{error:?}"), format!("{operation:?}")] {
            assert!(!shown.contains(NAME) && !shown.contains(PHONE), "{shown}");
        }
        assert!(
            error.to_string().contains("seal"),
            "it must say what to do: {error}"
        );
        assert!(serde_json::to_string(&operation).is_err());
    }
}

#[test]
fn a_text_sealed_elsewhere_is_sent_as_it_is() {
    let operation = Apply {
        contact_name: Some(Sensitive::sealed("Y2lwaGVy", platform_id())),
        ..Apply::default()
    };
    let (request, _) = ask_v3(&operation).expect("a request");
    assert_eq!(request.body(), r#"{"contact_name":"Y2lwaGVy"}"#);
}
