//! `wxpay decrypt` and `wxpay seal`.

use std::fs;

use serde_json::{Value, json};
use wxpay_proto::crypto::{Backend, Encryptor as _, Padding, PublicKey};
use wxpay_proto::file::FileKey;

use crate::vectors::{base64, bytes, group, key, saved, vector};
use crate::world::World;

const PROFILE: [&str; 2] = ["--profile", "shop.json"];

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

#[test]
fn every_published_notification_opens_or_says_why_not() {
    let world = World::new("decrypt-notifications");
    for vector in group("v3_notification") {
        let inputs = &vector["inputs"];
        let body = bytes(&inputs["body_base64"]);
        for message in [
            body.clone(),
            saved("POST /notify HTTP/1.1", &inputs["headers"], &body),
        ] {
            let run = world.pipe(&["decrypt", PROFILE[0], PROFILE[1]], &message);
            match vector["expected_error"]["kind"].as_str() {
                // What is inside is shown, JSON or not.
                None | Some("malformed_resource") => {
                    let run = run.ends(0).says("opened with the APIv3 key");
                    if let Some(plaintext) = vector["expected"]["resource_plaintext"].as_str() {
                        assert_eq!(run.text(), format!("{plaintext}\n"), "{}", vector["name"]);
                    }
                }
                Some(_) => drop(run.ends(1).says("not opened: ")),
            }
        }
    }
    // The object alone, in both algorithms.
    for (id, name, algorithm) in [
        ("aes_256_gcm", "transaction_aad", "AEAD_AES_256_GCM"),
        ("sm", "sm4_gcm_transaction", "AEAD_SM4_GCM"),
    ] {
        let vector = vector(id, name);
        let mut object = vector["inputs"].clone();
        object["algorithm"] = json!(algorithm);
        world.write("key.txt", text(&vector["inputs"], "api_v3_key").as_bytes());
        object.as_object_mut().unwrap().remove("api_v3_key");
        let run = world.pipe(
            &["decrypt", "--api-v3-key", "key.txt"],
            object.to_string().as_bytes(),
        );
        run.ends(0).shows(text(&vector["expected"], "plaintext"));
    }
}

#[test]
fn published_certificates_come_out_as_pem() {
    let world = World::new("decrypt-certificates");
    for name in ["bootstrap_signed_by_old", "wrong_api_v3_key", "empty_list"] {
        let vector = vector("certificates", name);
        world.write("key.txt", text(&vector["inputs"], "api_v3_key").as_bytes());
        let body = bytes(&vector["inputs"]["body_base64"]);
        let run = world.pipe(&["decrypt", "--api-v3-key", "key.txt"], &body);
        if vector.get("expected_error").is_some() {
            run.ends(1);
            continue;
        }
        let run = run.ends(0);
        for pem in vector["expected"]["certificates_pem"]
            .as_object()
            .unwrap()
            .values()
        {
            assert!(
                run.text().contains(pem.as_str().unwrap().trim()),
                "{}",
                run.text()
            );
        }
        // They can be used at once.
        world.write("fetched.pem", &run.out);
        world
            .pipe(&["seal", "--platform-certificate", "fetched.pem"], b"x")
            .ends(0)
            .says("Wechatpay-Serial: ");
    }
}

#[test]
fn refund_notifications_of_v2_open_and_say_that_nothing_proves_them() {
    let world = World::new("decrypt-v2");
    for vector in group("v2_refund_req_info") {
        let Some(info) = vector["inputs"]["req_info"].as_str() else {
            continue;
        };
        let xml = format!("<xml><return_code>SUCCESS</return_code><req_info>{info}</req_info></xml>");
        let run = world.pipe(&["decrypt", PROFILE[0], PROFILE[1]], xml.as_bytes());
        match text(vector, "name") {
            "refund_req_info" => {
                let run = run.ends(0).says("NOTHING authenticates it");
                let plaintext = text(&vector["expected"], "plaintext");
                for (name, value) in run.json().as_object().unwrap() {
                    assert!(plaintext.contains(name) && plaintext.contains(value.as_str().unwrap()));
                }
            }
            // Not XML inside, or not decrypted.
            _ => drop(run.ends(1).says("not opened: ")),
        }
    }
}

#[test]
fn published_fields_open_alone_and_in_their_places() {
    let world = World::new("decrypt-fields");
    for vector in group("sensitive_rsa") {
        let inputs = &vector["inputs"];
        if inputs["key"] != "merchant_rsa" || inputs.get("operation").is_some() {
            continue;
        }
        let ciphertext = text(inputs, "ciphertext");
        let padding = inputs["padding"].as_str().map_or("oaep", |_| "pkcs1");
        let mut arguments = vec![
            "decrypt",
            "--private-key",
            "apiclient_key.pem",
            "--padding",
            padding,
        ];
        let alone = world.pipe(&arguments, format!("{ciphertext}\n").as_bytes());
        let answer = json!({ "list": [{ "name": ciphertext }], "id": 7 });
        arguments.extend(["--field", "list.0.name"]);
        let inside = world.pipe(&arguments, answer.to_string().as_bytes());
        match vector["expected"]["plaintext"].as_str() {
            Some(plaintext) => {
                assert_eq!(
                    alone.ends(0).text(),
                    format!("{plaintext}\n"),
                    "{}",
                    vector["name"]
                );
                let answer = inside.ends(0).json();
                assert_eq!(answer, json!({ "list": [{ "name": plaintext }], "id": 7 }));
            }
            None => {
                alone.ends(1).says("not opened: ");
                // What does not open stays as it was.
                assert_eq!(inside.ends(1).json(), answer);
            }
        }
    }
}

#[test]
fn what_is_sealed_for_a_key_opens_with_its_other_half() {
    let world = World::new("seal");
    // The merchant's own key in WeChat Pay's place, so that both halves are here.
    world.write("own.pem", key("merchant_rsa", "public_spki_pem").as_bytes());
    let keys = ["--public-key", "own.pem", "--public-key-id", "PUB_KEY_ID_1"];
    for padding in ["oaep", "pkcs1"] {
        let seal = [&["seal", "--padding", padding][..], &keys].concat();
        let open = [
            "decrypt",
            "--private-key",
            "apiclient_key.pem",
            "--padding",
            padding,
        ];
        // The line end that `echo` puts there is not sealed.
        let sealed = world.pipe(&seal, "张三\n".as_bytes()).ends(0);
        let sealed = sealed.says("Wechatpay-Serial: PUB_KEY_ID_1");
        assert_eq!(world.pipe(&open, &sealed.out).ends(0).text(), "张三\n");

        let body = json!({ "payer": { "name": "张三", "id": "x" }, "n": 1 });
        let fields = [&seal[..], &["--field", "/payer/name", "--field", "payer.id"]].concat();
        let sealed = world.pipe(&fields, body.to_string().as_bytes()).ends(0);
        assert!(!sealed.text().contains("张三"));
        let fields = [&open[..], &["--field", "payer.name", "--field", "payer.id"]].concat();
        assert_eq!(world.pipe(&fields, &sealed.out).ends(0).json(), body);
    }
    let seal = [&["seal"][..], &keys].concat();
    for (arguments, input, said) in [
        (vec!["seal"], &b"x"[..], "no valid key of WeChat Pay's"),
        (seal.clone(), b"", "the plaintext is empty"),
        (seal.clone(), &[b'x'; 300], "encrypts at most"),
        (
            [&seal[..], &["--field", "a"]].concat(),
            b"{\"a\":1}",
            "there is no text at /a",
        ),
        ([&seal[..], &["--field", "a"]].concat(), b"words", "no JSON"),
    ] {
        world.pipe(&arguments, input).ends(2).says(said);
    }
}

/// An encrypted bill, and what its entry in `download_bill_list` says.
fn sealed_bill(text: &[u8]) -> (Vec<u8>, String) {
    let merchant = PublicKey::from_pem(key("merchant_rsa", "public_spki_pem"), Backend::AwsLc).unwrap();
    let mut none = |_: &mut [u8]| {};
    let encrypted = merchant.encrypt(Padding::OaepSha1, &[7; 32], &mut none).unwrap();
    let file = FileKey::new([7; 32])
        .unwrap()
        .seal("nonce12bytes", b"", text)
        .unwrap();
    (file, base64(&encrypted))
}

#[test]
fn an_encrypted_bill_gets_its_name_only_when_it_is_proven() {
    let world = World::new("decrypt-bill");
    let text = bytes(&vector("bill", "trade_bill_plain")["inputs"]["content_base64"]);
    let digest = format!(
        "SHA1:{}",
        vector("bill", "trade_bill_plain")["inputs"]["hash_value"]
            .as_str()
            .unwrap()
    );
    let (file, encrypt_key) = sealed_bill(&text);
    let mut arguments = vec![
        "decrypt",
        "-",
        "--encrypt-key",
        &encrypt_key,
        "--bill-nonce",
        "nonce12bytes",
    ];
    arguments.extend(["--output", "bill.csv", PROFILE[0], PROFILE[1]]);
    let output = world.folder.join("bill.csv");
    let left = || {
        fs::read_dir(&world.folder)
            .unwrap()
            .any(|entry| entry.unwrap().file_name().to_string_lossy().contains("unproven"))
    };
    for tampered in [
        [&file[..], b"x"].concat(),
        file[1..].to_vec(),
        file[..20].to_vec(),
        Vec::new(),
    ] {
        world.pipe(&arguments, &tampered).ends(1).says("not opened: ");
        assert!(!output.exists() && !left());
    }
    let with_digest = [&arguments[..], &["--digest", &digest]].concat();
    world.pipe(&with_digest, &file).ends(0);
    assert!(fs::read(&output).unwrap() == text && !left());
    fs::remove_file(&output).unwrap();
    let wrong = [
        &arguments[..],
        &["--digest", "SHA1:0000000000000000000000000000000000000000"],
    ]
    .concat();
    world.pipe(&wrong, &file).ends(1).says("SHA1");
    assert!(!output.exists() && !left());
    let other = arguments.iter().map(|argument| match *argument {
        "nonce12bytes" => "anothernonce",
        other => other,
    });
    world.pipe(&other.collect::<Vec<_>>(), &file).ends(1);
    world.pipe(&arguments, &file).ends(0);
    assert_eq!(fs::read(&output).unwrap(), text);
}

#[test]
fn what_cannot_be_tried_ends_with_2() {
    let world = World::new("decrypt-cannot");
    let body = bytes(&vector("v3_notification", "transaction_success")["inputs"]["body_base64"]);
    for (arguments, input, said) in [
        (&["decrypt"][..], &body[..], "no APIv3 key is at hand"),
        (
            &["decrypt", "--api-v3-key", "apiv2.txt"],
            b"{}",
            "nothing here is encrypted",
        ),
        (
            &["decrypt", "--api-v3-key", "old.pem"],
            &body,
            "the APIv3 key has",
        ),
        (
            &["decrypt"],
            b"<xml><a>1</a></xml>",
            "nothing in this XML is encrypted",
        ),
        (
            &["decrypt"],
            b"<xml><req_info>AA==</req_info></xml>",
            "no APIv2 key is at hand",
        ),
        (&["decrypt"], b"QUJD", "private key is not at hand"),
        (&["decrypt", "none"], b"", "none: "),
        (&["decrypt", "--encrypt-key", "AA=="], b"", "--bill-nonce"),
    ] {
        world.pipe(arguments, input).ends(2).says(said);
    }
    // The key of another account is a key, and opens nothing.
    world.write("other.txt", b"00000000000000000000000000000000");
    let run = world.pipe(&["decrypt", "--api-v3-key", "other.txt"], &body);
    run.ends(1).says("not opened: ").says("API安全");
}
