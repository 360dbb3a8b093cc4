//! Pictures: what merchants upload (图片上传), and the pictures of complaints, which come back.

use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use wxpay_hyper::Content;
use wxpay_proto::v3::{Raw, UnprovenFile, V3};
use wxpay_proto::{BuildError, Draft, Effect, FilePart, Meta, Operation, Outcome};
use wxpay_sim::{Grievance, OrderRef, Simulator};

use crate::support::{APPID, client, say};

/// It holds what a boundary looks like, and bytes that are no text.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n--wxpay-\r\n\x00\xff";

/// The file of an upload, and the digest that is told of it.
#[derive(Clone)]
struct Picture {
    file: FilePart,
    told: String,
}

impl Picture {
    fn new(name: &str, content: &'static [u8]) -> Self {
        let file = FilePart::new(name, "image/png", Bytes::from_static(content));
        let told = file.sha256().to_owned();
        Self { file, told }
    }

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        let meta = json!({ "filename": self.file.name(), "sha256": self.told });
        draft.multipart(&meta, &[], "file", Some(&self.file))
    }
}

/// A picture for the merchant's papers.
#[derive(Clone)]
struct Paper(Picture);

impl Operation for Paper {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta = Meta::new("paper", Method::POST, "/v3/merchant/media/upload").effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        self.0.write(draft)
    }
}

/// A picture for the answer to a complaint.
#[derive(Clone)]
struct Evidence(Picture);

impl Operation for Evidence {
    type Protocol = V3;
    type Response = Raw;
    const META: Meta =
        Meta::new("evidence", Method::POST, "/v3/merchant-service/images/upload").effect(Effect::Write);

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        self.0.write(draft)
    }
}

/// Fetches a picture of a complaint. Nobody signs it.
#[derive(Clone)]
struct Fetch(String);

impl Operation for Fetch {
    type Protocol = V3;
    type Response = UnprovenFile;
    const META: Meta = Meta::new("fetch", Method::GET, "/v3/merchant-service/images/{media_id}");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.path("media_id", Some(self.0.as_str()))
    }
}

#[tokio::test]
async fn a_picture_is_uploaded_held_or_streamed_and_another_digest_is_refused() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    let paper = Paper(Picture::new("licence.png", PICTURE));
    let answer: Value = client.send(&paper).await.unwrap().json().unwrap();
    assert!(answer["media_id"].is_string(), "{answer}");

    let path = std::env::temp_dir().join(format!("wxpay-licence-{}.png", std::process::id()));
    std::fs::write(&path, PICTURE).unwrap();
    let content = Content::file(&path).await.unwrap();
    let file = content.part("licence.png", "image/png");
    let told = file.sha256().to_owned();
    let streamed = client.upload(&Paper(Picture { file, told }), &content).await;
    std::fs::remove_file(&path).unwrap();
    assert_eq!(streamed.unwrap().json::<Value>().unwrap(), answer);
    let log = simulator.log();
    let [held, flowed] = log.as_slice() else {
        panic!("{} requests", log.len());
    };
    assert_eq!(held.request.body().len(), flowed.request.body().len());

    let mut other = paper.clone();
    other.0.told = "0".repeat(64);
    let refused = client.send(&other).await.unwrap_err();
    assert_eq!(refused.outcome(), Outcome::Refused);
    assert_eq!(refused.api_error().unwrap().field(), Some("/meta/sha256"));
}

#[tokio::test]
async fn a_picture_goes_out_with_a_reply_and_comes_back_from_its_history() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let order = json!({
        "appid": APPID, "mchid": mchid, "description": "茶", "out_trade_no": "PICTURE1",
        "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
    });
    say(&client, Method::POST, "/v3/pay/transactions/native", order)
        .await
        .unwrap();
    let order = OrderRef::order("PICTURE1");
    simulator.pay(&order).unwrap();
    let made =
        simulator.control(|platform, clocks| platform.complain(&order, &Grievance::new("没有收到"), clocks));
    let complaint = format!("/v3/merchant-service/complaints-v2/{}", made.unwrap());

    let evidence = Evidence(Picture::new("parcel.png", PICTURE));
    let uploaded: Value = client.send(&evidence).await.unwrap().json().unwrap();
    let reply = json!({
        "complainted_mchid": mchid, "response_content": "已签收", "response_images": [uploaded["media_id"]],
    });
    say(&client, Method::POST, &format!("{complaint}/response"), reply)
        .await
        .unwrap();
    let history = format!("{complaint}/negotiation-historys");
    let history = say(&client, Method::GET, &history, Value::Null).await.unwrap();
    let address = history["data"][0]["image_list"][0].as_str().unwrap();
    let (_, media_id) = address.rsplit_once('/').unwrap();
    assert_eq!(uploaded["media_id"], media_id);

    let file = client.send(&Fetch(media_id.to_owned())).await.unwrap();
    assert_eq!(file.claimed().content(), PICTURE);
    // Whom it does not concern sees nothing of it.
    let stranger = crate::support::client(&simulator, simulator.profile().partner());
    let refused = stranger.send(&Fetch(media_id.to_owned())).await.unwrap_err();
    assert_eq!(refused.api_error().unwrap().status, 404);
}
