use serde_json::Value;
use wxpay_proto::v3::{NotificationError, OpenedNotification, UnverifiedNotification};
use wxpay_proto::{ApiV2Key, ApiV3Key, UnixTime, v2};
use wxpay_sim::Profile;
use wxpay_types::events::v3::{Event, Transaction};

use crate::receiver::{Arrived, FAILED, MOVED, Receiver, TAKEN};
use crate::{text, wxpay};

fn now() -> UnixTime {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixTime::from_secs(i64::try_from(since.unwrap().as_secs()).unwrap())
}

/// Opens what arrived with the shipped test keys.
pub(crate) fn open(arrived: &Arrived) -> Result<OpenedNotification, NotificationError> {
    let profile = Profile::test();
    let received = UnverifiedNotification::receive(&arrived.headers, arrived.body.clone());
    let verified = received.verify(&profile.platform_keys(), now())?;
    verified.open(&ApiV3Key::new(profile.merchant().api_v3_key()).unwrap())
}

#[test]
fn a_payment_arrives_and_its_reply_counts() {
    let receiver = Receiver::replying(&[TAKEN]);
    let url = receiver.url("/notify?shop=1");
    let sets = [
        "--set",
        "out_trade_no=A00001",
        "--set",
        "/amount/total=4200",
        "--json",
    ];
    let ended = wxpay(&[&["trigger", "transaction.success", "--to", &url], &sets[..]].concat());
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let told: Value = serde_json::from_slice(&ended.stdout).unwrap();
    assert_eq!((&told["status"], &told["counts"]), (&200.into(), &true.into()));
    let arrived = receiver.next();
    assert_eq!(arrived.line, "POST /notify?shop=1 HTTP/1.1");
    let opened = open(&arrived).unwrap();
    match Event::from(&opened) {
        Event::TransactionSuccess(Transaction::Payment(payment)) => {
            assert_eq!(payment.out_trade_no.as_deref(), Some("A00001"));
            assert_eq!(payment.amount.unwrap().total, Some(4200));
            assert_eq!(payment.mchid.as_deref(), Some("1900007291"));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(told["id"], opened.id());
}

#[test]
fn a_reply_that_does_not_count_is_told_why() {
    for (reply, event, said) in [
        (FAILED, "REFUND.CLOSED", "refused by the receiver"),
        (MOVED, "REFUND.CLOSED", "a redirection is not followed"),
        (
            TAKEN,
            "v2.transaction-success",
            "<return_code>SUCCESS</return_code>",
        ),
        ("", "REFUND.CLOSED", "no reply"),
    ] {
        let receiver = Receiver::replying(Box::leak(Box::new([reply])));
        let ended = wxpay(&["trigger", event, "--to", &receiver.url("/")]);
        let told = text(&ended.stdout);
        assert_eq!(ended.status.code(), Some(1), "{told}");
        assert!(told.contains("does NOT count") && told.contains(said), "{told}");
    }
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", closed.local_addr().unwrap());
    drop(closed);
    let ended = wxpay(&["trigger", "REFUND.CLOSED", "--to", &url]);
    assert_eq!(ended.status.code(), Some(1));
    assert!(text(&ended.stdout).contains("cannot be reached"));
}

#[test]
fn a_probe_does_not_verify_and_a_repetition_is_the_same() {
    let receiver = Receiver::replying(&[FAILED, TAKEN]);
    let url = receiver.url("/");
    let ended = wxpay(&[
        "trigger",
        "COMPLAINT.CREATE",
        "--to",
        &url,
        "--probe",
        "--repeat",
        "1",
    ]);
    let told = text(&ended.stdout);
    assert_eq!(ended.status.code(), Some(0), "{told}");
    assert!(told.contains("a probe was refused, as it should be"), "{told}");
    let error = open(&receiver.next()).unwrap_err();
    assert!(error.is_probe(), "{error}");
    let ids = [(); 2].map(|()| open(&receiver.next()).unwrap().id().to_owned());
    assert_eq!(ids[0], ids[1]);
}

#[test]
fn what_is_printed_is_what_would_be_sent() {
    let ended = wxpay(&[
        "trigger",
        "v2.refund-processed",
        "--print",
        "--set",
        "req_info.refund_id=R1",
    ]);
    let printed = text(&ended.stdout);
    let (head, body) = printed.split_once("\r\n\r\n").unwrap();
    assert!(
        head.starts_with("POST /notify HTTP/1.1\r\nHost: shop.example\r\n"),
        "{head}"
    );
    assert!(
        head.contains(&format!("Content-Length: {}", body.len())),
        "{head}"
    );
    assert!(head.contains("\r\nContent-Type: text/xml"), "{head}");
    let key = ApiV2Key::new(Profile::test().merchant().api_v2_key()).unwrap();
    let received = v2::UnverifiedNotification::receive(body.as_bytes().to_vec());
    let opened = received.open_refund(&key).unwrap();
    assert_eq!(opened.claimed()["refund_id"], "R1");
}

#[test]
fn unknown_members_are_refused_with_similar_ones_unless_forced() {
    for (set, similar) in [
        ("out_trade_number=1", "out_trade_no"),
        ("amount.totl=1", "total"),
        ("promotion_detail.0.goods_detail.0.goods_idd=1", "goods_id"),
    ] {
        let ended = wxpay(&["trigger", "TRANSACTION.SUCCESS", "--print", "--set", set]);
        let said = text(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains(similar) && said.contains("--force"), "{said}");
        assert!(ended.stdout.is_empty());
        let forced = wxpay(&[
            "trigger",
            "TRANSACTION.SUCCESS",
            "--print",
            "--set",
            set,
            "--force",
        ]);
        assert_eq!(forced.status.code(), Some(0), "{}", text(&forced.stderr));
    }
}

#[test]
fn a_profile_brings_its_own_number_and_key() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trigger-profile");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("apiv3.txt"), "00000000000000000000000000000001\n").unwrap();
    let profile = folder.join("shop.json");
    std::fs::write(
        &profile,
        r#"{"merchant":"1230000109","api_v3_key":{"file":"apiv3.txt"}}"#,
    )
    .unwrap();
    let receiver = Receiver::replying(&[TAKEN]);
    let (url, profile) = (receiver.url("/"), profile.to_str().unwrap());
    let ended = wxpay(&["trigger", "REFUND.SUCCESS", "--to", &url, "--profile", profile]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let arrived = receiver.next();
    let received = UnverifiedNotification::receive(&arrived.headers, arrived.body);
    let verified = received.verify(&Profile::test().platform_keys(), now()).unwrap();
    let opened = verified
        .open(&ApiV3Key::new("00000000000000000000000000000001").unwrap())
        .unwrap();
    let plaintext: Value = opened.json().unwrap();
    assert_eq!(plaintext["mchid"], "1230000109");
    let lacking = wxpay(&[
        "trigger",
        "v2.transaction-success",
        "--print",
        "--profile",
        profile,
    ]);
    assert_eq!(lacking.status.code(), Some(2));
    assert!(text(&lacking.stderr).contains("api_v2_key"));
}

#[test]
fn a_simulators_profile_brings_its_signing_key() {
    let folder = std::path::PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("trigger-simulator");
    let _ = std::fs::remove_dir_all(&folder);
    let mut setup = wxpay_sim::Setup::in_folder(&folder).unwrap();
    setup.store = None;
    let profile = setup.profile.clone();
    // Its start writes the profile files.
    wxpay_sim::Simulator::start_with(setup).unwrap().shutdown();
    let path = folder.join("keys/partner/profile.json");
    let receiver = Receiver::replying(&[TAKEN]);
    let (url, path) = (receiver.url("/"), path.to_str().unwrap());
    let ended = wxpay(&[
        "trigger",
        "REFUND.SUCCESS",
        "--form",
        "partner-refund",
        "--to",
        &url,
        "--profile",
        path,
    ]);
    assert_eq!(ended.status.code(), Some(0), "{}", text(&ended.stderr));
    let arrived = receiver.next();
    let received = UnverifiedNotification::receive(&arrived.headers, arrived.body);
    let verified = received.verify(&profile.platform_keys(), now()).unwrap();
    let opened = verified
        .open(&ApiV3Key::new(profile.partner().api_v3_key()).unwrap())
        .unwrap();
    let plaintext: Value = opened.json().unwrap();
    assert_eq!(plaintext["sp_mchid"], "1900000109");
    let shown = wxpay(&["trigger", "--keys", "--profile", path]);
    let shown: Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert_eq!(shown["public_key"], profile.platform_public_key().pem());
    assert!(shown.get("api_v3_key").is_none(), "a secret of its own");
}
