//! The merchant's certificate and key: as a pair, and from a p12 file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Algorithm, Backend, Certificate, KeyError, MerchantIdentity, MerchantKey, P12};
use wxpay_tests::keys::key_text;

#[test]
fn a_pair_is_a_pair() {
    for (name, algorithm) in [
        ("merchant_rsa", Algorithm::RsaSha256),
        ("merchant_sm2", Algorithm::Sm2Sm3),
    ] {
        for backend in Backend::ALL {
            let (certificate, key) = (
                key_text(name, "certificate_pem"),
                key_text(name, "private_pkcs8_pem"),
            );
            let identity = MerchantIdentity::from_pem(certificate, key, *backend).expect("a pair");
            assert_eq!(identity.serial().as_str(), key_text(name, "serial_no"));
            assert_eq!(identity.key().algorithm(), algorithm);
            let (certificate, key) = identity.into_parts();
            assert_eq!(certificate.serial().as_str(), key_text(name, "serial_no"));
            assert!(MerchantIdentity::new(certificate, key, *backend).is_ok());
        }
    }
}

#[test]
fn the_key_of_another_certificate_is_named() {
    let certificate = key_text("merchant_rsa", "certificate_pem");
    for backend in Backend::ALL {
        for other in ["platform_rsa_old", "platform_sm2"] {
            let key = key_text(other, "private_pkcs8_pem");
            let error = MerchantIdentity::from_pem(certificate, key, *backend).expect_err("no pair");
            let serial = key_text("merchant_rsa", "serial_no").to_owned();
            assert_eq!(error, KeyError::NotAPair { serial });
        }
        let swapped = MerchantIdentity::from_pem(
            key_text("merchant_rsa", "private_pkcs8_pem"),
            certificate,
            *backend,
        );
        assert!(matches!(swapped, Err(KeyError::WrongKind { .. })));
    }
}

#[test]
fn another_file_in_the_place_of_a_p12_is_named() {
    let pem = key_text("merchant_rsa", "private_pkcs8_pem");
    let base64 = key_text("merchant_rsa", "pkcs12_modern_base64");
    let certificate = certificate_der();
    for (file, found) in [
        (&b""[..], "an empty file"),
        (pem.as_bytes(), "a PEM text"),
        (base64.as_bytes(), "decode it first"),
        (&[0x30, 0x80, 0, 0][..], "BER"),
        (&b"PK\x03\x04"[..], "no PKCS#12 file"),
        (&certificate[..], "damaged"),
        (&[&[0x30_u8][..], &vec![0; 1 << 20]].concat(), "1 MiB"),
    ] {
        let error = P12::open(file, "1900007291")
            .expect_err("no p12 file")
            .to_string();
        assert!(error.contains(found), "{found}: {error}");
        assert!(!error.contains("MII"), "{error}");
    }
}

/// The merchant's certificate in DER.
fn certificate_der() -> Vec<u8> {
    let text = key_text("merchant_rsa", "certificate_pem");
    let lines: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(lines).expect("base64")
}

/// An SM2 key is a key like any other, and what it cannot do it says.
#[test]
fn an_sm2_key_is_told_from_an_rsa_key() {
    let key = MerchantKey::from_pem(key_text("merchant_sm2", "private_pkcs8_pem"), Backend::AwsLc);
    let key = key.expect("an SM2 key");
    let error =
        wxpay_proto::crypto::Signer::sign(&key, Algorithm::RsaSha256, b"").expect_err("another algorithm");
    assert_eq!(
        error.to_string(),
        "an SM2 private key cannot be used for RSA-SHA256"
    );
    assert_eq!(format!("{key:?}"), "MerchantKey(…)");
    let certificate =
        Certificate::from_pem(key_text("platform_sm2", "certificate_pem")).expect("a certificate");
    assert_eq!(
        certificate.serial().as_str(),
        key_text("platform_sm2", "serial_no")
    );
}
