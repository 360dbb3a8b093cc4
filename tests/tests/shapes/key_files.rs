//! The usual mistakes with key files, each of which is named.

use wxpay_proto::crypto::{Backend, Certificate, KeyError, MerchantKey, PublicKey};
use wxpay_proto::v3::PlatformKey;
use wxpay_proto::{ApiV3Key, InvalidApiKey};
use wxpay_tests::keys::key_text;

fn merchant(member: &str) -> &'static str {
    key_text("merchant_rsa", member)
}

/// What is said when `text` stands in the place of a private key; the same for both backends.
fn as_private_key(text: &str) -> KeyError {
    let mut errors = Backend::ALL
        .iter()
        .map(|backend| MerchantKey::from_pem(text, *backend).expect_err("no key"));
    let first = errors.next().expect("a backend");
    for other in errors {
        assert_eq!(other, first);
    }
    first
}

/// What is said when `text` stands in the place of a public key; the same for both backends.
fn as_public_key(text: &str) -> KeyError {
    let mut errors = Backend::ALL
        .iter()
        .map(|backend| PublicKey::from_pem(text, *backend).expect_err("no key"));
    let first = errors.next().expect("a backend");
    for other in errors {
        assert_eq!(other, first);
    }
    first
}

/// The error names `found` and what is wanted instead, and shows nothing of the file.
fn assert_wrong_kind(error: &KeyError, found: &str, wanted: &str) {
    assert!(matches!(error, KeyError::WrongKind { .. }), "{error}");
    assert_names(error, &[found, wanted]);
}

fn assert_names(error: &KeyError, parts: &[&str]) {
    let shown = error.to_string();
    for part in parts {
        assert!(shown.contains(part), "{part:?} is missing: {shown}");
    }
    assert!(!shown.contains("MII"), "{shown}");
}

#[test]
fn every_form_of_the_right_key_is_read() {
    for backend in Backend::ALL {
        for member in ["private_pkcs8_pem", "private_pkcs1_pem"] {
            assert!(
                MerchantKey::from_pem(merchant(member), *backend).is_ok(),
                "{member}"
            );
        }
        for member in ["public_spki_pem", "public_pkcs1_pem"] {
            assert!(
                PublicKey::from_pem(merchant(member), *backend).is_ok(),
                "{member}"
            );
        }
        // Line ends of another system, blank lines around, and other blocks before the right one.
        let crlf = merchant("private_pkcs8_pem").replace('\n', "\r\n");
        let padded = format!("\n\n  {}\n\n", merchant("private_pkcs8_pem"));
        let bundle = format!("{}{}", merchant("certificate_pem"), merchant("private_pkcs8_pem"));
        for text in [crlf, padded, bundle] {
            assert!(MerchantKey::from_pem(&text, *backend).is_ok(), "{text:?}");
        }
    }
}

#[test]
fn another_file_in_the_place_of_the_private_key_is_named() {
    let wanted = "apiclient_key.pem";
    assert_wrong_kind(
        &as_private_key(merchant("public_spki_pem")),
        "a public key",
        wanted,
    );
    assert_wrong_kind(
        &as_private_key(merchant("public_pkcs1_pem")),
        "a public key",
        wanted,
    );
    assert_wrong_kind(
        &as_private_key(merchant("certificate_pem")),
        "a certificate",
        wanted,
    );
}

#[test]
fn another_file_in_the_place_of_the_public_key_is_named() {
    let wanted = "pub_key.pem";
    assert_wrong_kind(
        &as_public_key(merchant("private_pkcs8_pem")),
        "a private key",
        wanted,
    );
    assert_wrong_kind(
        &as_public_key(key_text("platform_rsa_new", "certificate_pem")),
        "a certificate",
        wanted,
    );
}

#[test]
fn another_file_in_the_place_of_a_certificate_is_named() {
    for (member, found) in [
        ("private_pkcs8_pem", "a private key"),
        ("public_spki_pem", "a public key"),
    ] {
        let error = Certificate::from_pem(merchant(member)).expect_err("no certificate");
        assert_wrong_kind(&error, found, "a certificate");
    }
}

#[test]
fn the_merchants_certificate_is_no_platform_certificate() {
    for backend in Backend::ALL {
        let error = PlatformKey::from_certificate_pem(merchant("certificate_pem"), *backend);
        let error = error.expect_err("the merchant's");
        assert_wrong_kind(
            &error,
            "the API certificate of merchant 1900007291",
            "platform certificate",
        );
        let platform = key_text("platform_rsa_new", "certificate_pem");
        let key = PlatformKey::from_certificate_pem(platform, *backend).expect("a platform certificate");
        assert_eq!(key.id().as_str(), key_text("platform_rsa_new", "serial_no"));
    }
}

#[test]
fn an_encrypted_key_is_named_with_what_to_do() {
    let pkcs8 = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n";
    let pkcs1 = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n\
                 -----END RSA PRIVATE KEY-----\n";
    for text in [pkcs8, pkcs1] {
        assert_wrong_kind(
            &as_private_key(text),
            "an encrypted private key; decrypt it first",
            "apiclient_key.pem",
        );
    }
}

/// A key of a curve that WeChat Pay does not use, made for this test.
const P256_PRIVATE: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTRQ59SWWMmLPwKCj
CHqP8kFNh6d0C/0vWbrZFqt6AhmhRANCAAQ1GmAPVaYkzcWUIIb1HU8Mj0oDrqTB
k5TEALMcoYvXw7JLUOx4ZxMOrf7yo5KfkEP054do/BVGWgn5w5jmWr9I
-----END PRIVATE KEY-----
";
const P256_PUBLIC: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAENRpgD1WmJM3FlCCG9R1PDI9KA66k
wZOUxACzHKGL18OyS1DseGcTDq3+8qOSn5BD9OeHaPwVRloJ+cOY5lq/SA==
-----END PUBLIC KEY-----
";

#[test]
fn a_key_that_is_not_rsa_is_named() {
    let sec1 = "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
    assert_wrong_kind(&as_private_key(sec1), "elliptic curve", "apiclient_key.pem");
    for error in [as_private_key(P256_PRIVATE), as_public_key(P256_PUBLIC)] {
        assert!(matches!(error, KeyError::Unusable { .. }), "{error}");
        assert_names(&error, &["neither an RSA key nor an SM2 key"]);
    }
}

#[test]
fn line_ends_of_two_characters_are_named() {
    for text in [merchant("private_pkcs8_pem"), merchant("public_spki_pem")] {
        let literal = text.replace('\n', "\\n");
        for error in [as_private_key(&literal), as_public_key(&literal)] {
            assert!(matches!(error, KeyError::NotPem { .. }), "{error}");
            assert_names(&error, &["two characters \\n", "line feeds"]);
        }
    }
}

#[test]
fn base64_without_its_lines_is_named() {
    let lines = merchant("private_pkcs8_pem")
        .lines()
        .filter(|line| !line.starts_with('-'));
    let inside: String = lines.collect();
    let error = as_private_key(&inside);
    assert!(matches!(error, KeyError::NotPem { .. }), "{error}");
    assert_names(&error, &["BEGIN and END lines"]);
}

#[test]
fn a_path_an_api_key_and_nothing_are_named() {
    for (text, hint) in [
        ("/etc/wxpay/apiclient_key.pem", "file name"),
        ("cert/apiclient_cert.p12\n", "file name"),
        ("Q9xV3kTestOnly0123456789abcdefGH", "API key"),
        ("", "empty"),
        (" \n", "empty"),
    ] {
        let error = as_private_key(text);
        assert!(matches!(error, KeyError::NotPem { .. }), "{error}");
        assert_names(&error, &[hint]);
    }
}

#[test]
fn a_damaged_file_is_no_key() {
    let text = merchant("private_pkcs8_pem");
    let without_end = text.replace("-----END PRIVATE KEY-----", "");
    let cut = format!("{}\n-----END PRIVATE KEY-----\n", &text[..400]);
    for text in [without_end, cut] {
        let error = as_private_key(&text);
        assert_names(&error, &[]);
    }
}

#[test]
fn an_apiv3_key_has_32_ascii_characters() {
    assert!(ApiV3Key::new("Q9xV3kTestOnly0123456789abcdefGH").is_ok());
    for (text, bytes) in [
        ("", 0),
        ("Q9xV3kTestOnly01", 16),
        ("Q9xV3kTestOnly0123456789abcdefGH\n", 33),
    ] {
        let error = ApiV3Key::new(text).expect_err("not 32 characters");
        assert_eq!(error, InvalidApiKey::Length { kind: "APIv3", bytes });
        assert!(error.to_string().contains("32"), "{error}");
    }
    // 32 bytes, but not of ASCII.
    let error = ApiV3Key::new("Q9xV3kTestOnly0123456789abcdefé").expect_err("not ASCII");
    assert!(
        matches!(error, InvalidApiKey::Character { index: 30, .. }),
        "{error}"
    );
}

/// A parser's own words quote what it did not expect, and that may be the rest of the file.
#[test]
fn no_damage_makes_an_error_show_the_file() {
    let text = merchant("private_pkcs8_pem");
    let inside = text.lines().nth(3).expect("a line of base64");
    for damaged in [
        text.replace("-----END PRIVATE KEY-----", &format!("-----END {inside}-----")),
        text.replace(
            "-----BEGIN PRIVATE KEY-----",
            &format!("-----BEGIN {inside}-----"),
        ),
        text.replace("-----BEGIN PRIVATE KEY-----\n", "-----BEGIN PRIVATE KEY----\n"),
        text.replace(
            "-----BEGIN PRIVATE KEY-----\n",
            &format!("-----BEGIN PRIVATE KEY-----\n{inside}\n\n"),
        ),
        text.replace("-----END PRIVATE KEY-----", "-----END PRIVATE KEY----")
            .repeat(2),
    ] {
        let error = as_private_key(&damaged);
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(inside), "{shown}");
    }
}
