//! `wxpay sign front-end`: the published parameters come out, here and in two steps.

use serde_json::Value;

use crate::vectors::{bytes, vector};
use crate::world::World;

#[test]
fn published_parameters_of_front_ends_come_out() {
    let world = World::new("sign-front-end");
    let stamp = [
        "--timestamp",
        "1700000000",
        "--nonce",
        "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
    ];
    for (kind, group, name) in [
        ("jsapi", "pay_sign_v3", "jsapi"),
        ("mini-program", "pay_sign_v3", "mini_program"),
        ("v2-jsapi", "v2_front_sign", "jsapi_md5"),
        ("v2-jsapi", "v2_front_sign", "jsapi_hmac"),
        ("v2-app", "v2_front_sign", "app_hmac"),
    ] {
        let vector = vector(group, name);
        let inputs = match vector["inputs"].get("signed_params") {
            Some(parameters) => parameters,
            None => &vector["inputs"],
        };
        let appid = inputs
            .get("appid")
            .or_else(|| inputs.get("appId"))
            .and_then(Value::as_str)
            .unwrap();
        let prepay_id = "wx201410272009395522657a690389285100";
        let mut arguments = vec!["sign", "front-end", kind, prepay_id, "--appid", appid];
        if let Some(sign_type) = vector["inputs"]["sign_type"].as_str() {
            arguments.extend(["--sign-type", sign_type]);
        }
        arguments.extend(stamp);
        arguments.extend(["--profile", "shop.json"]);
        let parameters = world.run(&arguments).ends(0).json();
        assert_eq!(parameters, vector["expected"]["params"], "{kind} {name}");
        arguments.push("--message-only");
        let message = world.run(&arguments).ends(0).out;
        if let Some(wanted) = vector["expected"].get("message_base64") {
            assert_eq!(message, bytes(wanted), "{name}");
            let signature = vector["expected"]["signature"].as_str().unwrap();
            world.write("signature", signature.as_bytes());
            arguments.pop();
            arguments.extend(["--signature", "signature", "--private-key", "none.pem"]);
            assert_eq!(world.run(&arguments).ends(0).json(), parameters);
        }
    }
    let app = [
        "sign",
        "front-end",
        "app",
        "wx1",
        "--appid",
        "wx2",
        "--profile",
        "shop.json",
    ];
    let parameters = world.run(&[&app[..], &stamp].concat()).ends(0).json();
    world.write(
        "message",
        b"wx2\n1700000000\n5K8264ILTKCH16CQ2502SI8ZNMTM67VS\nwx1\n",
    );
    let run = world.run(&["sign", "message", "message", "--profile", "shop.json"]);
    assert_eq!(parameters["sign"], run.ends(0).text().trim());
}
