//! Answers with members gone, added, null or of another kind: they are read, and what a field can hold is kept.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use serde_json::{Value, json};
use wxpay_catalogue::model::{Family, Op};
use wxpay_every::answer::{self, as_texts};
use wxpay_every::ask::full;
use wxpay_every::compare;
use wxpay_every::entry::{Ask, Entry};
use wxpay_every::flat;
use wxpay_every::mutate::{self, Change};
use wxpay_tests::cases::cases;

use crate::answers::without_sign;

/// A case of one operation is a case of a thousand operations.
const COST: u32 = 8;

pub(crate) fn look(family: &'static Family, op: &'static Op, entry: &'static Entry) -> Vec<String> {
    let Some((name, mut members)) = answer::object(family, op) else {
        return Vec::new();
    };
    let asked = full(family, op);
    answer::repeat(family, op, &asked, &mut members);
    let question = Value::Object(asked.stored).to_string();
    let is_xml = answer::is_xml(family, op);
    let whole = Value::Object(members);
    let whole = if is_xml { as_texts(&whole) } else { whole };
    // What says whether there is an answer, and whether it is the one to this question.
    let echoed = answer::echoes(family, op).into_iter().map(|(_, to)| to);
    let fixed = ["return_code", "result_code"].into_iter().chain(echoed);
    let fixed: Vec<String> = fixed.map(|name| format!("/{name}")).collect();
    let places: Vec<String> = mutate::pointers(&whole)
        .into_iter()
        .filter(|place| !is_xml || !fixed.contains(place))
        .collect();
    if places.is_empty() {
        return Vec::new();
    }
    let read = |given: &Value| {
        if is_xml {
            through_xml(entry, &question, given)
        } else {
            through_json(entry, given)
        }
    };
    let changes = prop::collection::vec((prop::sample::select(places), kinds(is_xml)), 0..24);
    let config = Config {
        cases: cases(COST),
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&changes, |changes| {
        let mut given = whole.clone();
        for (at, change) in &changes {
            let change = possible(&given, at, change, is_xml);
            mutate::change(&mut given, at, change);
        }
        let got = read(&given).map_err(TestCaseError::fail)?;
        let compared = compare::object(family, name, &given, &got);
        prop_assert!(compared.problems.is_empty(), "{}", compared.problems.join("; "));
        Ok(())
    });
    match outcome {
        Ok(()) => Vec::new(),
        Err(TestError::Fail(reason, changes)) => vec![format!("{reason} after {changes:?}")],
        Err(error) => vec![error.to_string()],
    }
}

/// In XML, lists and their elements are there or not.
fn possible<'a>(given: &Value, at: &str, change: &'a Change, is_xml: bool) -> &'a Change {
    let found = given.pointer(at);
    let is_scalar = !found.is_some_and(|found| found.is_object() || found.is_array());
    match change {
        Change::More(_) => change,
        _ if is_scalar || !is_xml => change,
        _ => &Change::Drop,
    }
}

fn through_json(entry: &Entry, given: &Value) -> Result<Value, String> {
    let again = entry.again.ok_or("its answer has no type")?;
    let got = again(given.to_string().as_bytes())?;
    serde_json::from_slice(&got).map_err(|error| error.to_string())
}

/// v2's answers are regrouped on their way, so they take all of it.
fn through_xml(entry: &Entry, question: &str, given: &Value) -> Result<Value, String> {
    let answer = entry.answer.ok_or("nobody reads its answer")?;
    let sent = answer::v2_response(200, flat::fields(&mutate::members(given)), true);
    let body = sent.body().clone();
    let got = answer(&Ask::new(question), sent)?;
    if got.body != body {
        return Err("the raw body is another".to_owned());
    }
    let mut got: Value = serde_json::from_slice(&got.json).map_err(|error| error.to_string())?;
    without_sign(&mut got);
    Ok(got)
}

fn kinds(is_xml: bool) -> impl Strategy<Value = Change> {
    let text = || "[!-~微信]([ -~微信]{0,10}[!-~微信])?".prop_map(Change::Text);
    let flat = prop_oneof![
        3 => Just(Change::Drop),
        2 => Just(Change::Null),
        3 => text(),
        1 => any::<i64>().prop_map(|number| Change::Text(number.to_string())),
        1 => Just(Change::Text(String::new())),
    ];
    if is_xml {
        return prop_oneof![10 => flat, 1 => Just(Change::More(json!("新")))].boxed();
    }
    prop_oneof![
        5 => flat,
        2 => any::<i64>().prop_map(Change::Number),
        1 => any::<u64>().prop_map(|number| Change::Text(number.to_string())),
        1 => (-1e9..1e9f64).prop_map(Change::Fraction),
        1 => any::<bool>().prop_map(Change::Flag),
        2 => Just(Change::AsText),
        2 => Just(Change::AsNumber),
        2 => Just(Change::Alone),
        1 => Just(Change::Object),
        1 => Just(Change::List),
        2 => Just(Change::More(json!({ "a": [1, null] }))),
    ]
    .boxed()
}
