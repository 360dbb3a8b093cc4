//! `certificates`: the forms of a serial number.

use wxpay_proto::crypto::{Backend, Certificate};
use wxpay_proto::v3::PlatformKey;
use wxpay_proto::{KeyId, Serial};
use wxpay_tests::vectors::Vector;

pub(crate) fn serial(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let certificate = Certificate::from_pem(vector.text("certificate_pem")).expect("a certificate");
    let (full, short) = (expected.text("openssl_serial"), expected.text("java_tostring16"));
    assert_eq!(certificate.serial().as_str(), full);
    let equal = [
        full.clone(),
        short.clone(),
        full.to_lowercase(),
        short.to_lowercase(),
    ]
    .iter()
    .all(|text| Serial::new(text).as_ref() == Ok(certificate.serial()));
    assert_eq!(expected.take("equal_as_integer"), equal);
    // Whatever form the header has, it finds the key.
    let key = PlatformKey::from_certificate(&certificate, backend).expect("a platform certificate");
    assert_eq!(key.id().as_str(), full);
    assert_eq!(KeyId::new(&short).as_ref(), Ok(key.id()));
    expected.finish();
}
