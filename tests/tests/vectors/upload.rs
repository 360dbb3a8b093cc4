//! `upload`: multipart bodies, of which the first part's text is signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Backend, FileDigest};
use wxpay_proto::v3::{Authorization, Raw, V3};
use wxpay_proto::{BuildError, Draft, Host, Meta, Operation, Unsigned, Upload};
use wxpay_tests::journey::{stamp, v3_credentials};
use wxpay_tests::keys::private_key;
use wxpay_tests::vectors::Vector;

#[derive(Clone)]
struct AnyUpload {
    path: String,
    upload: Upload,
}

impl Operation for AnyUpload {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("test.upload", http::Method::POST, "/");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.route(http::Method::POST, Host::API, self.path.clone());
        draft.upload(self.upload.clone());
        Ok(())
    }
}

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let content = vector.bytes("content_base64");
    let digest = FileDigest::new("SHA256", &expected.text("file_sha256")).expect("a digest");
    assert_eq!(digest.check(&content), Ok(()));

    let file_name = vector.text("filename");
    let media_type = if file_name.ends_with(".csv") {
        "text/csv"
    } else {
        "image/png"
    };
    let mut upload = Upload::new(vector.text("meta"), file_name, media_type, content.into());
    if vector.name == "submission_file_variant" {
        upload.file_name_of_part = "submission_file".into();
    }
    let operation = AnyUpload {
        path: vector.text("path").to_owned(),
        upload,
    };
    assert_eq!(vector.text("timestamp"), stamp().timestamp.to_string());
    assert_eq!(vector.text("nonce_str"), stamp().nonce.as_str());
    let unsigned = Unsigned::new(&operation, &v3_credentials(), &stamp()).expect("a request");
    assert_eq!(
        STANDARD.encode(unsigned.message()),
        expected.text("message_base64")
    );

    let signed = unsigned
        .sign(&private_key(vector.text("key"), backend))
        .expect("a signed request");
    let (request, _) = signed.into_parts();
    let header = request.headers()["authorization"].to_str().expect("a text");
    let authorization = Authorization::parse(header).expect("an Authorization");
    assert_eq!(authorization.signature, expected.text("signature"));

    // The boundary is free; with theirs in the place of ours, the body is theirs byte for byte.
    let content_type = request.headers()["content-type"].to_str().expect("a text");
    let (_, ours) = content_type.split_once("boundary=").expect("a boundary");
    let theirs = expected.text("content_type");
    assert_eq!(content_type.replace(ours, "boundary"), theirs);
    let body = replace(request.body(), ours.as_bytes(), b"boundary");
    assert_eq!(STANDARD.encode(body), expected.text("one_valid_body_base64"));
    expected.finish();
}

fn replace(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut replaced = Vec::new();
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(old) {
            replaced.extend_from_slice(new);
            rest = after;
        } else {
            replaced.push(*first);
            rest = tail;
        }
    }
    replaced
}
