//! `wxpay sign`: the published signatures come out, here and in two steps.

use serde_json::Value;

use crate::vectors::{base64, bytes, group, key, vector};
use crate::world::World;

const KEYS: [&str; 6] = [
    "--mchid",
    "1900007291",
    "--private-key",
    "apiclient_key.pem",
    "--certificate",
    "apiclient_cert.pem",
];

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// The pairs of a header, whose order is free.
fn pairs(authorization: &str) -> Vec<&str> {
    let mut pairs: Vec<_> = authorization.split([' ', ',']).collect();
    pairs.sort_unstable();
    pairs
}

#[test]
fn every_published_request_is_signed_the_same() {
    let world = World::new("sign-requests");
    for vector in group("v3_request_sign") {
        let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
        let Some(mchid) = inputs.get("mchid").and_then(Value::as_str) else {
            continue;
        };
        let body = bytes(&inputs["body_base64"]);
        let mut arguments = vec!["sign", "request", text(inputs, "method"), text(inputs, "url")];
        arguments.extend([
            "--timestamp",
            text(inputs, "timestamp"),
            "--nonce",
            text(inputs, "nonce_str"),
        ]);
        if !body.is_empty() {
            arguments.extend(["--body", "-"]);
        }
        let message = {
            let mut arguments = arguments.clone();
            arguments.push("--message-only");
            // No key is asked for.
            world.pipe(&arguments, &body).ends(0)
        };
        assert_eq!(
            message.out,
            bytes(&expected["message_base64"]),
            "{}",
            vector["name"]
        );
        arguments.extend(["--mchid", mchid, "--serial", text(inputs, "serial_no")]);
        let here = [&arguments[..], &["--private-key", "apiclient_key.pem", "--json"]].concat();
        let product = world.pipe(&here, &body).ends(0).json();
        let authorization = text(&product["headers"], "Authorization");
        assert_eq!(
            pairs(authorization),
            pairs(text(expected, "authorization")),
            "{}",
            vector["name"]
        );
        // In two steps the same comes out, without the private key.
        for signature in [
            text(expected, "signature").as_bytes(),
            &bytes(&expected["signature"]),
        ] {
            world.write("signature", signature);
            let there = [&arguments[..], &["--signature", "signature"]].concat();
            let run = world.pipe(&there, &body).ends(0);
            run.shows(&format!("Authorization: {authorization}\n"));
        }
    }
}

#[test]
fn a_brands_request_is_signed_in_its_name() {
    let world = World::new("sign-brand");
    let vector = vector("v3_request_sign", "brand_scheme_get");
    let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
    let profile = serde_json::json!({ "brand": {
        "id": inputs["brand_id"], "certificate_serial": inputs["serial_no"], "private_key": "apiclient_key.pem",
    } });
    world.write("brand.json", profile.to_string().as_bytes());
    let run = world.run(&[
        "sign",
        "request",
        "get",
        text(inputs, "url"),
        "--timestamp",
        text(inputs, "timestamp"),
        "--nonce",
        text(inputs, "nonce_str"),
        "--profile",
        "brand.json",
    ]);
    let out = run.ends(0).text();
    let authorization = out
        .lines()
        .next()
        .unwrap()
        .strip_prefix("Authorization: ")
        .unwrap();
    assert_eq!(pairs(authorization), pairs(text(expected, "authorization")));
}

#[test]
fn published_messages_are_signed_by_the_key_alone() {
    let world = World::new("sign-messages");
    world.write(
        "doc_key.pem",
        key("official_doc_sample_key", "private_pkcs8_pem").as_bytes(),
    );
    let mut count = 0;
    for vector in group("official_doc_v3") {
        if vector["inputs"]["key"] != "official_doc_sample_key" {
            continue;
        }
        count += 1;
        let message = text(&vector["inputs"], "message").as_bytes();
        let run = world.pipe(&["sign", "message", "--private-key", "doc_key.pem"], message);
        assert_eq!(
            run.ends(0).text().trim(),
            text(&vector["expected"], "signature"),
            "{}",
            vector["name"]
        );
    }
    assert!(count > 5);
    let arguments = [
        "sign",
        "message",
        "--p12",
        "apiclient_cert.p12",
        "--mchid",
        "1900007291",
    ];
    let from_p12 = world.pipe(&arguments, b"POST\n").ends(0).text();
    let from_pem = world
        .pipe(&["sign", "message", "--profile", "shop.json"], b"POST\n")
        .ends(0)
        .text();
    assert_eq!(from_p12, from_pem);
    world
        .pipe(&["sign", "message", "--profile", "shop.json"], b"POST")
        .ends(0)
        .says("does not end in a line feed");
}

#[test]
fn a_line_for_curl_keeps_every_byte() {
    let world = World::new("sign-curl");
    world.write("it's.json", b"{}");
    let mut arguments = vec![
        "sign",
        "request",
        "POST",
        "/v3/x?a=[1]",
        "--body",
        "it's.json",
        "--curl",
    ];
    arguments.extend(["--profile", "shop.json"]);
    let run = world
        .run(&arguments)
        .ends(0)
        .says("POST⏎\n/v3/x?a=[1]⏎\n")
        .says("{}⏎");
    let run = run
        .shows(
            "curl --globoff -X POST \\\n  -H 'Authorization: WECHATPAY2-SHA256-RSA2048 mchid=\"1900007291\",",
        )
        .shows("--data-binary '@it'\\''s.json'")
        .shows("'https://api.mch.weixin.qq.com/v3/x?a=[1]'");
    run.shows(&format!(
        "-H 'Wechatpay-Serial: {}'",
        key("platform_rsa_pubkey", "public_key_id")
    ));
}

#[test]
fn published_uploads_are_signed_by_their_meta() {
    let world = World::new("sign-uploads");
    for name in ["image", "image_chinese_filename", "bank_package_csv"] {
        let vector = vector("upload", name);
        let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
        let file = text(inputs, "filename");
        world.write(file, &bytes(&inputs["content_base64"]));
        world.write("meta.json", text(inputs, "meta").as_bytes());
        let mut arguments = vec!["sign", "upload", text(inputs, "path"), "--file", file];
        arguments.extend([
            "--timestamp",
            text(inputs, "timestamp"),
            "--nonce",
            text(inputs, "nonce_str"),
        ]);
        arguments.extend(KEYS);
        let given = [&arguments[..], &["--meta", "meta.json", "--json"]].concat();
        let run = world.run(&given).ends(0).json();
        let signature = format!("signature=\"{}\"", text(expected, "signature"));
        assert!(
            text(&run["headers"], "Authorization").contains(&signature),
            "{name}"
        );
        if name != "bank_package_csv" {
            // Made from the file, `meta` is the same.
            let run = world.run(&[&arguments[..], &["--curl"]].concat()).ends(0);
            run.shows(&signature)
                .shows(&format!("-F 'file=@\"{file}\";filename=\"{file}\";"));
        }
    }
}

#[test]
fn every_published_set_of_fields_of_v2_is_signed_the_same() {
    let world = World::new("sign-v2");
    for vector in group("v2_sign") {
        let (inputs, expected) = (&vector["inputs"], &vector["expected"]);
        world.write("key.txt", text(inputs, "api_v2_key").as_bytes());
        let name = text(vector, "name");
        let fields = inputs["params"].to_string();
        for (sign_type, member) in [("MD5", "sign_md5"), ("hmac-sha256", "sign_hmac_sha256")] {
            let mut arguments = vec!["sign", "v2", "--json", "--sign-type", sign_type];
            arguments.extend(["--api-v2-key", "key.txt"]);
            let product = world.pipe(&arguments, fields.as_bytes()).ends(0).json();
            assert_eq!(product["sign"], expected[member], "{name}");
            let message = text(expected, "string_to_sign").split("&key=").next().unwrap();
            assert_eq!(product["message"], message, "{name}");
            // Its own XML is signed the same, and its signature fits.
            let arguments = ["sign", "v2", "--sign-type", sign_type, "--api-v2-key", "key.txt"];
            let Some(xml) = product["xml"].as_str() else {
                // A name that is none in XML: the signature is all that there is.
                assert!(fields.contains('$') || fields.contains("[]"), "{name}");
                let run = world.pipe(&arguments, fields.as_bytes()).ends(0);
                run.shows(text(&product, "sign"));
                continue;
            };
            let run = world.pipe(&arguments, xml.as_bytes()).ends(0);
            run.says("the `sign` that is there fits").shows(xml);
        }
    }
    let lines = b"appid=wxd930ea5d5a258f4f\nmch_id=10000100\ndevice_info=1000\nbody=test\nnonce_str=ibuaiVcKdpRxkhJA\n";
    world
        .pipe(&["sign", "v2", "--api-v2-key", "apiv2.txt"], lines)
        .ends(0)
        .shows("<sign>9A0A8659F005D6984697E2CA0A9CF3B7</sign>");
    let message = world
        .pipe(&["sign", "v2", "--message-only"], lines)
        .ends(0)
        .text();
    assert!(message.ends_with("nonce_str=ibuaiVcKdpRxkhJA"), "{message}");
    world.write("sign.txt", b"9A0A8659F005D6984697E2CA0A9CF3B7\n");
    world
        .pipe(&["sign", "v2", "--signature", "sign.txt"], lines)
        .ends(0)
        .shows("<sign>9A0A8659F005D6984697E2CA0A9CF3B7</sign>");
}

#[test]
fn what_cannot_be_signed_ends_with_2_and_is_named() {
    let world = World::new("sign-cannot");
    world.write("signature", base64(&[1; 256]).as_bytes());
    let profile = ["--profile", "shop.json"];
    let both = |arguments: &[&'static str]| [arguments, &profile].concat();
    for (arguments, said) in [
        (vec!["sign", "request", "GET", "/v3/x"], "who signs is not known"),
        (
            both(&["sign", "request", "GET", "https://example.com/v3/x"]),
            "not one of WeChat Pay's hosts",
        ),
        (both(&["sign", "request", "GET", "/v3/茶"]), "percent-encode"),
        (
            both(&["sign", "request", "GET", "/v3/x", "--body", "none.json"]),
            "none.json",
        ),
        (
            both(&["sign", "request", "GET", "/v3/x", "--nonce", "a b"]),
            "--nonce: ",
        ),
        (
            both(&["sign", "request", "GET", "/v3/x", "--timestamp", "soon"]),
            "--timestamp",
        ),
        (
            both(&["sign", "request", "GET", "/v3/x", "--signature", "signature"]),
            "give --timestamp and --nonce as well",
        ),
        (
            vec![
                "sign",
                "request",
                "GET",
                "/v3/x",
                "--mchid",
                "1900007291",
                "--serial",
                "AB",
            ],
            "the private key is not at hand",
        ),
        (
            both(&[
                "sign",
                "request",
                "GET",
                "/v3/x",
                "--private-key",
                "other_key.pem",
            ]),
            "does not belong to the certificate",
        ),
        (
            both(&["sign", "request", "GET", "/v3/x", "--private-key", "pub_key.pem"]),
            "`private_key`: ",
        ),
        (both(&["sign", "front-end", "jsapi", "wx1"]), "--appid"),
        (
            both(&["sign", "front-end", "jsapi", "prepay_id=wx1", "--appid", "wx2"]),
            "\"wx1\"",
        ),
        (vec!["sign", "v2", "none.xml"], "none.xml"),
        (both(&["sign", "v2", "apiclient_cert.pem"]), "no `name=value`"),
        (vec!["sign", "message"], "private key is not at hand"),
    ] {
        world.run(&arguments).ends(2).says(said);
    }
    let fields = b"a=1\n";
    world
        .pipe(&["sign", "v2"], fields)
        .ends(2)
        .says("no APIv2 key is at hand");
    world
        .pipe(&both(&["sign", "v2"]), b"sign_type=RSA\n")
        .ends(2)
        .says("MD5 and HMAC-SHA256");
}
