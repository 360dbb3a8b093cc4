use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use super::bodies::{native, refund};
use super::client::Table;
use crate::{Change, Fault, OrderRef, Rule, Scenario};

/// The sample of the guide.
const GUIDE: &str = include_str!("../../../../docs/guide/scenario.toml");

#[test]
fn the_guides_scenario_is_one() {
    let scenario = Scenario::read("scenario.toml", GUIDE).unwrap();
    let faults: Vec<Fault> = scenario.rules().iter().map(|rule| rule.fault).collect();
    assert_eq!(
        faults,
        [
            Fault::CutAfter,
            Fault::ServerErrorAfter,
            Fault::TooManyRequests,
            Fault::Slow,
            Fault::BadGateway
        ]
    );
    let guide = include_str!("../../../../docs/guide/simulator.md");
    assert!(guide.contains(GUIDE.trim_end()), "the guide shows the file");
}

#[test]
fn toml_and_json_say_the_same() {
    let toml = "seed = 7\n[[rules]]\nname = \"a\"\nfault = \"slow\"\nmilliseconds = 20\nevery = 3\n\
                [[rules]]\nfault = \"bad-gateway\"\nprobability = 0.25\noperation = \"v3.refund.*\"\non = false\n";
    let json = json!({
        "seed": 7,
        "rules": [
            { "name": "a", "fault": "slow", "milliseconds": 20, "every": 3 },
            { "fault": "bad-gateway", "probability": 0.25, "operation": "v3.refund.*", "on": false },
        ],
    });
    let wanted = Scenario::new([
        Rule::new(Fault::Slow).named("a").milliseconds(20).every(3),
        Rule::new(Fault::BadGateway)
            .probability(0.25)
            .operation("v3.refund.*")
            .off(),
    ]);
    let wanted = wanted.seed(7);
    assert_eq!(Scenario::read("a.toml", toml).unwrap(), wanted);
    assert_eq!(Scenario::read("a.json", &json.to_string()).unwrap(), wanted);
    assert_eq!(Scenario::read("empty", "").unwrap(), Scenario::default());
}

#[test]
fn every_rule_is_told_as_it_is_read() {
    let rule = Rule::new(Fault::Slow)
        .named("all of it")
        .operation("v2.*")
        .method("POST")
        .path("/pay/*")
        .merchant("1900007291")
        .milliseconds(1);
    for rule in [
        rule.clone().first(1),
        rule.clone().every(2),
        rule.clone().probability(0.5),
        rule.off(),
    ] {
        let text = json!({ "rules": [rule.json()] }).to_string();
        assert_eq!(Scenario::read("told", &text).unwrap().rules(), [rule]);
    }
}

#[test]
fn errors_name_file_rule_and_field() {
    let said = |text: &str| Scenario::read("s.toml", text).unwrap_err().to_string();
    let rule = |fields: &str| {
        said(&format!(
            "[[rules]]\nfault = \"slow\"\n[[rules]]\nname = \"two\"\n{fields}\n"
        ))
    };
    for (fields, problem) in [
        ("", "`fault`: it is missing: one of tamper-body, "),
        (
            "fault = 3",
            "`fault`: a text that is not empty is wanted, and not 3",
        ),
        ("fault = \"slo\"", "`fault`: \"slo\" is none of tamper-body, "),
        (
            "fault = \"stale\"\nfirst = 0",
            "`first`: a whole number from 1 to 4294967295 is wanted, and not 0",
        ),
        (
            "fault = \"stale\"\nevery = 1.5",
            "`every`: a whole number from 1 to 4294967295 is wanted, and not 1.5",
        ),
        (
            "fault = \"stale\"\nprobability = 2",
            "`probability`: a number from 0 to 1 is wanted, and not 2",
        ),
        (
            "fault = \"stale\"\nfirst = 1\nevery = 1",
            "`first`: only one of first, every and probability",
        ),
        (
            "fault = \"stale\"\noperation = \"v3.refnd.*\"",
            "`operation`: \"v3.refnd.*\" fits none of the documented operations",
        ),
        (
            "fault = \"stale\"\npath = \"v3\"",
            "`path`: \"v3\": a path begins with /",
        ),
        (
            "fault = \"stale\"\nmilliseconds = 1",
            "`milliseconds`: only `slow` takes time",
        ),
        (
            "fault = \"stale\"\non = 1",
            "`on`: true or false is wanted, and not 1",
        ),
        ("fault = \"stale\"\noften = 1", "`often`: there is no such field"),
    ] {
        let said = rule(fields);
        let wanted = format!("s.toml: rule 2 (\"two\"): {problem}");
        assert!(said.starts_with(&wanted), "{said}\n{wanted}");
    }
    assert!(said("rules = 1").starts_with("s.toml: `rules`: a list of rules is wanted"));
    assert!(said("rules = [1]").starts_with("s.toml: rule 1: `rules`: a rule is a table"));
    assert!(said("seed = -1").starts_with("s.toml: `seed`: a whole number from 0 on"));
    assert!(said("seeds = 1").starts_with("s.toml: `seeds`: there is no such field"));
    assert!(said("seed = ").starts_with("s.toml: "), "{}", said("seed = "));
    assert!(said("{\"seed\": }").starts_with("s.toml: expected value at line 1"));
    let twice = "[[rules]]\nname = \"a\"\nfault = \"slow\"\n";
    let twice = said(&format!("{twice}{twice}"));
    assert!(
        twice.starts_with("s.toml: rule 2 (\"a\"): `name`: another rule"),
        "{twice}"
    );
    let missing = Scenario::open(std::path::Path::new("nowhere.toml")).unwrap_err();
    assert!(missing.to_string().starts_with("nowhere.toml: "), "{missing}");
}

/// Status, body, and what has spoiled both.
type Answered = (u16, Bytes, Option<Fault>);

fn told(response: &Response<Bytes>) -> Answered {
    let fault = response.extensions().get().copied();
    (response.status().as_u16(), response.body().clone(), fault)
}

/// Everything that a run of one merchant's calls writes and answers, under a scenario that spoils a third of them.
fn run(seed: u64) -> (Vec<Change>, Vec<Answered>) {
    let mut table = Table::merchant();
    let faults = Fault::ALL.iter().map(|fault| Rule::new(*fault).probability(0.03));
    table.platform.play(&Scenario::new(faults).seed(seed)).unwrap();
    let (mut journal, mut answers) = (Vec::new(), Vec::new());
    for index in 0..40 {
        let number = format!("A{index:05}");
        let create = table.request(
            http::Method::POST,
            "/v3/pay/transactions/native",
            &native(&number),
        );
        answers.push(told(&table.handle(&create)));
        let _ = table.pay(&OrderRef::order(number.as_str()));
        let body: Value = refund(&format!("R{index}"), &number, 40, 100);
        let refund = table.request(http::Method::POST, "/v3/refund/domestic/refunds", &body);
        answers.push(told(&table.handle(&refund)));
        table.wait(60);
        journal.extend(table.platform.take_changes());
    }
    (journal, answers)
}

#[test]
fn the_same_seed_gives_the_same_run_to_the_byte() {
    let (journal, answers) = run(7);
    assert_eq!(run(7), (journal.clone(), answers.clone()));
    let spoiled = answers.iter().filter(|(_, _, fault)| fault.is_some()).count();
    assert!(spoiled > 10, "{spoiled}");
    assert_ne!(run(8).1, answers);
    assert!(journal.len() > 100);
}

#[test]
fn a_request_that_nobody_signed_meets_rules_too() {
    let mut table = Table::merchant();
    table
        .platform
        .add_rule(Rule::new(Fault::BadGateway).every(2))
        .unwrap();
    let request = Request::get("/v3/certificates").body(Bytes::new()).unwrap();
    assert_eq!(table.handle(&request).status(), 401);
    assert_eq!(table.handle(&request).status(), 502);
}
