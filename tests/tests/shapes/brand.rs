//! The brand scheme: another word at the head of `Authorization`, and `brand_id` for `mchid`.

use http::Method;
use wxpay_proto::v3::{Authorization, Call, Credentials, Scheme};
use wxpay_proto::{BrandId, MerchantId, Serial, Unsigned};
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

/// Parameters and answers know nothing of brands: the same message, the same verification.
#[test]
fn only_the_header_of_a_brand_differs() {
    let serial = || Serial::new("ABC").expect("a serial");
    let brand = Credentials::brand(BrandId::new("40001").expect("a brand"), serial());
    let merchant = Credentials::merchant(MerchantId::new("40001").expect("a merchant number"), serial());
    assert_eq!(
        (brand.scheme(), merchant.scheme()),
        (Scheme::BrandRsa, Scheme::MerchantRsa)
    );
    assert_eq!(brand.scheme().algorithm(), merchant.scheme().algorithm());
    let call = Call::new(Method::POST, "/brand/card/1").body("{}");
    let sent = |credentials: Credentials| {
        let unsigned =
            Unsigned::new(&call, &credentials.answer_key(platform_id()), &stamp()).expect("a request");
        let message = unsigned.message().to_vec();
        let (request, _) = unsigned
            .sign(&merchant_key())
            .expect("a signed request")
            .into_parts();
        let header = request.headers()["authorization"]
            .to_str()
            .expect("a text")
            .to_owned();
        (message, header)
    };
    let ((one, brand), (other, merchant)) = (sent(brand), sent(merchant));
    assert_eq!(one, other);
    let renamed = brand.replace(
        "WECHATPAY-BRAND-SHA256-RSA2048 brand_id",
        "WECHATPAY2-SHA256-RSA2048 mchid",
    );
    assert_eq!(renamed, merchant);
    // A brand's number under a merchant's scheme is no header of either.
    let mixed = brand.replace("brand_id", "mchid");
    assert!(Authorization::parse(&mixed).is_err());
}
