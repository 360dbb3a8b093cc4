//! Bills as they are fetched: packed, encrypted, of v2; each is proven, or says that it is not.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use wxpay_proto::crypto::{Backend, Encryptor as _, FileDigest, Padding};
use wxpay_proto::file::{FileError, FileForm, FileKey, SealedFile};
use wxpay_proto::v3::Download;
use wxpay_proto::{Error, Outcome, VerifiedBy, VerifyError, v2};
use wxpay_tests::journey::{now, trusted, unsigned_answer};
use wxpay_tests::keys::{api_v2_key, private_key, public_key};

use crate::{ask_v2, ask_v3};

const URL: &str = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=A%2BB%2FC%3D%3D&tartype=gzip";
const BILL: &str = "交易时间,金额\n";
/// Of the bill, by another tool.
const SHA1: &str = "9e257be2254f528ba5b3305d1450c2831df5e1e8";
const NONCE: &str = "be3c1d9a5f7e";

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).expect("memory");
    encoder.finish().expect("memory")
}

fn ask() -> wxpay_proto::Pending<Download> {
    ask_v3(&Download::new(URL).expect("an address"))
        .expect("a request")
        .1
}

fn digest() -> FileDigest {
    FileDigest::new("SHA1", SHA1).expect("a digest")
}

#[test]
fn a_packed_bill_is_proven_by_the_digest_of_its_text() {
    let packed = gzip(BILL.as_bytes());
    let answer = ask().receive(unsigned_answer(200, packed.clone()));
    let file = answer.file(&digest(), &trusted(), now()).expect("the bill");
    assert_eq!(file.content(), BILL);
    assert_eq!(file.body(), &packed);
    for damaged in [&packed[..packed.len() - 1], &packed[..5], &gzip(b"another")] {
        let answer = ask().receive(unsigned_answer(200, damaged.to_vec()));
        let error = answer
            .file(&digest(), &trusted(), now())
            .expect_err("another file");
        assert!(
            matches!(
                &error,
                Error::Unverified {
                    source: VerifyError::File(FileError::Gzip { .. }) | VerifyError::WrongDigest(_),
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[test]
fn an_encrypted_bill_is_opened_with_the_merchants_key() {
    let secret = b"0123456789abcdefghijklmnopqrstuv";
    for backend in Backend::ALL {
        // As WeChat Pay seals it: for the merchant's certificate.
        let mut entropy = |bytes: &mut [u8]| bytes.fill(7);
        let sealed_key = public_key("merchant_rsa", *backend)
            .encrypt(Padding::OaepSha1, secret, &mut entropy)
            .expect("sealed");
        let sealed_key = STANDARD.encode(sealed_key);
        let key = FileKey::open(&sealed_key, &private_key("merchant_rsa", *backend)).expect("a key");

        for text in [BILL.as_bytes().to_vec(), gzip(BILL.as_bytes())] {
            let body = key.seal(NONCE, b"", &text).expect("sealed");
            for told in [None, Some(digest())] {
                let sealed = SealedFile::new(&key, NONCE).expect("a nonce");
                let answer = ask().receive(unsigned_answer(200, body.clone()));
                let file = answer.sealed_file(sealed, told.as_ref(), &trusted(), now());
                let file = file.expect("the bill");
                assert_eq!(file.content(), BILL);
                assert_eq!(file.verified_by(), &VerifiedBy::FileKey);
            }
            let mut forged = body.clone();
            forged[3] ^= 1;
            let sealed = SealedFile::new(&key, NONCE).expect("a nonce");
            let answer = ask().receive(unsigned_answer(200, forged));
            let error = answer.sealed_file(sealed, None, &trusted(), now());
            let source = match error.expect_err("it was changed") {
                Error::Unverified { source, .. } => source,
                other => panic!("{other}"),
            };
            assert_eq!(source, VerifyError::File(FileError::Forged));
        }
        // The tag fits, and the digest is another's: put together from pieces of two bills, say.
        let body = key.seal(NONCE, b"", b"another").expect("sealed");
        let sealed = SealedFile::new(&key, NONCE).expect("a nonce");
        let answer = ask().receive(unsigned_answer(200, body));
        let error = answer.sealed_file(sealed, Some(&digest()), &trusted(), now());
        assert!(matches!(
            error,
            Err(Error::Unverified {
                source: VerifyError::WrongDigest(_),
                ..
            })
        ));
    }
    let merchant = private_key("merchant_rsa", Backend::AwsLc);
    for no_key in ["", "!", "AAAA"] {
        assert!(matches!(FileKey::open(no_key, &merchant), Err(FileError::Key(_))));
    }
}

#[test]
fn a_v2_bill_is_text_or_packed_or_a_refusal() {
    let ask = || ask_v2(&v2::Call::new("/pay/downloadbill")).expect("a request").1;
    let key = api_v2_key();
    let text = format!("\u{FEFF}{BILL}");
    for (body, form) in [
        (text.clone().into_bytes(), FileForm::Plain),
        (gzip(text.as_bytes()), FileForm::Gzip),
    ] {
        let answer = ask()
            .receive(unsigned_answer(200, body.clone()))
            .verify(&key, now())
            .expect("a bill");
        let body = answer.claimed().body.clone();
        assert_eq!(FileForm::of(&body), form);
        assert_eq!(
            wxpay_proto::file::unpack(&body, 1000).expect("a bill"),
            text.as_bytes()
        );
        let limit = 5;
        assert_eq!(
            wxpay_proto::file::unpack(&body, limit),
            Err(FileError::TooLarge { limit })
        );
    }
    let xml = "<xml><return_code>FAIL</return_code><return_msg>No Bill Exist</return_msg><error_code>20002</error_code></xml>";
    assert_eq!(FileForm::of(xml.as_bytes()), FileForm::Xml);
    let error = ask().receive(unsigned_answer(200, xml)).verify(&key, now());
    let error = error.expect_err("a refusal");
    assert_eq!(
        error.api_error().and_then(|error| error.code.as_deref()),
        Some("20002")
    );
}
