use bytes::Bytes;
use http::{Method, Request};
use serde_json::{Value, json};
use wxpay_proto::crypto::{DigestAlgorithm, FileDigest};
use wxpay_proto::{BuildError, Draft, Meta, Operation, Unsigned, Upload, v3};

use super::client::{Table, refused};
use super::complaint::{COMPLAINTS, reply};
use crate::Grievance;

/// The upload of a picture.
#[derive(Clone)]
struct Pictured(Upload);

impl Operation for Pictured {
    type Protocol = v3::V3;
    type Response = v3::Raw;
    const META: Meta = Meta::new("test.upload", Method::POST, "/v3/merchant-service/images/upload");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.upload(self.0.clone());
        Ok(())
    }
}

impl Table {
    /// The upload of a picture, with the digest of another one perhaps.
    pub(super) fn uploading(&self, name: &str, picture: &'static [u8], told: &[u8]) -> Request<Bytes> {
        let digest = FileDigest::of(DigestAlgorithm::Sha256, told).to_hex();
        let meta = json!({ "filename": name, "sha256": digest }).to_string();
        let call = Pictured(Upload::new(meta, name, "image/png", Bytes::from_static(picture)));
        let credentials =
            v3::Credentials::merchant(self.merchant.id().clone(), self.merchant.serial().clone())
                .answer_key(self.answer_key.clone());
        let signed = Unsigned::new(&call, &credentials, &self.stamp()).unwrap();
        signed.sign(&self.key()).unwrap().into_parts().0
    }

    /// Uploads it, and gives the answer's body.
    fn upload(&mut self, name: &str, picture: &'static [u8], told: &[u8]) -> Value {
        let request = self.uploading(name, picture, told);
        serde_json::from_slice(self.handle(&request).body()).unwrap()
    }
}

#[test]
fn pictures_come_back_as_they_went_and_belong_to_replies() {
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n--\x00\xff";
    let mut table = Table::sold();
    let wrong = table.upload("reply.png", PICTURE, b"another picture");
    assert_eq!(wrong["detail"]["field"], "/meta/sha256");
    let wrong = table.upload("reply.exe", PICTURE, PICTURE);
    assert_eq!(wrong["detail"]["field"], "/meta/filename");
    let answer = table.upload("reply.png", PICTURE, PICTURE);
    let media_id = answer["media_id"].as_str().unwrap().to_owned();
    let target = format!("/v3/merchant-service/images/{media_id}");
    let request = table.request(Method::GET, &target, &Value::Null);
    let file = table.handle(&request);
    assert_eq!(file.body(), PICTURE);
    assert_eq!(file.headers()["content-type"], "image/png");
    let id = table.complain(&Grievance::new("质量"));
    let target = format!("{COMPLAINTS}/{id}/response");
    let mut body = reply("凭证");
    body["response_images"] = json!(["nobodys.png"]);
    let error = refused(table.post(&target, &body).unwrap_err());
    assert_eq!(error.field(), Some("/response_images/0"));
    body["response_images"] = json!([media_id]);
    table.post(&target, &body).unwrap();
    let history = table
        .get(&format!("{COMPLAINTS}/{id}/negotiation-historys"))
        .unwrap();
    let image = history["data"][0]["image_list"][0].as_str().unwrap();
    assert!(image.ends_with(&media_id), "{image}");
}
