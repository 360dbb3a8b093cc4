use std::io::Read as _;

use flate2::read::GzDecoder;
use http::Method;
use serde_json::Value;
use wxpay_proto::Host;
use wxpay_proto::crypto::{Backend, FileDigest, MerchantKey};
use wxpay_proto::file::{FileKey, SealedFile};

use super::client::Table;

const DAY: i64 = 86_400;
const SHARES: &str = "/v3/profitsharing/bills?bill_date=2023-11-14";
/// Encrypted ones, but for the algorithm.
const SEALED: [&str; 2] = [
    "/v3/ecommerce/bill/fundflowbill?bill_date=2023-11-14&account_type=ALL&algorithm=",
    "/v3/payscore/merchant-bill?bill_date=2023-11-14&service_id=2002000000000558&encryption_algorithm=",
];

impl Table {
    /// The file that an answer's link leads to, as it comes: neither unpacked nor decrypted.
    fn behind(&mut self, link: &Value) -> (String, Vec<u8>) {
        let url = link["download_url"].as_str().unwrap();
        let (host, target) = Host::split(url).unwrap();
        assert_eq!(host, Host::API);
        let request = self.request(Method::GET, target, &Value::Null);
        let response = self.handle(&request);
        assert_eq!(response.status(), 200, "{url}");
        assert!(!response.headers().contains_key("wechatpay-signature"));
        let media_type = response.headers()["content-type"].to_str().unwrap().to_owned();
        (media_type, response.into_body().to_vec())
    }

    /// Half past nine on the morning after the 14th.
    fn next_morning() -> Self {
        let mut table = Self::partner();
        table.wait(3 * 3600 + 17 * 60);
        table
    }
}

fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    GzDecoder::new(packed).read_to_end(&mut text).unwrap();
    text
}

fn check(link: &Value, text: &[u8]) {
    let [kind, value] = ["hash_type", "hash_value"].map(|name| link[name].as_str().unwrap());
    FileDigest::new(kind, value).unwrap().check(text).unwrap();
    assert!(text.starts_with("\u{feff}微信支付模拟器的示例文件".as_bytes()));
}

#[test]
fn an_example_of_a_bill_is_served_plain_or_packed_with_its_digest() {
    let mut table = Table::next_morning();
    let plain = table.get(SHARES).unwrap();
    let (media_type, text) = table.behind(&plain);
    assert_eq!(media_type, "text/plain; charset=utf-8");
    check(&plain, &text);

    let packed = table.get(&format!("{SHARES}&tar_type=GZIP")).unwrap();
    let url = packed["download_url"].as_str().unwrap();
    assert!(url.ends_with("&tartype=gzip"), "{url}");
    let (media_type, file) = table.behind(&packed);
    assert_eq!(media_type, "application/x-gzip");
    check(&packed, &unpacked(&file));
}

#[test]
fn an_example_of_an_encrypted_bill_is_packed_before_it_is_sealed() {
    let mut table = Table::next_morning();
    let key = MerchantKey::from_pem(table.merchant.private_key_pem(), Backend::AwsLc).unwrap();
    let cases = SEALED.into_iter().flat_map(|target| {
        let algorithms = ["AEAD_AES_256_GCM", "SM4_GCM"];
        algorithms.map(|algorithm| format!("{target}{algorithm}"))
    });
    for target in cases {
        for tar_type in ["", "&tar_type=GZIP"] {
            let answer = table.get(&format!("{target}{tar_type}")).unwrap();
            let link = &answer["download_bill_list"][0];
            let (_, sealed) = table.behind(link);
            let file_key = FileKey::open(link["encrypt_key"].as_str().unwrap(), &key).unwrap();
            let mut file = SealedFile::new(&file_key, link["nonce"].as_str().unwrap()).unwrap();
            let mut content = Vec::new();
            file.push(&sealed);
            while let Some(piece) = file.next_piece().unwrap() {
                content.extend_from_slice(piece.claimed());
            }
            let _ = file.finish().unwrap();
            if !tar_type.is_empty() {
                content = unpacked(&content);
            }
            check(link, &content);
        }
    }
}

#[test]
fn an_example_of_a_bill_is_there_from_the_next_morning_on_and_for_three_months() {
    let mut table = Table::partner();
    let [one, other] = SEALED.map(|target| format!("{target}AEAD_AES_256_GCM"));
    for target in [SHARES, &one, &other] {
        let start = table.clocks;
        // A quarter past six, then past nine; on the 92nd day, and after it.
        for (seconds, there) in [(0, false), (3 * 3600, true), (90 * DAY, true), (92 * DAY, false)] {
            table.clocks = start;
            table.wait(seconds);
            if there {
                table.get(target).unwrap();
            } else {
                let refused = table.refusal(Method::GET, target, &Value::Null);
                assert_eq!(
                    (refused.0, refused.1.as_str()),
                    (400, "NO_STATEMENT_EXIST"),
                    "{target}"
                );
            }
        }
        table.clocks = start;
        let today = target.replace("2023-11-14", "2023-11-15");
        assert_eq!(
            table.refusal(Method::GET, &today, &Value::Null).1,
            "NO_STATEMENT_EXIST"
        );
        let none = target.replace("2023-11-14", "14.11.2023");
        assert_eq!(table.refusal(Method::GET, &none, &Value::Null).1, "PARAM_ERROR");
    }
}
