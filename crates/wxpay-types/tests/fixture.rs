//! Families with one of everything, generated from `fixture/catalogue`: they compile, and they do what they say.

#![expect(clippy::unwrap_used, reason = "a test that cannot set itself up must fail")]

use serde_json::json;
use wxpay_proto::{ApiV2Key, KeyId, MerchantId, Meta, Nonce, Operation, Sensitive, Serial};
use wxpay_proto::{SignTypeRule, Stamp, UnixTime, Unsigned, v2 as proto_v2, v3 as proto_v3};
// What the generated modules import from their crate.
use wxpay_types::schema::{Returns, Signed};
use wxpay_types::table::Table;
use wxpay_types::{YesNo, check, record, secrets};

#[expect(
    dead_code,
    unreachable_pub,
    reason = "generated for a library, and not all of it is called here"
)]
#[path = "fixture/v2/everything.rs"]
mod v2;
#[expect(
    dead_code,
    unreachable_pub,
    reason = "generated for a library, and not all of it is called here"
)]
#[path = "fixture/v3/everything.rs"]
mod v3;

#[path = "fixture/beyond_xml.rs"]
mod beyond_xml;
#[path = "fixture/seals.rs"]
mod seals;

const NOW: UnixTime = UnixTime::from_secs(1_554_208_460);

fn stamp() -> Stamp {
    Stamp::new(NOW, Nonce::new("5K8264ILTKCH16CQ2502SI8ZNMTM67VS").unwrap())
}

fn ask_v2<O: Operation<Protocol = proto_v2::V2>>(operation: &O) -> Unsigned<O> {
    let credentials = proto_v2::Credentials::new(MerchantId::new("1900000109").unwrap());
    Unsigned::new(operation, &credentials, &stamp()).unwrap()
}

fn v3_unsigned<O: Operation<Protocol = proto_v3::V3>>(
    operation: &O,
) -> Result<Unsigned<O>, wxpay_proto::BuildError> {
    let serial = Serial::new("1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C").unwrap();
    let credentials =
        proto_v3::Credentials::merchant(MerchantId::new("1900000109").unwrap(), serial).answer_key(key_id());
    Unsigned::new(operation, &credentials, &stamp())
}

/// The body as it is sent, under a signature that is none.
fn v3_body<O: Operation<Protocol = proto_v3::V3>>(operation: &O) -> String {
    let signature = wxpay_proto::crypto::Signature::new(vec![1]);
    let signed = v3_unsigned(operation).unwrap().attach(&signature).unwrap();
    String::from_utf8(signed.into_parts().0.body().to_vec()).unwrap()
}

/// The signed message: method, target, time, nonce and body.
fn v3_message<O: Operation<Protocol = proto_v3::V3>>(operation: &O) -> Vec<String> {
    let message = v3_unsigned(operation).unwrap().message().to_vec();
    let message = String::from_utf8(message).unwrap();
    message.lines().map(ToOwned::to_owned).collect()
}

#[test]
fn a_v2_request_is_flat() {
    let query = v2::RefundQuery::default()
        .appid("wx1")
        .out_trade_no("P1")
        .detail(wxpay_proto::JsonText::new(&vec![v2::Item::default().goods_id("g")]).unwrap())
        .risk_info(wxpay_proto::UrlEncodedText::new(&v2::Item::default().goods_id("g").quantity(2)).unwrap())
        .profit_sharing(true)
        .goods([
            v2::RefundQueryGood::default().goods_id("a").goods_fee(1),
            v2::RefundQueryGood::default().goods_id("b"),
        ]);
    let message = String::from_utf8(ask_v2(&query).message().to_vec()).unwrap();
    assert_eq!(
        message,
        "appid=wx1&detail=[{\"goods_id\":\"g\"}]&goods_fee_0=1&goods_id_0=a&goods_id_1=b\
         &nonce_str=5K8264ILTKCH16CQ2502SI8ZNMTM67VS&out_trade_no=P1&profit_sharing=Y\
         &risk_info=goods_id%3Dg%26quantity%3D2&sign_type=HMAC-SHA256"
    );
    let risk: v2::Item = query.risk_info.unwrap().parse().unwrap();
    assert_eq!(risk.quantity, Some(2));
}

#[test]
fn numbered_fields_of_an_answer_become_lists() {
    let key = ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").unwrap();
    let query = v2::RefundQuery::default().out_trade_no("P1");
    let (_, pending) = ask_v2(&query).sign(&key).unwrap().into_parts();
    let body = "<xml><return_code>SUCCESS</return_code><out_trade_no>P1</out_trade_no><refund_count>2</refund_count>\
        <out_refund_no_0>R0</out_refund_no_0><refund_status_0>SUCCESS</refund_status_0>\
        <coupon_refund_id_0_0>C0</coupon_refund_id_0_0><coupon_refund_fee_0_0>5</coupon_refund_fee_0_0>\
        <out_refund_no_1>R1</out_refund_no_1><refund_status_1>NEW</refund_status_1></xml>";
    let answer = pending
        .receive(http::Response::new(body.into()))
        .verify(&key, NOW)
        .unwrap();
    let answer = answer.claimed();
    assert_eq!(answer.refund_count, Some(2));
    assert_eq!(answer.refunds.len(), 2);
    assert_eq!(answer.refunds[0].refund_status, Some(v2::Status::Success));
    assert_eq!(answer.refunds[0].coupon_refunds[0].coupon_refund_fee, Some(5));
    assert_eq!(
        answer.refunds[1].refund_status.as_ref().map(v2::Status::as_str),
        Some("NEW")
    );
}

#[test]
fn an_answer_to_another_question_is_told() {
    let key = ApiV2Key::new("192006250b4c09247ec02edce69f6a2d").unwrap();
    let (_, pending) = ask_v2(&v2::RefundQuery::default().out_trade_no("P1"))
        .sign(&key)
        .unwrap()
        .into_parts();
    let body = "<xml><return_code>SUCCESS</return_code><out_trade_no>P2</out_trade_no></xml>";
    assert!(
        pending
            .receive(http::Response::new(body.into()))
            .verify(&key, NOW)
            .is_err()
    );
}

#[test]
fn facts_of_v2_follow_from_the_fields() {
    let rule = |meta: &Meta| (meta.sign_type, meta.nonce_str, meta.client_certificate);
    assert_eq!(rule(&v2::RefundQuery::META), (SignTypeRule::Choice, true, true));
    assert_eq!(rule(&v2::NoNonce::META), (SignTypeRule::Md5Only, false, false));
    assert_eq!(rule(&v2::Bill::META), (SignTypeRule::HmacOnly, true, false));
}

#[test]
fn words_that_make_no_plain_names() {
    use v2::Status;
    let known = [
        (Status::ParkingSpace, "PARKING SPACE"),
        (Status::V1_0, "1.0"),
        (Status::V10, "10"),
        (Status::一级, "一级"),
        (Status::Self_, "SELF"),
        (Status::OldSuccess, "success"),
    ];
    for (status, text) in known {
        assert_eq!(Status::from(text), status);
    }
    assert_eq!(
        serde_json::to_value(v2::NoNonce::default().self_("x")).unwrap(),
        json!({ "self": "x" })
    );
    let field = v3::Field::default().crate_(true).label("a");
    assert_eq!(
        serde_json::to_value(field).unwrap(),
        json!({ "label": "a", "crate": true })
    );
}

fn key_id() -> KeyId {
    KeyId::new("PUB_KEY_ID_0114232134912410000000000000").unwrap()
}

fn sealed(text: &str) -> Sensitive {
    Sensitive::sealed(text, key_id())
}

#[test]
fn a_v3_request_puts_everything_in_its_place() {
    let create = v3::Create::default()
        .out_no("单/1")
        .number(7)
        .sub_mchid("1900000100")
        .idempotency_key("k")
        .r#type("iOS")
        .name(sealed("c2VhbGVk"))
        .people([v3::Person::default().pay_auth_no("A1")]);
    let message = v3_message(&create);
    assert_eq!(
        message[1],
        "/v3/everything/%E5%8D%95%2F1/sub/7?sub_mchid=1900000100"
    );
    let body: serde_json::Value = serde_json::from_str(&message[4]).unwrap();
    // A parameter that the body has as well stands in both places.
    let wanted = json!({
        "sub_mchid": "1900000100", "type": "iOS", "name": "c2VhbGVk", "people": [{ "payAuthNo": "A1" }]
    });
    assert_eq!(body, wanted);
}

#[test]
fn query_parameters_of_every_kind() {
    let query = v3::Query::default()
        .kind("no_balance")
        .states(["iOS".into(), v3::Kind::NoBalance])
        .limit(5)
        .all(true)
        .since("2018-06-08T10:34:56+08:00")
        .partner(wxpay_proto::JsonText::raw("{}"))
        .mobile(sealed("c2VhbGVk"));
    let target = "/v3/everything/no_balance?states=iOS&states=no_balance&limit=5&all=true\
        &since=2018-06-08T10%3A34%3A56%2B08%3A00&partner=%7B%7D&mobile=c2VhbGVk";
    assert_eq!(v3_message(&query)[1], target);
    assert_eq!(v3_message(&v3::Ping::default())[1], "/v3/everything/ping");
    assert_eq!(v3_message(&v3::Download::default())[1], "/v3/everything/file");
}

#[test]
fn a_delete_can_have_a_body() {
    let remove = v3::Remove::default().out_no("1").reason("双");
    let signature = wxpay_proto::crypto::Signature::new(vec![1]);
    let signed = v3_unsigned(&remove).unwrap().attach(&signature).unwrap();
    let (request, _) = signed.into_parts();
    assert_eq!(request.method(), http::Method::DELETE);
    assert_eq!(request.uri().path(), "/v3/everything/1");
    assert_eq!(request.body(), "{\"reason\":\"双\"}");
    assert_eq!(v3_message(&remove)[4], "{\"reason\":\"双\"}");
}

#[test]
fn sensitive_fields_are_found_wherever_they_are() {
    let mut create = v3::Create::default()
        .name("张三")
        .phones(["1".into(), "2".into()])
        .people([v3::Person::default(), v3::Person::default().identity_no("3")]);
    let mut found = Vec::new();
    create.sensitive(&mut |pointer, value| {
        found.push((pointer.to_owned(), value.expose().unwrap().to_owned()))
    });
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(
        pointers,
        ["/people/1/identity_no", "/name", "/phones/0", "/phones/1"]
    );
    assert!(!format!("{create:?}").contains("张三"));
}

#[test]
fn checks_read_the_table() {
    let create = v3::Create::default().name("张三丰").amount(0);
    let table = table();
    let found: Vec<String> = check::check_against(table.named(v3::Create::META.name).unwrap(), &create)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "/out_no (商户单号): missing",
            "/number: missing",
            "/type (类型): missing",
            "/name (姓名): 9 bytes, at most 6 are allowed",
            "/amount (金额): 0, at least 1 is needed",
            ": exactly one is to be given of openid, sub_openid",
        ]
    );
    // The crate's own table does not know this family.
    assert_eq!(create.check(), []);
    assert!(v3::Ping::default().strict().is_ok());
    assert!(v2::Page::default().strict().is_ok());
}

#[test]
fn stored_operations_come_back() {
    let stored = json!({
        "out_no": "P1", "number": 7, "Idempotency-Key": "k", "type": "iOS", "extra": { "a": [1] }, "extras": [1, "b"],
        "flags": [1, 2], "rate": 0.5, "people": [{ "payAuthNo": "A1", "born": "2000-01-01" }],
    });
    let read: v3::Create = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!(serde_json::to_value(&read).unwrap(), stored);
}

fn table() -> Table {
    Table::read(include_str!("fixture/table/catalogue.json")).unwrap()
}

#[test]
fn the_table_has_every_operation() {
    let table = table();
    let names: Vec<&str> = table
        .operations()
        .filter_map(|info| info.name.strip_prefix("v3.everything."))
        .collect();
    assert_eq!(
        names,
        [
            "create",
            "query",
            "ping",
            "remove",
            "download",
            "upload",
            "statement",
            "image"
        ]
    );
    assert_eq!(table.operations().count(), 17);
    let named = |name: &str| table.named(name).unwrap();
    assert_eq!(named("v3.everything.download").returns, Returns::File);
    assert_eq!(named("v3.everything.statement").signed, Signed::Digest);
    let upload = named("v3.everything.upload");
    let required = upload.request.fields.iter().filter(|field| field.required);
    // The description is taken from the file.
    assert_eq!(
        required.map(|field| field.name.as_str()).collect::<Vec<_>>(),
        ["out_no", "submission_file"]
    );
    let token = named("v2.everything.get_token");
    assert_eq!(
        (token.sign_type, token.nonce_str, token.returns),
        (SignTypeRule::HmacOnly, false, Returns::Json)
    );
    assert_eq!(token.request.fields.len(), 2);
}

#[test]
fn an_upload_describes_its_file() {
    let file = wxpay_proto::FilePart::new("a.png", "image/png", "hello world");
    let mut upload = v3::Upload::default()
        .out_no("P1")
        .item_id(56)
        .meta(v3::Meta::default().phone("1"))
        .submission_file(file);
    upload.sensitive(&mut |pointer, value| {
        assert_eq!(pointer, "/meta/phone");
        *value = sealed("c2VhbGVk");
    });
    let message = v3_message(&upload);
    assert_eq!(message[1], "/v3/everything/P1/files");
    assert_eq!(
        message[4],
        "{\"file_name\":\"a.png\",\"sha256\":\"b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9\",\
         \"phone\":\"c2VhbGVk\"}"
    );
    let body = v3_body(&upload);
    let meta = body.find("name=\"meta\"").unwrap();
    let item = body.find("name=\"item_id\"\r\n\r\n56\r\n").unwrap();
    let part =
        "name=\"submission_file\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\nhello world\r\n";
    assert!(meta < item && item < body.find(part).unwrap(), "{body}");
    let given = v3::Upload {
        meta: Some(v3::Meta::default().sha256("told")),
        ..upload
    };
    assert!(v3_message(&given)[4].contains("\"told\""));
    assert!(v3_unsigned(&v3::Upload::default().out_no("P1")).is_err());
}
