//! Orders, from their creation to their close.

use std::fs;

use serde_json::{Value, json};

use crate::world::{CLOSE, QUERY, World, close_of, merchant, partner, sets};

#[test]
fn a_combined_order_is_created_queried_and_closed() {
    let world = World::new("combine", partner);
    let created = world.create("CALL0001").ends(0);
    assert!(created.json()["code_url"].is_string(), "{}", created.out);
    let created = created.says("done, status 200, verified by public key PUB_KEY_ID_");
    created.says("Request-ID: ");

    let state = |wanted: &str| {
        let found = world
            .call(QUERY, &["--set", "combine_out_trade_no=CALL0001"])
            .ends(0);
        let answer = found.json();
        assert_eq!(answer["combine_out_trade_no"], "CALL0001");
        assert_eq!(answer["sub_orders"][0]["amount"]["total_amount"], 4990);
        assert_eq!(answer["sub_orders"][0]["trade_state"], wanted);
    };
    state("NOTPAY");
    let closed = world.call(CLOSE, &sets(&close_of("CALL0001"))).ends(0);
    assert_eq!(closed.out, "");
    closed.says("done, status 204, verified by");
    state("CLOSED");
}

#[test]
fn a_global_order_is_closed() {
    let world = World::new("global", merchant);
    let order = json!({
        "mchid": "1900007291",
        "appid": "wx8888888888888888",
        "out_trade_no": "CALL0002",
        "description": "茶",
        "notify_url": "https://shop.example/notify",
        "trade_type": "NATIVE",
        "merchant_category_code": "1011",
        "amount": { "total": 888, "currency": "HKD" },
    });
    let order = world.write("order.json", &order);
    world
        .call("global.transactions.native_prepay", &["--json", &order])
        .ends(0);
    world.simulator.turn_business_clock(301);
    let number = ["--set", "out_trade_no=CALL0002", "--set", "mchid=1900007291"];
    world
        .call("global.transactions.close_by_out_trade_no", &number)
        .ends(0)
        .says("status 204");
    let again = world.call("global.transactions.close_by_out_trade_no", &number);
    again.ends(1).says("code: ORDERCLOSED");
}

#[test]
fn a_combined_order_of_v2_is_closed() {
    let world = World::new("v2", partner);
    let order = json!({
        "combine_appid": "wxd678efh567hg6787",
        "combine_mch_id": "1900000109",
        "combine_out_trade_no": "CALL0003",
        "spbill_create_ip": "14.17.22.32",
        "notify_url": "https://shop.example/notify",
        "trade_type": "NATIVE",
        "scene_info": { "payer_client_ip": "14.17.22.32" },
        "sub_order_list": {
            "order_num": 1,
            "order_list": [{
                "appid": "wxd678efh567hg6787",
                "mch_id": "1900000109",
                "sub_mch_id": "1900000110",
                "body": "茶",
                "attach": "深圳分店",
                "out_trade_no": "CALL0003-1",
                "fee_type": "CNY",
                "total_fee": 88,
            }],
        },
    });
    let order = world.write("order.json", &order);
    let created = world
        .call("v2.combine.combined_order", &["--json", &order])
        .ends(0);
    assert!(created.json()["code_url"].is_string(), "{}", created.out);
    created.says("verified by the APIv2 key, HMAC-SHA256");
    world.simulator.turn_business_clock(61);
    let values = [
        "combine_appid=wxd678efh567hg6787",
        "combine_mch_id=1900000109",
        "combine_out_trade_no=CALL0003",
        "sub_order_list.0.mchid=1900000109",
        "sub_order_list.0.out_trade_no=CALL0003-1",
    ]
    .map(str::to_owned);
    let closed = world
        .call("v2.combine.close_combined_order", &sets(&values))
        .ends(0);
    assert_eq!(closed.json()["result_code"], "SUCCESS");
    closed.says("closed 2021-09-01");
}

#[test]
fn an_answer_can_go_into_a_file() {
    let world = World::new("output", partner);
    world.create("CALL0007").ends(0);
    let path = world.folder.join("answer.json");
    let arguments = [
        "--set",
        "combine_out_trade_no=CALL0007",
        "--output",
        path.to_str().unwrap(),
    ];
    let run = world.call(QUERY, &arguments).ends(0);
    assert_eq!(run.out, "");
    let answer: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    assert_eq!(answer["combine_out_trade_no"], "CALL0007");
}

#[test]
fn a_simulator_can_be_started_for_a_call() {
    let world = World::new("simulator", partner);
    for role in ["merchant", "partner", "institution"] {
        let arguments = [
            "call",
            QUERY,
            "--simulator",
            "--as",
            role,
            "--set",
            "combine_out_trade_no=X",
        ];
        world.run(&arguments).ends(1).says("code: ");
    }
    assert!(world.simulator.log().is_empty(), "the wrong simulator was asked");
}
