//! Files: proven by a digest that a signed answer told, and readable in no other way.

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::v3::Download;
use wxpay_proto::{Error, Outcome, VerifiedBy, VerifyError};
use wxpay_tests::journey::{now, signed_answer, trusted, unsigned_answer};

use crate::{ask_v3, header};

const URL: &str = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=A%2BB%2FC%3D%3D&tartype=gzip";
const CONTENT: &str = "交易时间,金额\n";
/// Of the content, by another tool.
const SHA1: &str = "9e257be2254f528ba5b3305d1450c2831df5e1e8";
const SHA256: &str = "088be9b6149ac1f0581a05a5db50090e5a2a5dcfef14bef36fa30a5649a99097";

fn ask() -> wxpay_proto::Pending<Download> {
    let (request, pending) = ask_v3(&Download::new(URL).expect("an address")).expect("a request");
    assert_eq!(request.uri(), URL);
    assert_eq!(header(&request, "accept"), Some("*/*"));
    assert!(header(&request, "authorization").is_some());
    pending
}

#[test]
fn the_right_digest_opens_the_file() {
    for (kind, value) in [
        ("SHA1", SHA1.to_owned()),
        ("SHA1", SHA1.to_uppercase()),
        ("SHA256", SHA256.to_owned()),
    ] {
        let digest = FileDigest::new(kind, &value).expect("a digest");
        let answer = ask().receive(unsigned_answer(200, CONTENT));
        let file = answer.file(&digest, &trusted(), now()).expect("the file");
        assert_eq!(file.content(), CONTENT);
        assert_eq!(file.verified_by(), &VerifiedBy::FileDigest);
    }
}

#[test]
fn a_wrong_digest_opens_nothing() {
    let digest = FileDigest::new("SHA1", SHA1).expect("a digest");
    for body in ["", "交易时间,金额", "another file"] {
        let error = ask()
            .receive(unsigned_answer(200, body))
            .file(&digest, &trusted(), now());
        let error = error.expect_err("another file");
        assert!(
            matches!(
                &error,
                Error::Unverified {
                    source: VerifyError::WrongDigest(_),
                    ..
                }
            ),
            "{error}"
        );
        assert!(error.to_string().contains(SHA1), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert!(!format!("{error:?}").contains("another file"), "{error:?}");
    }
}

#[test]
fn a_signature_does_not_stand_in_for_the_digest() {
    let digest = FileDigest::new("SHA1", SHA1).expect("a digest");
    let error = ask()
        .receive(signed_answer(200, "another file"))
        .file(&digest, &trusted(), now());
    assert!(matches!(
        error,
        Err(Error::Unverified {
            source: VerifyError::WrongDigest(_),
            ..
        })
    ));
}

#[test]
fn a_refusal_in_the_place_of_a_file_is_a_refusal() {
    let digest = FileDigest::new("SHA1", SHA1).expect("a digest");
    let body = r#"{"code":"NO_STATEMENT_EXIST","message":"x"}"#;
    for (answer, authentic) in [
        (unsigned_answer(400, body), false),
        (signed_answer(400, body), true),
    ] {
        let error = ask()
            .receive(answer)
            .file(&digest, &trusted(), now())
            .expect_err("a refusal");
        let refusal = error.api_error().expect("WeChat Pay's error");
        assert_eq!(
            (refusal.code.as_deref(), refusal.authentic),
            (Some("NO_STATEMENT_EXIST"), authentic)
        );
        assert_eq!(error.outcome(), Outcome::Refused);
    }
}

#[test]
fn a_digest_that_is_none_is_refused_when_it_is_made() {
    for (kind, value) in [
        ("MD5", "d41d8cd98f00b204e9800998ecf8427e"),
        ("SHA1", SHA256),
        ("SHA256", SHA1),
        ("SHA1", "x"),
        ("", ""),
    ] {
        assert!(FileDigest::new(kind, value).is_err(), "{kind} {value}");
    }
}
