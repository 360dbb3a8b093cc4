use serde_json::json;

use crate::running::{Running, ends, folder};

#[test]
fn a_scenario_is_played_or_refused_by_its_place() {
    let folder = folder("scenario");
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("scenario.toml");
    let path = file.to_str().unwrap();
    std::fs::write(
        &file,
        "[[rules]]\nname = \"gateway\"\nfault = \"bad-gateway\"\npath = \"/v3/*\"\nfirst = 1\n",
    )
    .unwrap();
    let simulator = Running::start(&folder, &["--memory", "--scenario", path]);
    let (status, rules) = simulator.control("rules", None);
    assert_eq!((status, &rules[0]["name"]), (200, &json!("gateway")));
    // Whether the call is repeated is its own affair: the first answer is spoiled.
    let _ = simulator.call("merchant", &["v3.certificates.list"]);
    assert_eq!(simulator.control("rules", None).1[0]["spoiled"], 1);
    drop(simulator);

    std::fs::write(&file, "[[rules]]\nname = \"gateway\"\nfault = \"bad\"\n").unwrap();
    let refused = ends(&folder, &["--memory", "--scenario", path]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    let wanted = format!("--scenario {path}: rule 1 (\"gateway\"): `fault`: \"bad\" is none of");
    assert!(said.contains(&wanted), "{said}");
}
