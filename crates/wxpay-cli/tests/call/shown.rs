//! What is shown of a request, and what never is.

use serde_json::Value;

use crate::world::{CLOSE, World, close_of, partner, sets};

#[test]
fn a_dry_run_shows_the_message_and_sends_nothing() {
    let world = World::new("dry-run", partner);
    let mut arguments = vec!["--dry-run"];
    let values = close_of("A 单");
    arguments.extend(sets(&values));
    let run = world.call(CLOSE, &arguments).ends(0);
    let target = "/v3/combine-transactions/out-trade-no/A%20%E5%8D%95/close";
    assert!(run.out.contains(&format!("POST⏎\n{target}⏎\n")), "{}", run.out);
    assert!(
        run.out
            .contains(&format!("POST {}{target}\n", world.simulator.base_url()))
    );
    let signature = run.out.split("signature=\"").nth(1).unwrap();
    assert!(signature.split('"').next().unwrap().contains('…'), "{}", run.out);

    let arguments = ["--dry-run", "--set", "combine_mch_id=1900000109"];
    let run = world.call("v2.combine.query_combined_order", &arguments).ends(0);
    assert!(
        run.out.contains("combine_mch_id=1900000109&nonce_str="),
        "{}",
        run.out
    );
    assert!(run.out.contains("&sign_type=HMAC-SHA256"), "{}", run.out);
    assert!(world.simulator.log().is_empty(), "something was sent");
}

#[test]
fn encrypted_fields_are_encrypted_on_the_way() {
    let world = World::new("sealed", partner);
    let plaintext = "张三丰的身份证";
    let path = encrypted_path(&world);
    let value = format!("{path}={plaintext}");
    let run = world.call(
        "v3.combine-transactions.app_prepay",
        &[
            "--verbose",
            "--anyway",
            "--set",
            "combine_out_trade_no=CALL0006",
            "--set",
            &value,
        ],
    );
    let sent = world.simulator.log();
    let body = String::from_utf8(sent[0].request.body().to_vec()).unwrap();
    for text in [&body, &run.out, &run.said] {
        assert!(!text.contains(plaintext), "{text}");
    }
    let run = run.says("(encrypted when it is sent)");
    let sent: Value = serde_json::from_str(&body).unwrap();
    let pointer = format!("/{}", path.replace('.', "/"));
    let ciphertext = sent.pointer(&pointer).unwrap().as_str().unwrap();
    assert!(ciphertext.len() > 300, "{body}");
    assert!(!run.said.contains(ciphertext));
}

/// The first encrypted field of a combined order, by its dotted path.
fn encrypted_path(world: &World) -> String {
    fn find(fields: &Value, at: &str) -> Option<String> {
        fields.as_array()?.iter().find_map(|field| {
            let here = format!("{at}{}", field["name"].as_str()?);
            if field["sensitive"] == true {
                return Some(here);
            }
            find(&field["fields"], &format!("{here}."))
        })
    }
    let page = world
        .run(&["operation", "v3.combine-transactions.app_prepay", "--json"])
        .ends(0);
    find(&page.json()["request"], "").unwrap()
}
