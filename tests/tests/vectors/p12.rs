//! The keys' p12 files: both encryptions give the key and the certificate that the vectors have as PEM.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Algorithm, Backend, Certificate, KeyError, MerchantIdentity, P12, Signer as _};
use wxpay_tests::keys::{key_text, private_key};

const KEY: &str = "merchant_rsa";

/// The files, by their names among the members of the key.
pub(crate) const FORMS: [&str; 2] = ["pkcs12_modern_base64", "pkcs12_legacy_base64"];

pub(crate) fn run(form: &str, backend: Backend) {
    let file = STANDARD.decode(key_text(KEY, form)).expect("base64");
    let password = key_text(KEY, "pkcs12_password");
    let p12 = P12::open(&file, password).expect("it opens");
    let identity = p12.identity(backend).expect("a pair");
    assert_eq!(identity.serial().as_str(), key_text(KEY, "serial_no"));
    let wanted = private_key(KEY, backend).sign(Algorithm::RsaSha256, b"message");
    assert_eq!(identity.key().sign(Algorithm::RsaSha256, b"message"), wanted);

    // What it hands to a TLS library reads back as the same.
    let certificate = Certificate::from_pem(&p12.certificates_pem()).expect("a certificate");
    assert_eq!(certificate.serial(), identity.serial());
    let again = MerchantIdentity::from_pem(&p12.certificates_pem(), &p12.expose_private_key_pem(), backend);
    assert_eq!(
        again
            .expect("a pair")
            .key()
            .sign(Algorithm::RsaSha256, b"message"),
        wanted
    );

    // The transport takes the file as it is.
    let client = |password: &str| {
        let builder = wxpay_hyper::Client::builder().client_certificate_p12(file.clone(), password);
        builder.build()
    };
    let shown = format!("{:?}", client(password).expect("a client"));
    assert!(shown.contains("client_certificate: true"), "{shown}");
    let refused = client("1900007292").expect_err("another password").to_string();
    assert!(
        refused.contains("client certificate") && refused.contains("merchant number"),
        "{refused}"
    );

    for wrong in ["", "1900007292", "１９００００７２９１"] {
        let error = P12::open(&file, wrong).expect_err("another password");
        assert_eq!(error, KeyError::WrongPassword, "{wrong}");
        assert!(error.to_string().contains("merchant number"), "{error}");
    }
    let mut damaged = file.clone();
    *damaged.last_mut().expect("it is not empty") ^= 1;
    assert!(P12::open(&damaged, password).is_err());
}
