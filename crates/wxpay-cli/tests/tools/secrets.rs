//! No secret of a profile is in any output, whatever is wrong. [`World::pipe`](crate::world::World::pipe) holds each
//! output of every test against the secrets; here the mistakes are made that would bring one to light.

use serde_json::{Value, json};

use crate::vectors::{bytes, key, saved, vector};
use crate::world::{API_V2_KEY, API_V3_KEY, World};

/// Every command that takes a profile, with something to work on.
fn commands() -> Vec<(Vec<&'static str>, Vec<u8>)> {
    let notification = vector("v3_notification", "transaction_success");
    let body = bytes(&notification["inputs"]["body_base64"]);
    let message = saved("POST /notify HTTP/1.1", &notification["inputs"]["headers"], &body);
    let xml = vector("v2_response", "tampered")["inputs"]["body"]
        .as_str()
        .unwrap();
    let refund = "<xml><return_code>SUCCESS</return_code><req_info>AAAA</req_info></xml>";
    vec![
        (vec!["sign", "request", "GET", "/v3/x"], vec![]),
        (vec!["sign", "request", "GET", "/v3/x", "--json"], vec![]),
        (vec!["sign", "message"], b"x\n".to_vec()),
        (vec!["sign", "v2"], b"a=1\n".to_vec()),
        (vec!["sign", "v2", "--json"], b"a=1\n".to_vec()),
        (
            vec!["sign", "front-end", "jsapi", "wx1", "--appid", "wx2"],
            vec![],
        ),
        (
            vec!["sign", "front-end", "v2-jsapi", "wx1", "--appid", "wx2"],
            vec![],
        ),
        (vec!["verify"], message.clone()),
        (vec!["verify"], xml.into()),
        (vec!["explain"], message.clone()),
        (vec!["explain", "--json"], message.clone()),
        (vec!["explain"], xml.into()),
        (vec!["decrypt"], message),
        (vec!["decrypt"], refund.into()),
        (vec!["decrypt"], b"QUJD".to_vec()),
        (vec!["seal"], b"x".to_vec()),
        (vec!["doctor", "--offline"], vec![]),
        (vec!["doctor", "--offline", "--json"], vec![]),
    ]
}

/// The check that every other test rests on.
#[test]
#[should_panic(expected = "a secret is shown")]
fn a_secret_that_is_shown_is_found() {
    let fields = format!("a={API_V2_KEY}");
    World::new("secrets-shown").pipe(&["sign", "v2", "--message-only"], fields.as_bytes());
}

#[test]
fn a_right_profile_shows_no_secret() {
    let world = World::new("secrets-right");
    for (mut arguments, input) in commands() {
        arguments.extend(["--profile", "shop.json"]);
        world.pipe(&arguments, &input);
    }
    world
        .run(&["profile", "shop.json"])
        .ends(0)
        .shows("APIv3 key: given");
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let world = World::new("secrets-wrong");
    let pem = key("merchant_rsa", "private_pkcs8_pem");
    let wrong: Vec<(&str, Value)> = vec![
        ("private_key", json!(pem)),
        ("certificate", json!(pem)),
        ("private_key", json!("apiv2.txt")),
        ("certificate", json!("apiclient_key.pem")),
        ("platform_certificates", json!(["apiclient_key.pem"])),
        (
            "platform_public_key",
            json!({ "id": "PUB_KEY_ID_1", "file": "apiclient_key.pem" }),
        ),
        (
            "platform_public_key",
            json!({ "id": "PUB_KEY_ID_1", "file": pem }),
        ),
        ("api_v3_key", json!(API_V3_KEY)),
        ("api_v3_key", json!({ "file": API_V3_KEY })),
        ("api_v3_key", json!({ "env": API_V3_KEY })),
        ("api_v3_key", json!({ "key": API_V3_KEY })),
        ("api_v2_key", json!(API_V2_KEY)),
        ("api_v2_key", json!({ "file": API_V2_KEY })),
        ("api_v2_key", json!({ "env": API_V2_KEY })),
        ("api_v2_key", json!({ "file": "apiclient_key.pem" })),
        ("api_v3_key", json!({ "file": "apiclient_key.pem" })),
        ("p12", json!("apiclient_cert.p12")),
        ("p12", json!(pem)),
        (
            "client_certificate",
            json!({ "certificate": pem, "private_key": pem }),
        ),
        (
            "brand",
            json!({ "id": "1", "certificate": pem, "private_key": pem }),
        ),
    ];
    // One command for each part of a profile that is read.
    let few = ["request", "v2", "verify", "explain", "decrypt", "seal", "doctor"];
    let commands: Vec<_> = few
        .iter()
        .filter_map(|name| {
            commands()
                .into_iter()
                .find(|(arguments, _)| arguments.contains(name))
        })
        .collect();
    assert_eq!(commands.len(), few.len());
    for (entry, value) in wrong {
        let mut profile = world.profile();
        profile[entry] = value;
        world.write("wrong.json", profile.to_string().as_bytes());
        for (arguments, input) in &commands {
            let arguments = [&arguments[..], &["--profile", "wrong.json"]].concat();
            world.pipe(&arguments, input);
        }
        world.run(&["profile", "wrong.json"]).ends(2);
    }
}

#[test]
fn a_secret_on_the_command_line_is_not_repeated() {
    let world = World::new("secrets-arguments");
    for (flag, secret) in [("--api-v3-key", API_V3_KEY), ("--api-v2-key", API_V2_KEY)] {
        for name in ["v2", "decrypt", "doctor"] {
            let (mut arguments, input) = commands()
                .into_iter()
                .find(|(arguments, _)| arguments.contains(&name))
                .unwrap();
            arguments.extend([flag, secret]);
            world.pipe(&arguments, &input);
        }
    }
}
