//! Bills, from the payment to the row, and to the text in the encrypted file.

use wxpay_proto::bill::{BillReader, Trade};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileKey, FileReader, SealedFile};
use wxpay_proto::v3::FileTicket;
use wxpay_proto::{TimeText, UnixTime, v3};
use wxpay_sim::{OrderRef, Simulator};
use wxpay_types::v3::bill::{QuerySubMerchantFundFlowBill, QueryTradeBill};
use wxpay_types::v3::pay_partner_transactions::NativePrepay;
use wxpay_types::v3::pay_transactions::NativePrepay as MerchantPrepay;
use wxpay_types::v3::refund::Create;

use crate::support::{APPID, client, key, typed};

#[tokio::test]
async fn an_encrypted_bill_is_asked_for_fetched_and_opened() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let client = client(&simulator, partner);
    let sub_mchid = partner.sub_merchants()[0].as_str();
    let order = serde_json::json!({
        "sp_appid": APPID, "sp_mchid": partner.id().as_str(), "sub_mchid": sub_mchid, "description": "a bill's line",
        "out_trade_no": "BILL0001", "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
    });
    let order: NativePrepay = serde_json::from_value(order).unwrap();
    client.send(&order).await.unwrap();
    simulator.pay(&OrderRef::order("BILL0001")).unwrap();
    let day = TimeText::beijing(simulator.business_time()).as_str()[..10].to_owned();
    // Bills are made the next morning.
    simulator.turn_business_clock(2 * 86_400);

    for algorithm in ["AEAD_AES_256_GCM", "SM4_GCM"] {
        let ask = QuerySubMerchantFundFlowBill::default()
            .sub_mchid(sub_mchid)
            .bill_date(day.as_str())
            .account_type("BASIC")
            .algorithm(algorithm);
        let bills = client.send(&ask).await.unwrap();
        assert_eq!(bills.download_bill_count, Some(1));
        let bill = &bills.download_bill_list[0];
        let told = |text: &Option<String>| text.clone().unwrap();

        // What the merchant's key opens is the key of the file, and the digest is that of the text in it.
        let file_key = bill.encrypt_key.as_ref().and_then(|key| key.expose()).unwrap();
        let file_key = FileKey::open(file_key, &key(partner)).unwrap();
        let digest = FileDigest::new(&told(&bill.hash_type), &told(&bill.hash_value)).unwrap();
        let download = v3::Download::new(&told(&bill.download_url)).unwrap();
        let file = client.exchange(&download).await.unwrap();
        let sealed = SealedFile::new(&file_key, &told(&bill.nonce)).unwrap();
        let keys = simulator.profile().platform_keys();
        let file = file
            .sealed_file(sealed, Some(&digest), &keys, UnixTime::from_secs(0))
            .unwrap();
        let text = String::from_utf8(file.content().to_vec()).unwrap();
        assert!(text.contains("8.88"), "{text}");

        // The transport does it all.
        let path = std::env::temp_dir().join(format!("wxpay-sealed-{algorithm}-{}", std::process::id()));
        let length = client.save_sealed_file(&ask, &key(partner), &path).await.unwrap();
        let stored = std::fs::read_to_string(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!((stored, length), (text.clone(), text.len() as u64));
    }
}

#[tokio::test]
async fn a_trade_bill_is_read_while_it_comes_and_stored_when_it_is_proven() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let day = TimeText::beijing(simulator.business_time()).as_str()[..10].to_owned();
    for number in 0..20 {
        let order = serde_json::json!({
            "appid": merchant.appids()[0], "mchid": merchant.id().as_str(), "description": "a row",
            "out_trade_no": format!("ROW{number:05}"), "notify_url": "https://shop.example/paid",
            "amount": { "total": 100 + number },
        });
        let order: wxpay_types::v3::pay_transactions::NativePrepay = serde_json::from_value(order).unwrap();
        client.send(&order).await.unwrap();
        simulator
            .pay(&OrderRef::order(format!("ROW{number:05}")))
            .unwrap();
    }
    simulator.turn_business_clock(2 * 86_400);

    for tar_type in [None, Some("GZIP")] {
        let mut ask = QueryTradeBill::default().bill_date(day.as_str());
        ask.tar_type = tar_type.map(str::to_owned);
        let ticket = FileTicket::of(&client.send(&ask).await.unwrap()).unwrap();
        let reader = FileReader::checked(ticket.digest(), 1 << 20);
        let mut file = client.download_stream(ticket.download(), reader).await.unwrap();
        let (mut bill, mut fen) = (BillReader::new(), Vec::new());
        while let Some(piece) = file.next_piece().await.unwrap() {
            bill.push(piece.claimed());
            while let Some(row) = bill.next_row() {
                fen.push(Trade::from_row(&row.unwrap()).unwrap().order_amount.unwrap());
            }
        }
        let end = bill.finish().unwrap();
        assert!(end.is_complete());
        fen.sort_unstable();
        assert_eq!(fen, (100..120).collect::<Vec<i64>>());

        let path = std::env::temp_dir().join(format!("wxpay-bill-{}", std::process::id()));
        let length = client.save_file(&ask, &path).await.unwrap();
        let stored = std::fs::read(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(length, stored.len() as u64);
        assert_eq!(Some(length), file.proof().map(|proof| proof.length()));
        assert_eq!(ticket.digest().check(&stored), Ok(()));
    }
}

#[tokio::test]
async fn a_trade_bill_of_a_day_with_a_payment_and_a_refund() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, merchant), merchant.id().as_str());
    for number in ["BILL0011", "BILL0012"] {
        let order = serde_json::json!({
            "appid": APPID, "mchid": mchid, "description": "a bill's line", "out_trade_no": number,
            "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
        });
        client.send(&typed::<MerchantPrepay>(order)).await.unwrap();
    }
    simulator.pay(&OrderRef::order("BILL0011")).unwrap();
    let refund = serde_json::json!({
        "out_trade_no": "BILL0011", "out_refund_no": "BILLR0011",
        "amount": { "refund": 88, "total": 888, "currency": "CNY" },
    });
    client.send(&typed::<Create>(refund)).await.unwrap();
    let day = TimeText::beijing(simulator.business_time()).as_str()[..10].to_owned();
    let ask = QueryTradeBill::default().bill_date(day.as_str()).tar_type("GZIP");
    // The day is not over.
    let early = client.send(&ask).await.unwrap_err();
    assert_eq!(early.api_error().unwrap().status, 400);

    simulator.turn_business_clock(2 * 86_400);
    let told = client.send(&ask).await.unwrap();
    let text = |text: &Option<String>| text.clone().unwrap();
    let digest = FileDigest::new(&text(&told.hash_type), &text(&told.hash_value)).unwrap();
    let download = v3::Download::new(&text(&told.download_url)).unwrap();
    let file = client.exchange(&download).await.unwrap();
    let keys = simulator.profile().platform_keys();
    let file = file.file(&digest, &keys, UnixTime::from_secs(0)).unwrap();
    let text = String::from_utf8(file.content().to_vec()).unwrap();
    assert_eq!(text.matches("`BILL0011,").count(), 2, "{text}");
    assert!(
        text.contains("`BILLR0011,") && !text.contains("BILL0012"),
        "{text}"
    );
}

/// What is in it no source tells; how it is fetched is as with the others.
#[tokio::test]
async fn a_bill_of_shares_is_an_example_that_is_fetched_and_proven() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    let day = TimeText::beijing(simulator.business_time()).as_str()[..10].to_owned();
    let target = format!("/v3/profitsharing/bills?bill_date={day}");
    let ask = |tail: &str| v3::Call::new(http::Method::GET, format!("{target}{tail}"));
    // The day is not over.
    let early = client.send(&ask("")).await.unwrap_err();
    let code = early.api_error().and_then(|told| told.code.as_deref());
    assert_eq!(code, Some("NO_STATEMENT_EXIST"));
    simulator.turn_business_clock(2 * 86_400);
    for tail in ["", "&tar_type=GZIP"] {
        let told = client.send(&ask(tail)).await.unwrap();
        let told: serde_json::Value = told.json().unwrap();
        let text = |name: &str| told[name].as_str().unwrap().to_owned();
        let digest = FileDigest::new(&text("hash_type"), &text("hash_value")).unwrap();
        let download = v3::Download::new(&text("download_url")).unwrap();
        let file = client.exchange(&download).await.unwrap();
        let keys = simulator.profile().platform_keys();
        let file = file.file(&digest, &keys, UnixTime::from_secs(0)).unwrap();
        let content = String::from_utf8(file.content().to_vec()).unwrap();
        assert!(content.contains("示例文件"), "{content}");
    }
    let last = simulator.log().pop().unwrap();
    assert_eq!(last.response.headers()["content-type"], "application/x-gzip");
}
