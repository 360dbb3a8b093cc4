//! All v3 uploads: answered when the file is what `meta` says, and refused by name when it is not.

use bytes::Bytes;
use serde_json::{Value, json};
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::{Upload, v3};
use wxpay_types::schema::{Kind, OperationInfo, Place, Protocol};
use wxpay_types::table;

use super::super::client::{Table, refused};
use super::caller::{Any, key, plain, seal_object, sealed, send};
use super::compose::{self, Extent};
use super::expect;

const CONTENT: &[u8] = b"\x89PNG\r\n--wxpay\r\n\x00\xff";

/// A product keeps what is uploaded here, and has tests of its own.
const KEPT: &str = "v3.merchant-service.upload_image";

fn uploads() -> impl Iterator<Item = &'static OperationInfo> {
    let uploads = table::operations().filter(|info| info.protocol == Protocol::V3 && info.multipart);
    uploads.filter(|info| info.name != KEPT)
}

/// The request that the catalogue makes of an upload, its `meta` changed.
fn call(info: &OperationInfo, change: impl Fn(&mut Value)) -> (Any<v3::Raw>, Value) {
    let table = Table::merchant();
    let mut request = compose::request(info, Extent::All);
    seal_object(&info.request, &mut request, &|text| sealed(&table, info, text));
    let meta = &mut request["meta"];
    for (name, value) in meta.as_object_mut().unwrap() {
        match name.as_str() {
            "filename" | "file_name" => *value = "a;b.png".into(),
            "sha256" | "file_digest" => {
                *value = FileDigest::of(DigestAlgorithm::Sha256, CONTENT).to_hex().into();
            }
            "digest" => *value = FileDigest::of(DigestAlgorithm::Sm3, CONTENT).to_hex().into(),
            _ => {}
        }
    }
    change(meta);
    let mut upload = Upload::new(
        meta.to_string(),
        "a;b.png",
        "image/png",
        Bytes::from_static(CONTENT),
    );
    for field in info.params().filter(|field| field.place == Place::Form) {
        match field.kind {
            Kind::File => upload.file_name_of_part = field.name.clone().into(),
            Kind::Object(_) => {}
            _ => {
                let text = plain(&request[&field.name]);
                upload.texts.push((field.name.clone().into(), text));
            }
        }
    }
    let mut call = Any::as_is(info, &request);
    call.upload = Some(upload);
    (call, request)
}

#[test]
fn every_upload_is_answered() {
    let mut table = Table::merchant();
    let keys = table.platform.profile().platform_keys();
    let key = key(&table);
    let (mut answered, mut wrong) = (0, Vec::new());
    for info in uploads() {
        let (call, request) = call(info, |_| {});
        let answer = send(&mut table, &key, &call).unwrap();
        let answer = answer.verify(&keys, table.clocks.wire);
        let answer = answer
            .unwrap_or_else(|error| panic!("{}: {error}", info.name))
            .into_inner();
        match info.response {
            Some(_) => expect::answer(info, &request, &answer.json().unwrap(), &key, &mut wrong),
            None => assert!(answer.body.is_empty()),
        }
        answered += 1;
    }
    assert_eq!(wrong, [""; 0]);
    assert!(answered >= 15, "{answered}");
}

#[test]
fn every_upload_is_held_against_its_meta() {
    let mut table = Table::merchant();
    let keys = table.platform.profile().platform_keys();
    let key = key(&table);
    let mut refuse = |call: &Any<v3::Raw>| {
        let answer = send(&mut table, &key, call).unwrap();
        let error = refused(answer.verify(&keys, table.clocks.wire).unwrap_err());
        let field = error.field().unwrap().to_owned();
        let code = match error.inner_code() {
            Some(270_924_358) => "INVALID_REQUEST",
            _ => "PARAM_ERROR",
        };
        assert_eq!(error.code.as_deref(), Some(code), "{error}");
        field
    };
    for info in uploads() {
        let digest = ["sha256", "file_digest", "digest"];
        let (call, request) = call(info, |_| {});
        let digest = digest
            .into_iter()
            .find(|name| request["meta"].get(name).is_some())
            .unwrap();

        let mut other = call.clone();
        other.upload.as_mut().unwrap().content = Bytes::from_static(b"another picture");
        assert_eq!(refuse(&other), format!("/meta/{digest}"), "{}", info.name);

        let (without, _) = self::call(info, |meta| {
            meta.as_object_mut().unwrap().remove(digest);
        });
        let field = refuse(&without);
        assert!(
            field == "/meta/sha256" || field == format!("/meta/{digest}"),
            "{}: {field}",
            info.name
        );

        let (strange, _) = self::call(info, |meta| meta["no_such_member"] = json!(1));
        assert_eq!(refuse(&strange), "/meta/no_such_member", "{}", info.name);

        let mut elsewhere = call.clone();
        elsewhere.upload.as_mut().unwrap().file_name_of_part = "picture".into();
        let part = info
            .params()
            .find(|field| matches!(field.kind, Kind::File))
            .unwrap();
        let field = refuse(&elsewhere);
        assert!(
            field == "/picture" || field == format!("/{}", part.name),
            "{}: {field}",
            info.name
        );

        if let Some(name) = ["filename", "file_name"]
            .into_iter()
            .find(|name| request["meta"].get(name).is_some())
        {
            let mut renamed = call.clone();
            renamed.upload.as_mut().unwrap().file_name = "b.png".into();
            assert_eq!(refuse(&renamed), format!("/meta/{name}"), "{}", info.name);
        }
    }
}
