//! Uploads: what is written is what an independent parser reads, whole or in segments.

use bytes::Bytes;
use multer::Multipart;
use proptest::prelude::*;
use serde_json::Value;
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::v3::{Raw, V3};
use wxpay_proto::{BuildError, Draft, FilePart, Meta, Nonce, Operation, Stamp, Unsigned, Upload, UploadMeta};
use wxpay_tests::journey::{now, v3_credentials};

use crate::{bytes, config, text};

#[derive(Clone, Debug)]
struct Any(Upload);

impl Operation for Any {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("test.upload", http::Method::POST, "/v3/merchant/media/upload");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.upload(self.0.clone());
        Ok(())
    }
}

/// Every kind of description.
fn kind() -> impl Strategy<Value = UploadMeta> {
    prop_oneof![
        Just(UploadMeta::media()),
        Just(UploadMeta::cancellation()),
        Just(UploadMeta::submission()),
        Just(
            UploadMeta::due_diligence()
                .with("sub_mchid", "1230001104")
                .with("item_id", 130_013)
        ),
        text(8).prop_map(UploadMeta::bank_package),
        (text(8), text(8)).prop_map(|(id, openid)| UploadMeta::shopping_receipt(id, openid)),
        text(8).prop_map(UploadMeta::fapiao),
        (text(8), any::<u32>()).prop_map(|(company, region)| UploadMeta::taxi_invoice(company, region)),
    ]
}

/// What stands in a part: name, file name, media type, content.
type Part = (Option<String>, Option<String>, Option<String>, Bytes);

fn parse(content_type: &str, body: &[u8]) -> Vec<Part> {
    let boundary = multer::parse_boundary(content_type).expect("a boundary");
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.build().expect("a runtime");
    runtime.block_on(async {
        let mut parts = Vec::new();
        let mut multipart = Multipart::with_reader(body, boundary);
        while let Some(field) = multipart.next_field().await.expect("a part") {
            let head = (
                field.name().map(str::to_owned),
                field.file_name().map(str::to_owned),
                field.content_type().map(ToString::to_string),
            );
            let content = field.bytes().await.expect("its content");
            parts.push((head.0, head.1, head.2, content));
        }
        parts
    })
}

/// As browsers write names.
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

/// Whether a character cannot stand in a name, not even escaped.
fn is_refused(c: char) -> bool {
    c.is_ascii_control() && c != '\r' && c != '\n'
}

/// A file name. The parser on the other side takes a backslash for an escape, as nobody who writes names does.
fn name() -> impl Strategy<Value = String> {
    text(20).prop_map(|text| text.replace(|c| c == '\\' || is_refused(c), "") + ".png")
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn what_is_written_is_read(kind in kind(), name in name(), content in bytes(300), nonce in "[0-9A-Za-z]{16,32}") {
        let file = FilePart::new(name.as_str(), "image/png", content.clone());
        let upload = kind.clone().upload(&file);
        let stamp = Stamp::new(now(), Nonce::new(nonce).expect("a nonce"));
        let operation = Any(upload.clone());
        let unsigned = Unsigned::new(&operation, &v3_credentials(), &stamp).expect("a request");
        let signed = unsigned.message().to_vec();
        let request = unsigned.attach(&wxpay_proto::crypto::Signature::new(*b"x")).expect("a request").into_parts().0;
        let content_type = request.headers()["content-type"].to_str().expect("a text");

        let parts = parse(content_type, request.body());
        prop_assert_eq!(parts.len(), 2);
        let (meta, sent) = (&parts[0], &parts[1]);
        prop_assert_eq!(meta.0.as_deref(), Some("meta"));
        prop_assert_eq!(meta.2.as_deref(), Some("application/json"));
        prop_assert_eq!(&meta.3, upload.meta.as_bytes());
        prop_assert!(signed.ends_with(format!("\n{}\n", upload.meta).as_bytes()), "it is what is signed");
        prop_assert_eq!(sent.0.as_deref(), Some(&*upload.file_name_of_part));
        prop_assert_eq!(&sent.1, &Some(escaped(&name)));
        prop_assert_eq!(sent.2.as_deref(), Some("image/png"));
        prop_assert_eq!(&sent.3, &content);

        // The segments make the same body, and the description made while streaming is the same text.
        let frame = upload.frame(&stamp.nonce).expect("a frame");
        prop_assert_eq!(&frame.content_type, content_type);
        prop_assert_eq!(&[&frame.prefix[..], &content, &frame.suffix].concat(), request.body());
        prop_assert_eq!(frame.content_length(content.len() as u64), request.body().len() as u64);
        let mut digest = kind.begin();
        content.chunks(7).for_each(|piece| digest.update(piece));
        let streamed = digest.finish(name.as_str(), "image/png");
        prop_assert_eq!(&streamed.meta, &upload.meta);
        prop_assert_eq!(streamed.frame(&stamp.nonce).expect("a frame"), frame);

        // The description tells the file's name as it is, and its digest.
        let meta: Value = serde_json::from_str(&upload.meta).expect("JSON");
        let told = |names: &[&str]| names.iter().find_map(|name| meta.get(*name)?.as_str()).map(str::to_owned);
        prop_assert!(told(&["filename", "file_name"]).is_none_or(|found| found == name));
        let (algorithm, digest) = match told(&["sha256", "file_digest"]) {
            Some(digest) => ("SHA256", digest),
            None => ("SM3", told(&["digest"]).expect("a digest")),
        };
        prop_assert_eq!(FileDigest::new(algorithm, &digest).expect("a digest").check(&content), Ok(()));
    }

    #[test]
    fn a_control_character_in_a_name_is_refused(before in text(5), control in prop::char::range('\0', '\u{7f}').prop_filter("refused", |c| is_refused(*c)), after in text(5)) {
        let name = format!("{before}{control}{after}");
        let upload = UploadMeta::media().upload(&FilePart::new(name, "image/png", "x"));
        prop_assert!(upload.frame(&Nonce::new("n").expect("a nonce")).is_err());
    }

    #[test]
    fn a_boundary_inside_is_refused(before in bytes(20), after in bytes(20), nonce in "[0-9A-Za-z]{16,32}", in_meta in any::<bool>()) {
        let inside = [&before[..], b"wxpay-", nonce.as_bytes(), &after].concat();
        let mut upload = UploadMeta::media().upload(&FilePart::new("a.png", "image/png", inside.clone()));
        if in_meta {
            upload = UploadMeta::media().with("x", format!("wxpay-{nonce}")).upload(&FilePart::new("a", "b/c", ""));
        }
        let stamp = Stamp::new(now(), Nonce::new(nonce).expect("a nonce"));
        prop_assert_eq!(upload.frame(&stamp.nonce).is_err(), in_meta);
        prop_assert!(Unsigned::new(&Any(upload), &v3_credentials(), &stamp).is_err());
    }
}
