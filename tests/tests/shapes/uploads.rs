//! Uploads: the text of `meta` is signed, and the body is laid out as protocol section 10.2 says.

use http::Method;
use wxpay_proto::v3::{Raw, V3};
use wxpay_proto::{BuildError, Draft, Meta, Nonce, Operation, Stamp, Unsigned, Upload, UploadFrame};
use wxpay_tests::journey::{now, stamp, v3_credentials};

use crate::{ask_v3, header};

const META: &str = r#"{ "filename": "a.png", "sha256": "0a" }"#;

#[derive(Clone, Debug)]
struct UploadImage {
    upload: Upload,
}

impl UploadImage {
    fn new(file_name: &str, content: &'static [u8]) -> Self {
        Self {
            upload: Upload::new(META, file_name, "image/png", content.into()),
        }
    }
}

impl Operation for UploadImage {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("test.upload", Method::POST, "/v3/merchant/media/upload");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.upload(self.upload.clone());
        Ok(())
    }
}

#[test]
fn only_the_description_is_signed() {
    let message = |content| {
        let operation = UploadImage::new("a.png", content);
        Unsigned::new(&operation, &v3_credentials(), &stamp())
            .expect("a request")
            .message()
            .to_vec()
    };
    let wanted =
        format!("POST\n/v3/merchant/media/upload\n1700000000\n5K8264ILTKCH16CQ2502SI8ZNMTM67VS\n{META}\n");
    assert_eq!(message(b"\x89PNG"), wanted.as_bytes());
    assert_eq!(message(b"something else"), wanted.as_bytes());
}

#[test]
fn the_body_has_two_parts_with_crlf_between() {
    let (request, _) = ask_v3(&UploadImage::new("a.png", b"\x89PNG\r\n\0")).expect("a request");
    let content_type = header(&request, "content-type").expect("a content type");
    assert_eq!(
        content_type,
        "multipart/form-data; boundary=wxpay-5K8264ILTKCH16CQ2502SI8ZNMTM67VS"
    );
    assert_eq!(header(&request, "accept"), Some("application/json"));
    let mut wanted = Vec::new();
    for part in [
        "--wxpay-5K8264ILTKCH16CQ2502SI8ZNMTM67VS\r\n",
        "Content-Disposition: form-data; name=\"meta\"\r\n",
        "Content-Type: application/json\r\n\r\n",
        META,
        "\r\n--wxpay-5K8264ILTKCH16CQ2502SI8ZNMTM67VS\r\n",
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n",
        "Content-Type: image/png\r\n\r\n",
    ] {
        wanted.extend_from_slice(part.as_bytes());
    }
    wanted.extend_from_slice(b"\x89PNG\r\n\0\r\n--wxpay-5K8264ILTKCH16CQ2502SI8ZNMTM67VS--\r\n");
    assert_eq!(request.body(), &wanted);
}

#[test]
fn a_file_name_cannot_leave_its_quotes() {
    let (request, _) = ask_v3(&UploadImage::new("a\"; x=\"\r\nX: y.png", b"")).expect("a request");
    let body = String::from_utf8(request.body().to_vec()).expect("UTF-8");
    assert!(
        body.contains("filename=\"a%22; x=%22%0D%0AX: y.png\"\r\n"),
        "{body}"
    );
}

#[test]
fn a_file_that_holds_the_boundary_is_refused_and_goes_with_another_nonce() {
    let operation = UploadImage::new("a.png", b"..wxpay-5K8264ILTKCH16CQ2502SI8ZNMTM67VS..");
    let error = Unsigned::new(&operation, &v3_credentials(), &stamp()).expect_err("the boundary is inside");
    assert!(
        matches!(&error, BuildError::Body { problem, .. } if problem.contains("fresh nonce")),
        "{error}"
    );
    let other = Stamp::new(now(), Nonce::new("other").expect("a nonce"));
    assert!(Unsigned::new(&operation, &v3_credentials(), &other).is_ok());
}

#[test]
fn a_media_type_cannot_add_a_line() {
    let mut operation = UploadImage::new("a.png", b"");
    operation.upload.content_type = "image/png\r\nX: y".to_owned();
    assert!(matches!(ask_v3(&operation), Err(BuildError::Body { .. })));
}

#[test]
fn what_stands_around_a_file_is_found_where_the_file_is_empty_and_nowhere_else() {
    let frame = |content| {
        let (request, _) = ask_v3(&UploadImage::new("a.png", content)).expect("a request");
        (UploadFrame::of(&request), request)
    };
    let (found, request) = frame(b"");
    let found = found.expect("an empty file");
    let nonce = Nonce::new("5K8264ILTKCH16CQ2502SI8ZNMTM67VS").expect("a nonce");
    let made = UploadImage::new("a.png", b"").upload.frame(&nonce);
    assert_eq!(found, made.expect("a frame"));
    let (_, whole) = frame(b"\x89PNG");
    let sent = [&found.prefix[..], b"\x89PNG", &found.suffix[..]].concat();
    assert_eq!(whole.body(), &sent);
    assert_eq!(found.content_length(4), whole.body().len() as u64);
    assert_eq!(found.prefix.len() + found.suffix.len(), request.body().len());
    for content in [&b"x"[..], b"\r\n\r\n", b"a: b\r\n\r\n", b"\r\n"] {
        assert_eq!(frame(content).0, None, "{content:?}");
    }
    let (json, _) =
        ask_v3(&wxpay_proto::v3::Call::new(Method::POST, "/v3/x").body(&b"{}"[..])).expect("a request");
    assert_eq!(UploadFrame::of(&json), None);
}
