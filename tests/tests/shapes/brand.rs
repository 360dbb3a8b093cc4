//! The brand scheme: another word at the head of `Authorization`, and `brand_id` for `mchid`.

use http::Method;
use wxpay_proto::v3::{Authorization, Call, Credentials, Scheme};
use wxpay_proto::{BrandId, Serial, Unsigned};
use wxpay_tests::journey::{merchant_key, platform_id, stamp};

#[test]
fn a_brand_signs_under_its_own_number() {
    let brand = BrandId::new("40001").expect("a brand");
    let credentials =
        Credentials::brand(brand, Serial::new("ABC").expect("a serial")).answer_key(platform_id());
    let call = Call::new(Method::GET, "/brand/marketing/product-coupon/product-coupons/1");
    let signed = Unsigned::new(&call, &credentials, &stamp())
        .expect("a request")
        .sign(&merchant_key());
    let (request, _) = signed.expect("a signed request").into_parts();
    let header = request.headers()["authorization"].to_str().expect("a text");
    assert!(
        header.starts_with("WECHATPAY-BRAND-SHA256-RSA2048 brand_id=\"40001\","),
        "{header}"
    );
    assert!(!header.contains("mchid"), "{header}");
    let read = Authorization::parse(header).expect("an Authorization");
    assert_eq!((read.scheme, read.identity.as_str()), (Scheme::BrandRsa, "40001"));
    assert_eq!(read.serial_no, "0ABC");
}
