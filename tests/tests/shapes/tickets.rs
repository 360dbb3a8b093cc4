//! Tickets: where a file is and what proves it, out of one signed answer.

use wxpay_proto::Verified;
use wxpay_proto::v3::{Call, FileTicket, Raw, SealedFileTicket, TicketError};
use wxpay_tests::journey::{now, signed_answer, trusted};

use crate::ask_v3;

const URL: &str = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=A%2BB";
const SHA1: &str = "9e257be2254f528ba5b3305d1450c2831df5e1e8";

fn answer(body: &str) -> Verified<Raw> {
    let (_, pending) = ask_v3(&Call::new(http::Method::GET, "/v3/bill/tradebill")).expect("a request");
    let answer = pending.receive(signed_answer(200, body.to_owned()));
    answer.verify(&trusted(), now()).expect("a signed answer")
}

#[test]
fn a_bill_and_a_receipt_tell_where_they_are() {
    let body = format!(r#"{{"hash_type":"SHA1","hash_value":"{SHA1}","download_url":"{URL}","more":1}}"#);
    let ticket = FileTicket::of(&answer(&body)).expect("a ticket");
    let (request, _) = ask_v3(ticket.download()).expect("a request");
    assert_eq!(request.uri(), URL);
    assert_eq!(ticket.digest().to_hex(), SHA1);
}

#[test]
fn what_is_no_ticket_says_what_is_missing() {
    let missing = |body: &str| FileTicket::of(&answer(body)).expect_err("no ticket");
    let member = |member| TicketError::Missing { member };
    assert_eq!(missing("{}"), member("download_url"));
    assert_eq!(missing(r#"{"download_url":""}"#), member("download_url"));
    let url = format!(r#""download_url":"{URL}""#);
    assert_eq!(missing(&format!("{{{url}}}")), member("hash_value"));
    let digest = missing(&format!(r#"{{{url},"hash_type":"MD5","hash_value":"00"}}"#));
    assert!(matches!(digest, TicketError::Digest(_)), "{digest}");
    let sealed = missing(&format!(r#"{{{url},"encrypt_key":"x"}}"#));
    assert_eq!(sealed, TicketError::Sealed);
    let elsewhere = missing(r#"{"download_url":"https://evil.example/","hash_value":"00"}"#);
    assert!(matches!(elsewhere, TicketError::Address(_)), "{elsewhere}");
    assert!(matches!(missing("[1]"), TicketError::Form { .. }));
}

#[test]
fn the_pieces_of_an_encrypted_bill_come_in_their_order() {
    let piece = |sequence: u32| {
        format!(
            r#"{{"bill_sequence":{sequence},"download_url":"{URL}{sequence}","encrypt_key":"k","nonce":"n","hash_type":"SHA1","hash_value":"{SHA1}"}}"#
        )
    };
    let list = |count: u32, pieces: &[u32]| {
        let pieces: Vec<_> = pieces.iter().map(|sequence| piece(*sequence)).collect();
        let body = format!(
            r#"{{"download_bill_count":{count},"download_bill_list":[{}]}}"#,
            pieces.join(",")
        );
        SealedFileTicket::of(&answer(&body))
    };
    let tickets = list(2, &[2, 1]).expect("two pieces");
    let uris = tickets.iter().map(|ticket| {
        let (request, _) = ask_v3(ticket.download()).expect("a request");
        request.uri().to_string()
    });
    assert_eq!(uris.collect::<Vec<_>>(), [format!("{URL}1"), format!("{URL}2")]);
    assert!(matches!(list(3, &[1, 2]), Err(TicketError::Piece(_))));
    assert!(matches!(list(2, &[1, 1]), Err(TicketError::Piece(_))));
    let none = SealedFileTicket::of(&answer("{}")).expect_err("no list");
    assert_eq!(
        none,
        TicketError::Missing {
            member: "download_bill_list"
        }
    );
}
